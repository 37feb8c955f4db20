#pragma once
// How many calls each address may make. Knows no clock; time is an argument.

#include "chain/base/bucket.hpp"

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
    void make_room(std::uint64_t now_ms);

    chain::Rate rate_;
    // Guards the buckets: connections of one address live on several strands. Held for one look-up only.
    mutable std::mutex mutex_;
    std::map<std::string, chain::Bucket, std::less<>> buckets_;
};

}  // namespace rpc
