#pragma once
// How long a signed transaction may wait: for ever, or in a window of blocks that starts at a known one.

#include "chain/codec/scale.hpp"

#include <compare>
#include <cstdint>

namespace chain {

/// SCALE: one byte 0 for immortal; else u16, little-endian: max(1, log2(period) − 1) in the low four bits, the phase
/// divided by max(1, period ÷ 4096) above them.
class Era {
public:
    static constexpr std::string_view metadata_path = "sp_runtime::generic::era::Era";

    /// Immortal.
    constexpr Era() = default;

    static constexpr Era immortal() { return {}; }
    /// Valid for `period` blocks, rounded up to a power of two in [4, 65536], in a window around `current_number`.
    static Era mortal(std::uint64_t period, std::uint64_t current_number);

    bool is_immortal() const { return period_ == 0; }
    /// Blocks in the window; 0 for an immortal one.
    std::uint64_t period() const { return period_; }
    /// The window starts at numbers congruent to this modulo the period.
    std::uint64_t phase() const { return phase_; }

    /// The first number of the window in which `current` lies: its hash is what the sender signed. 0 for an immortal
    /// one.
    std::uint64_t birth(std::uint64_t current) const;
    /// The first number after that window. The largest number for an immortal one.
    std::uint64_t death(std::uint64_t current) const;

    void encode_to(Bytes& out) const;
    /// Refuses a phase outside of the period (scale::Error::BadVariant).
    void decode_from(scale::Reader& in);
    auto operator<=>(const Era&) const = default;

private:
    constexpr Era(std::uint32_t period, std::uint32_t phase) : period_(period), phase_(phase) {}
    std::uint32_t period_ = 0;
    std::uint32_t phase_ = 0;
};

}  // namespace chain
