#pragma once
// What a block's room is measured in.

#include <compare>
#include <cstdint>

namespace chain {

/// Picoseconds of reference CPU time and bytes that a proof of the touched state would need.
struct Weight {
    std::uint64_t ref_time = 0;
    std::uint64_t proof_size = 0;
    bool operator==(const Weight&) const = default;
};

/// Both parts within the limit.
constexpr bool fits(const Weight& weight, const Weight& limit) {
    return weight.ref_time <= limit.ref_time && weight.proof_size <= limit.proof_size;
}

/// The sum; a part that would overflow stays at the largest value, which no limit admits.
constexpr Weight operator+(const Weight& a, const Weight& b) {
    const auto add = [](std::uint64_t x, std::uint64_t y) { return x + y < x ? ~std::uint64_t{0} : x + y; };
    return {add(a.ref_time, b.ref_time), add(a.proof_size, b.proof_size)};
}

}  // namespace chain
