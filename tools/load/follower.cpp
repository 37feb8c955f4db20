#include "tools/load/follower.hpp"

#include "chain/block/block.hpp"
#include "rpc/schema/chain.hpp"

namespace load {
namespace {

namespace json = boost::json;

chain::Result<std::uint64_t> number_of(const json::value& header) {
    const auto read = rpc::from_json<rpc::HeaderView>(header);
    if (!read) return chain::fault("the node's header is none: " + read.error());
    return static_cast<std::uint64_t>(read->number.value);
}

}  // namespace

Follower::Follower(rpc::Client& client, Flight& flight) : client_(client), flight_(flight) {}

Follower::~Follower() {
    if (!subscription_.empty()) (void)client_.unsubscribe("chain_unsubscribeFinalizedHeads", subscription_);
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

chain::Result<void> Follower::start() {
    const auto head = client_.call("chain_getFinalizedHead", {});
    if (!head) return chain::fault(head.error().message);
    const auto header = client_.call("chain_getHeader", {*head});
    if (!header) return chain::fault(header.error().message);
    TRY(newest_, number_of(*header));
    thread_ = std::thread{[this, first = newest_ + 1] {
        std::uint64_t next = first;
        for (;;) {
            std::uint64_t newest = 0;
            {
                std::unique_lock lock{mutex_};
                changed_.wait(lock, [&] { return is_stopping_ || newest_ >= next; });
                if (is_stopping_) return;
                newest = newest_;
            }
            for (; next <= newest; ++next)
                if (!read_block(next)) return;
        }
    }};
    auto subscribed = client_.subscribe("chain_subscribeFinalizedHeads", {}, [this](const json::value& item) {
        const auto number = number_of(item);
        if (!number) return;
        {
            const std::lock_guard lock{mutex_};
            newest_ = std::max(newest_, *number);
        }
        changed_.notify_all();
    });
    if (!subscribed) return chain::fault(subscribed.error().message);
    subscription_ = *std::move(subscribed);
    return {};
}

bool Follower::read_block(std::uint64_t number) {
    const auto hash = client_.call("chain_getBlockHash", {number});
    if (!hash) return false;
    const auto block = client_.call("chain_getBlock", {*hash});
    if (!block || !block->is_object()) return false;
    const json::value& extrinsics = block->at("block").at("extrinsics");
    std::vector<std::uint64_t> ids;
    for (const json::value& extrinsic : extrinsics.as_array()) {
        const auto bytes = chain::from_hex(extrinsic.as_string());
        const auto bare = bytes ? chain::without_length_prefix(*bytes) : std::unexpected{chain::ExtrinsicError{}};
        if (bare) ids.push_back(short_id(chain::extrinsic_hash(*bare)));
    }
    flight_.finalized(ids);
    const std::lock_guard lock{mutex_};
    last_block_ = Clock::now();
    return true;
}

Clock::time_point Follower::last_block() const {
    const std::lock_guard lock{mutex_};
    return last_block_;
}

}  // namespace load
