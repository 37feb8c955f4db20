#pragma once
// How much may come in a second: a bucket that fills with time. Knows no clock; time is an argument that never goes
// back.

#include <algorithm>
#include <cstdint>

namespace network {

struct Rate {
    std::uint32_t per_second = 0;
    std::uint32_t burst = 0;
};

class Bucket {
public:
    explicit Bucket(Rate rate) : rate_(rate), level_(full()) {}

    /// Takes `amount` if the bucket holds it. More than the burst at once costs the whole bucket.
    bool take(std::uint64_t amount, std::uint64_t now_ms) {
        fill(now_ms);
        const std::uint64_t cost = std::min(amount * unit, full());
        if (cost > level_ || rate_.burst == 0) return false;
        level_ -= cost;
        return true;
    }

    /// How long until `amount` can be taken; 0: now. A bucket that never fills says an hour.
    std::uint64_t wait_ms(std::uint64_t amount, std::uint64_t now_ms) {
        fill(now_ms);
        const std::uint64_t cost = std::min(amount * unit, full());
        if (rate_.burst == 0 || (rate_.per_second == 0 && cost > level_)) return 3'600'000;
        return cost <= level_ ? 0 : (cost - level_ + rate_.per_second - 1) / rate_.per_second;
    }

private:
    // Thousandths, so that a millisecond's share is a whole number.
    static constexpr std::uint64_t unit = 1'000;
    std::uint64_t full() const { return rate_.burst * unit; }

    void fill(std::uint64_t now_ms) {
        if (now_ms <= filled_ms_) return;
        // A day's share fills any bucket, and a longer pause does not overflow.
        const std::uint64_t passed = std::min<std::uint64_t>(now_ms - filled_ms_, 86'400'000);
        level_ = std::min(full(), level_ + passed * rate_.per_second);
        filled_ms_ = now_ms;
    }

    Rate rate_;
    std::uint64_t level_;
    std::uint64_t filled_ms_ = 0;
};

}  // namespace network
