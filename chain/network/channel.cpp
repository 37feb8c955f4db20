#include "chain/network/channel.hpp"

#include "chain/base/check.hpp"

namespace network {

namespace {

// A vote is 170 bytes, a certificate of 200 validators 13 kB; four views a second need some 20 messages of each
// validator, a chain without a least block interval several hundred. A proposal is a block of at most 5 MB with the
// certificates of 64 skipped views; an answer of sync is 4 MB of blocks, or one block. A peer that is no validator asks
// for status, certificates and blocks only; a full node under a load generator sends some 350 messages of transactions.
constexpr std::array<ChannelRules, channel_count> all{{
    {"control", 8 << 10, 256 << 10, Overflow::DropNewest, Excess::Wait, {16, 64}, {16, 64}},
    {"consensus", 64 << 10, 4 << 20, Overflow::DropOldest, Excess::Wait, {2'048, 4'096}, {32, 128}},
    {"proposal", 8 << 20, 32 << 20, Overflow::DropOldest, Excess::Wait, {256, 1'024}, {8, 32}},
    {"sync-request", 1 << 10, 64 << 10, Overflow::Refuse, Excess::Wait, {64, 128}, {20, 64}},
    {"sync-response", 6 << 20, 10 << 20, Overflow::Refuse, Excess::Wait, {128, 256}, {128, 256}},
    {"transactions", 128 << 10, 4 << 20, Overflow::DropNewest, Excess::Drop, {4'000, 8'000}, {500, 1'000}},
    {"discovery", 8 << 10, 64 << 10, Overflow::DropNewest, Excess::Drop, {4, 64}, {2, 32}},
}};

}  // namespace

const ChannelRules& rules(Channel channel) {
    const auto index = static_cast<std::size_t>(channel);
    chain::check(index < all.size());
    return all[index];
}

std::string_view name(Channel channel) { return rules(channel).name; }

}  // namespace network
