#pragma once
// Blocks that are not folded into the store yet: each an immutable difference to its parent. Forks share what they
// have in common. A view collects the layers below one block and stays as it is while others come and go.

#include "chain/state/trie_update.hpp"
#include "chain/state/view.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace state {

/// What one block changed. Nobody changes a layer once others can see it.
struct BlockLayer {
    Hash block;
    std::uint32_t number = 0;
    Hash state_root;
    StateDiff diff;
    NodeDiff nodes;
    /// The layer of the parent block. Weak, because whoever keeps the layers lets go of the ones that the store has
    /// taken over; a chain of owners would keep every block for ever.
    std::weak_ptr<const BlockLayer> parent;
};

/// The state after the block of `top`: its layers, then the base below them.
class LayeredView : public StateView, public NodeView {
public:
    /// The bases describe the state below the lowest living layer (or a later one of the same branch: a layer that is
    /// already in the base changes nothing). `top` may be null: the base alone.
    LayeredView(std::shared_ptr<const BlockLayer> top, std::shared_ptr<const StateView> state,
                std::shared_ptr<const NodeView> nodes);

    std::optional<Bytes> get(ByteView key) const override;
    bool contains(ByteView key) const override;
    std::optional<Bytes> next_key(ByteView after) const override;
    std::optional<Bytes> node(ByteView path) const override;

    std::size_t layer_count() const { return layers_.size(); }

private:
    std::vector<std::shared_ptr<const BlockLayer>> layers_;  // newest first
    std::shared_ptr<const StateView> state_;
    std::shared_ptr<const NodeView> nodes_;
};

}  // namespace state
