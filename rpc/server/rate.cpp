#include "rpc/server/rate.hpp"

#include <algorithm>

namespace rpc {

// Levels are thousandths of a call: `calls_per_second` calls a second are as many thousandths a millisecond.
RateLimiter::RateLimiter(std::uint32_t calls_per_second, std::uint32_t burst)
    : per_ms_(std::max<std::uint64_t>(calls_per_second, 1)), full_(std::max<std::uint64_t>(burst, 1) * 1'000) {}

std::uint64_t RateLimiter::level_at(const Bucket& bucket, std::uint64_t now_ms) const {
    const std::uint64_t passed_ms = now_ms - std::min(now_ms, bucket.filled_ms);
    // Enough time to fill it from empty: do not multiply further.
    if (passed_ms > full_ / per_ms_) return full_;
    return std::min(full_, bucket.level + passed_ms * per_ms_);
}

std::optional<std::uint32_t> RateLimiter::admit(std::string_view address, std::size_t calls, std::uint64_t now_ms) {
    const std::uint64_t price = std::min<std::uint64_t>(calls * 1'000, full_);
    const std::scoped_lock lock{mutex_};
    auto at = buckets_.find(address);
    if (at == buckets_.end()) {
        if (buckets_.size() >= addresses_max) make_room(now_ms);
        at = buckets_.emplace(std::string{address}, Bucket{full_, now_ms}).first;
    }
    Bucket& bucket = at->second;
    bucket.level = level_at(bucket, now_ms);
    bucket.filled_ms = std::max(bucket.filled_ms, now_ms);
    if (bucket.level < price) return static_cast<std::uint32_t>((price - bucket.level + per_ms_ - 1) / per_ms_);
    bucket.level -= price;
    return std::nullopt;
}

void RateLimiter::make_room(std::uint64_t now_ms) {
    std::erase_if(buckets_, [&](const auto& item) { return level_at(item.second, now_ms) == full_; });
    if (buckets_.size() >= addresses_max) buckets_.clear();
}

std::size_t RateLimiter::addresses() const {
    const std::scoped_lock lock{mutex_};
    return buckets_.size();
}

}  // namespace rpc
