#pragma once
// What the ledger tells its subscribers.

#include "chain/block/block.hpp"
#include "chain/ledger/status.hpp"
#include "chain/state/view.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace ledger {

using chain::Hash;
using chain::Header;

struct BlockRef {
    Hash hash;
    std::uint32_t number = 0;
    bool operator==(const BlockRef&) const = default;
};

/// A block was accepted on top of a known one, or finality made one the best that was told of before.
struct NewBlock {
    BlockRef block;
    Header header;
    bool is_best = false;
    bool was_told = false;
    /// What it changed, for storage subscriptions.
    std::shared_ptr<const state::StateDiff> changes;
};

/// Blocks became final, oldest first; `pruned` lost to them.
struct FinalizedBlocks {
    std::vector<BlockRef> finalized;
    std::vector<Hash> pruned;
    /// How many extrinsics each of `finalized` holds, inherents included.
    std::vector<std::uint32_t> extrinsics;
};

/// Unsubscribes when it dies. Afterwards the callback does not run, and is not running unless it destroys itself.
class Subscription {
public:
    Subscription() = default;
    explicit Subscription(std::function<void()> unsubscribe) : unsubscribe_(std::move(unsubscribe)) {}
    Subscription(Subscription&& other) noexcept : unsubscribe_(std::exchange(other.unsubscribe_, nullptr)) {}
    Subscription& operator=(Subscription&& other) noexcept {
        if (this != &other) {
            reset();
            unsubscribe_ = std::exchange(other.unsubscribe_, nullptr);
        }
        return *this;
    }
    ~Subscription() { reset(); }
    void reset() {
        if (auto stop = std::exchange(unsubscribe_, nullptr)) stop();
    }

private:
    std::function<void()> unsubscribe_;
};

}  // namespace ledger
