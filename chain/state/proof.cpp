#include "chain/state/proof.hpp"

#include "chain/base/check.hpp"
#include "chain/state/branch_record.hpp"
#include "chain/trie/node.hpp"

#include <algorithm>
#include <set>

namespace state {

namespace {

/// Collects what one key after another needs.
class Prover {
public:
    Prover(const NodeView& nodes, const StateView& state) : nodes_(nodes), state_(state) {}

    void prove(ByteView key) {
        const Bytes path = trie::to_nibbles(key);
        auto record = nodes_.node({});
        if (!record) return prove_leaf(path, {});
        for (Bytes slot; record;) {
            const Bytes bytes = *std::move(record);
            const BranchRecord branch{bytes};
            add_node(branch.encoded_node(), slot.empty());
            const auto next = follow(branch, path, slot);
            if (!next) return;
            if (!branch.is_branch(*next)) return prove_leaf(path, slot);
            record = nodes_.node(slot);
            chain::check(record.has_value());
        }
    }

    std::vector<Bytes> take() { return {elements_.begin(), elements_.end()}; }

private:
    /// The nibble of the child on the way, with `slot` moved to it; nothing where the way ends in this branch.
    std::optional<std::uint8_t> follow(const BranchRecord& branch, ByteView path, Bytes& slot) {
        chain::append(slot, branch.node().partial);
        if (trie::common_prefix(path, slot) != slot.size()) return std::nullopt;
        if (path.size() == slot.size()) {
            if (branch.node().value && branch.node().value->hashed) add_value(path);
            return std::nullopt;
        }
        const std::uint8_t nibble = path[slot.size()];
        if (branch.node().children[nibble].empty()) return std::nullopt;
        slot.push_back(nibble);
        return nibble;
    }

    void prove_leaf(ByteView path, ByteView slot) {
        const auto leaf = first_leaf_below(state_, slot);
        if (!leaf) {
            // Only an empty trie has nothing where its root hangs; its single node is the byte 0.
            chain::check(slot.empty());
            elements_.insert(Bytes{0});
            return;
        }
        add_node(encode_leaf(leaf->path, slot.size(), leaf->value), slot.empty());
        const bool hashed = leaf->value.size() >= trie::hashed_value_bytes_min;
        if (hashed && std::ranges::equal(leaf->path, path)) elements_.insert(leaf->value);
    }

    /// Nodes of fewer than 32 bytes stand inside their parents; the root has none.
    void add_node(ByteView encoded, bool is_root) {
        if (is_root || encoded.size() >= trie::hash_bytes) elements_.insert(chain::to_bytes(encoded));
    }

    void add_value(ByteView path) {
        auto value = state_.get(trie::from_nibbles(path));
        chain::check(value.has_value());
        elements_.insert(*std::move(value));
    }

    const NodeView& nodes_;
    const StateView& state_;
    std::set<Bytes> elements_;
};

}  // namespace

std::vector<Bytes> read_proof(const NodeView& nodes, const StateView& state, std::span<const Bytes> keys) {
    Prover prover{nodes, state};
    for (const Bytes& key : keys) prover.prove(key);
    return prover.take();
}

}  // namespace state
