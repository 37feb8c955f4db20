#pragma once
// A broken invariant is a bug of ours: say where, and stop before it spreads. Always on.

#include <source_location>

namespace chain {

[[noreturn]] void fail_check(std::source_location where);

/// Stops the program when `holds` is false.
constexpr void check(bool holds, std::source_location where = std::source_location::current()) {
    if (!holds) [[unlikely]]
        fail_check(where);
}

}  // namespace chain
