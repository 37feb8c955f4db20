#pragma once
// A log line whose fields programs read: in text "finalized number=5 hash=0x…", in JSON each field is a member of its
// own. One such line per final block is all that a healthy node writes.

#include "chain/base/log.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <variant>

namespace chain::log {

struct Field {
    std::string_view name;
    /// A double is written with one digit after the point.
    std::variant<std::uint64_t, double, bool, std::string> value;
};

void event(Level level, const Channel& channel, std::string_view what, std::span<const Field> fields);

}  // namespace chain::log
