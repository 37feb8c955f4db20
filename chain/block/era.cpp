#include "chain/block/era.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace chain {

namespace {

constexpr std::uint64_t period_min = 4;
constexpr std::uint64_t period_max = 1 << 16;

/// Phases of long periods are stored in steps, so that they fit in twelve bits.
constexpr std::uint32_t phase_step(std::uint32_t period) { return std::max(period >> 12, 1U); }

}  // namespace

Era Era::mortal(std::uint64_t period, std::uint64_t current_number) {
    const auto rounded = static_cast<std::uint32_t>(std::bit_ceil(std::clamp(period, period_min, period_max)));
    const auto phase = static_cast<std::uint32_t>(current_number % rounded);
    const std::uint32_t step = phase_step(rounded);
    return {rounded, phase / step * step};
}

std::uint64_t Era::birth(std::uint64_t current) const {
    if (is_immortal()) return 0;
    return (std::max<std::uint64_t>(current, phase_) - phase_) / period_ * period_ + phase_;
}

std::uint64_t Era::death(std::uint64_t current) const {
    return is_immortal() ? std::numeric_limits<std::uint64_t>::max() : birth(current) + period_;
}

void Era::encode_to(Bytes& out) const {
    if (is_immortal()) return out.push_back(0);
    const auto log2_less_one = static_cast<std::uint32_t>(std::countr_zero(period_)) - 1;
    const std::uint32_t bits = std::clamp(log2_less_one, 1U, 15U) | phase_ / phase_step(period_) << 4;
    scale::encode(static_cast<std::uint16_t>(bits), out);
}

void Era::decode_from(scale::Reader& in) {
    *this = {};
    const auto first = static_cast<std::uint32_t>(in.little_endian(1));
    if (first == 0 || in.error()) return;
    const auto bits = first | static_cast<std::uint32_t>(in.little_endian(1)) << 8;
    const std::uint32_t period = 2U << bits % 16;
    const std::uint32_t phase = (bits >> 4) * phase_step(period);
    if (period < period_min || phase >= period) {
        in.fail(scale::Error::BadVariant);
        return;
    }
    if (!in.error()) *this = Era{period, phase};
}

}  // namespace chain
