#pragma once
// How much may come in a second: a bucket that fills with time. Knows no clock; time is an argument, in milliseconds of
// a clock that the caller chooses.

#include <algorithm>
#include <cstdint>

namespace chain {

struct Rate {
    std::uint32_t per_second = 0;
    std::uint32_t burst = 0;
};

/// Full when it is made. More than the burst at once costs the whole bucket. Time that goes back fills nothing.
class Bucket {
public:
    explicit Bucket(Rate rate) : rate_(rate), level_(full()) {}

    /// Takes `amount` if the bucket holds it.
    bool take(std::uint32_t amount, std::uint64_t now_ms) {
        fill(now_ms);
        const std::int64_t cost = price(amount);
        if (cost > level_ || full() == 0) return false;
        level_ -= cost;
        return true;
    }

    /// Takes `amount` though the bucket may lack it. In how many milliseconds the debt is paid; 0: there is none.
    std::uint64_t owe(std::uint32_t amount, std::uint64_t now_ms) {
        fill(now_ms);
        level_ -= amount * unit;
        return time_for(-level_);
    }

    /// In how many milliseconds `amount` can be taken; 0: now.
    std::uint64_t wait_ms(std::uint32_t amount, std::uint64_t now_ms) const {
        return time_for(price(amount) - level_at(now_ms));
    }

    bool is_full(std::uint64_t now_ms) const { return level_at(now_ms) == full(); }

private:
    // Thousandths, so that a millisecond's share is a whole number.
    static constexpr std::int64_t unit = 1'000;
    std::int64_t full() const { return rate_.burst * unit; }
    std::int64_t price(std::uint32_t amount) const { return std::min(amount * unit, full()); }

    std::uint64_t time_for(std::int64_t missing) const {
        if (missing <= 0) return 0;
        const std::int64_t speed = std::max<std::int64_t>(rate_.per_second, 1);
        return static_cast<std::uint64_t>((missing + speed - 1) / speed);
    }

    std::int64_t level_at(std::uint64_t now_ms) const {
        if (now_ms <= filled_ms_) return level_;
        // A day's share fills any bucket, and a longer pause does not overflow.
        const auto passed = static_cast<std::int64_t>(std::min<std::uint64_t>(now_ms - filled_ms_, 86'400'000));
        return std::min(full(), level_ + passed * rate_.per_second);
    }
    void fill(std::uint64_t now_ms) {
        level_ = level_at(now_ms);
        filled_ms_ = std::max(filled_ms_, now_ms);
    }

    Rate rate_;
    std::int64_t level_;
    std::uint64_t filled_ms_ = 0;
};

}  // namespace chain
