#pragma once
// A fuzz target takes any bytes and stops the program (check) when a property does not hold. Register one in
// tests/fuzz/NAME.cpp:
//
//     void scale_block(fuzz::Input input) { … }
//     const fuzz::Target target{"scale_block", scale_block};

#include "chain/base/bytes.hpp"

#include <span>
#include <string_view>

namespace fuzz {

using Body = void (*)(class Input);

/// Foreign bytes, taken off the front in pieces. Past the end come zeros, so that every input means something.
class Input {
public:
    explicit Input(chain::ByteView bytes) : rest_(bytes) {}

    bool empty() const { return rest_.empty(); }
    chain::ByteView rest() const { return rest_; }

    std::uint8_t byte() {
        if (rest_.empty()) return 0;
        const std::uint8_t first = rest_.front();
        rest_ = rest_.subspan(1);
        return first;
    }

    /// A number below `end`, which is at most 256.
    std::size_t below(std::size_t end) { return byte() % end; }

    /// As many as are left, at most `size`.
    chain::ByteView bytes(std::size_t size) {
        const chain::ByteView front = rest_.first(std::min(size, rest_.size()));
        rest_ = rest_.subspan(front.size());
        return front;
    }

private:
    chain::ByteView rest_;
};

class Target {
public:
    Target(std::string_view name, Body body);
};

/// Null where no target has this name.
Body find(std::string_view name);
std::span<const std::string_view> names();

}  // namespace fuzz
