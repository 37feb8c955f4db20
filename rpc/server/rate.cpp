#include "rpc/server/rate.hpp"

#include <algorithm>
#include <limits>

namespace rpc {

RateLimiter::RateLimiter(std::uint32_t calls_per_second, std::uint32_t burst)
    : rate_{std::max(calls_per_second, 1U), std::max(burst, 1U)} {}

std::optional<std::uint32_t> RateLimiter::admit(std::string_view address, std::size_t calls, std::uint64_t now_ms) {
    const auto amount =
        static_cast<std::uint32_t>(std::min<std::size_t>(calls, std::numeric_limits<std::uint32_t>::max()));
    const std::scoped_lock lock{mutex_};
    auto at = buckets_.find(address);
    if (at == buckets_.end()) {
        if (buckets_.size() >= addresses_max) make_room(now_ms);
        at = buckets_.emplace(std::string{address}, chain::Bucket{rate_}).first;
    }
    if (at->second.take(amount, now_ms)) return std::nullopt;
    return static_cast<std::uint32_t>(at->second.wait_ms(amount, now_ms));
}

void RateLimiter::make_room(std::uint64_t now_ms) {
    std::erase_if(buckets_, [&](const auto& item) { return item.second.is_full(now_ms); });
    if (buckets_.size() >= addresses_max) buckets_.clear();
}

std::size_t RateLimiter::addresses() const {
    const std::scoped_lock lock{mutex_};
    return buckets_.size();
}

}  // namespace rpc
