#pragma once
// How many calls each address may make: a bucket that fills with time. Knows no clock; time is an argument.

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace rpc {

class RateLimiter {
public:
    /// Buckets remembered at once; beyond, the ones that are full again are forgotten, then all.
    static constexpr std::size_t addresses_max = 10'000;

    RateLimiter(std::uint32_t calls_per_second, std::uint32_t burst);

    /// Takes `calls` from the address's bucket, or says in how many milliseconds there will be enough. More than the
    /// burst at once costs the whole bucket. `now_ms` never goes back.
    std::optional<std::uint32_t> admit(std::string_view address, std::size_t calls, std::uint64_t now_ms);

    std::size_t addresses() const;

private:
    struct Bucket {
        /// Thousandths of a call, so that a millisecond's share is whole.
        std::uint64_t level = 0;
        std::uint64_t filled_ms = 0;
    };
    void make_room(std::uint64_t now_ms);
    std::uint64_t level_at(const Bucket& bucket, std::uint64_t now_ms) const;

    std::uint64_t per_ms_;
    std::uint64_t full_;
    // Guards the buckets: connections of one address live on several strands. Held for one look-up only.
    mutable std::mutex mutex_;
    std::map<std::string, Bucket, std::less<>> buckets_;
};

}  // namespace rpc
