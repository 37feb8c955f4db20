#include "chain/state/trie_update.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/state/branch_record.hpp"
#include "chain/trie/node.hpp"

#include <algorithm>
#include <deque>
#include <span>
#include <utility>
#include <variant>
#include <vector>

namespace state {

using chain::check;

namespace {

/// One key of the diff. The path points into the update's own nibbles, the value into the diff.
struct Change {
    ByteView path;
    ByteView key;
    const std::optional<Bytes>* value;
};
using Changes = std::span<const Change>;

/// What hangs at a place after the update. A branch's record is already in the node diff at that place; a leaf has no
/// bytes until its parent says how far away it is.
struct Empty {};
struct Leaf {
    ByteView path;
    ByteView value;
};
struct Branch {
    ByteView encoded_node;
};
using Subtree = std::variant<Empty, Leaf, Branch>;

/// What hung there before. Of a leaf only the place is known.
enum class Before : std::uint8_t { Nothing, Leaf, Branch };

/// A branch in the making. Its path outlives it.
struct Draft {
    ByteView path;
    std::optional<trie::NodeValue> value;
    Hash value_hash;
    /// Set where the value was read from the diff or the state.
    std::optional<ByteView> plain_value;
    std::array<ByteView, trie::children_max> children{};
    std::array<trie::Reference, trie::children_max> changed;
    std::uint16_t branch_children = 0;
    /// The last child that became a leaf, for the case that nothing else remains.
    std::optional<std::pair<std::size_t, Leaf>> leaf;

    bool is_branch(std::size_t nibble) const { return (branch_children >> nibble & 1) != 0; }
};

/// Calls f(nibble, changes) for each run of changes with the same nibble at `at`.
void for_each_nibble(Changes changes, std::size_t at, auto&& f) {
    while (!changes.empty()) {
        const std::uint8_t nibble = changes.front().path[at];
        std::size_t count = 1;
        while (count < changes.size() && changes[count].path[at] == nibble) ++count;
        f(nibble, changes.first(count));
        changes = changes.subspan(count);
    }
}

bool begins_with(ByteView path, ByteView prefix) { return trie::common_prefix(path, prefix) == prefix.size(); }

class Updater {
public:
    Updater(const NodeView& nodes, const StateView& before) : nodes_(nodes), before_(before) {}

    TrieUpdate run(const StateDiff& diff) {
        const std::vector<Change> changes = changes_of(diff);
        auto record = nodes_.node({});
        const Before kind = record ? Before::Branch : first_leaf_below(before_, {}) ? Before::Leaf : Before::Nothing;
        const Subtree top = subtree({}, kind, changes, std::move(record));
        return {.root = root_hash(top), .nodes = std::move(out_)};
    }

private:
    std::vector<Change> changes_of(const StateDiff& diff) {
        std::size_t total = 0;
        for (const auto& [key, value] : diff) total += 2 * key.size();
        nibbles_.resize(total);
        std::vector<Change> changes;
        changes.reserve(diff.size());
        std::span<std::uint8_t> rest{nibbles_};
        for (const auto& [key, value] : diff) {
            const auto path = rest.first(2 * key.size());
            trie::write_nibbles(key, path);
            changes.push_back({path, key, &value});
            rest = rest.subspan(path.size());
        }
        return changes;
    }

    static Hash root_hash(const Subtree& top) {
        if (const auto* leaf = std::get_if<Leaf>(&top))
            return crypto::blake2b_256(encode_leaf(leaf->path, 0, leaf->value));
        if (const auto* branch = std::get_if<Branch>(&top)) return crypto::blake2b_256(branch->encoded_node);
        return trie::empty_root;
    }

    Subtree subtree(ByteView slot, Before kind, Changes changes, std::optional<Bytes> record = std::nullopt) {
        switch (kind) {
            case Before::Nothing: return from_nothing(slot, changes);
            case Before::Leaf: return from_leaf(slot, changes);
            case Before::Branch: break;
        }
        if (!record) record = nodes_.node(slot);
        check(record.has_value());
        return from_branch(slot, slot, BranchRecord{*std::move(record)}, changes);
    }

    Subtree from_nothing(ByteView slot, Changes changes) {
        if (changes.size() > 1) return build(slot, leaves_of(changes));
        const Change& only = changes.front();
        return *only.value ? Subtree{Leaf{only.path, **only.value}} : Empty{};
    }

    Subtree from_leaf(ByteView slot, Changes changes) {
        // The leaf is the only key below this place, so a changed key that was there is the leaf's.
        const bool replaced = std::ranges::any_of(changes, [&](const Change& c) { return before_.contains(c.key); });
        if (replaced) return from_nothing(slot, changes);
        std::vector<Leaf> leaves = leaves_of(changes);
        const Leaf kept = keep(first_leaf_below(before_, slot));
        leaves.insert(std::ranges::lower_bound(leaves, kept.path, ByteOrder{}, &Leaf::path), kept);
        return build(slot, leaves);
    }

    static std::vector<Leaf> leaves_of(Changes changes) {
        std::vector<Leaf> leaves;
        for (const Change& change : changes)
            if (*change.value) leaves.push_back({change.path, **change.value});
        return leaves;
    }

    /// A branch, which hung at `old_slot`, with its changes at `slot`. The two differ when a new branch comes between.
    Subtree from_branch(ByteView slot, ByteView old_slot, const BranchRecord& old, Changes changes) {
        const ByteView path = path_of(old_slot, old, changes);
        const std::size_t fork = fork_of(path, changes);
        if (fork < path.size()) return split(slot, old_slot, old, changes, path.first(fork + 1));

        const auto place = reserve(slot);
        Draft draft{.path = path,
                    .value = old.node().value,
                    .children = old.node().children,
                    .branch_children = old.branch_children()};
        const std::size_t at = draft.path.size();
        for_each_nibble(take_value(draft, below(draft.path, changes)), at, [&](std::uint8_t nibble, Changes group) {
            const Before kind = draft.children[nibble].empty() ? Before::Nothing
                                : draft.is_branch(nibble)      ? Before::Branch
                                                               : Before::Leaf;
            adopt(draft, nibble, subtree(group.front().path.first(at + 1), kind, group));
        });
        return finish(slot, place, draft);
    }

    /// Where an old branch stands. The changed keys below it spell its path; without one it is put together.
    ByteView path_of(ByteView old_slot, const BranchRecord& old, Changes changes) {
        const ByteView partial = old.node().partial;
        const std::size_t size = old_slot.size() + partial.size();
        if (partial.empty()) return old_slot;
        const bool spelled = !changes.empty() && changes.front().path.size() >= size &&
                             std::ranges::equal(changes.front().path.subspan(old_slot.size(), partial.size()), partial);
        if (spelled) return changes.front().path.first(size);
        Bytes& path = paths_.emplace_back(chain::to_bytes(old_slot));
        chain::append(path, partial);
        return path;
    }

    /// A new branch above an old one. `down` is the new branch's path and the nibble that leads on to the old one.
    Subtree split(ByteView slot, ByteView old_slot, const BranchRecord& old, Changes changes, ByteView down) {
        const auto place = reserve(slot);
        Draft draft{.path = down.first(down.size() - 1)};
        const std::size_t at = draft.path.size();
        bool visited = false;
        for_each_nibble(take_value(draft, below(draft.path, changes)), at, [&](std::uint8_t nibble, Changes group) {
            const bool leads_on = nibble == down.back();
            visited = visited || leads_on;
            adopt(draft, nibble,
                  leads_on ? from_branch(down, old_slot, old, group)
                           : from_nothing(group.front().path.first(at + 1), group));
        });
        if (!visited) adopt(draft, down.back(), from_branch(down, old_slot, old, {}));
        return finish(slot, place, draft);
    }

    /// A trie of these leaves alone, which ascend.
    Subtree build(ByteView slot, std::span<const Leaf> leaves) {
        if (leaves.empty()) return Empty{};
        if (leaves.size() == 1) return leaves.front();
        const std::size_t at = trie::common_prefix(leaves.front().path, leaves.back().path);
        const auto place = reserve(slot);
        Draft draft{.path = leaves.front().path.first(at)};
        if (leaves.front().path.size() == at) {
            set_value(draft, leaves.front().value);
            leaves = leaves.subspan(1);
        }
        while (!leaves.empty()) {
            const std::uint8_t nibble = leaves.front().path[at];
            const auto end = std::ranges::find_if(leaves, [&](const Leaf& leaf) { return leaf.path[at] != nibble; });
            const auto group = leaves.first(static_cast<std::size_t>(end - leaves.begin()));
            adopt(draft, nibble, build(group.front().path.first(at + 1), group));
            leaves = leaves.subspan(group.size());
        }
        return finish(slot, place, draft);
    }

    /// Where the first key that is written leaves `path`; its size where none does.
    static std::size_t fork_of(ByteView path, Changes changes) {
        if (all_below(path, changes)) return path.size();
        std::size_t fork = path.size();
        for (const Change& change : changes)
            if (*change.value) fork = std::min(fork, trie::common_prefix(path, change.path));
        return fork;
    }

    /// Between two keys that begin with `path` lie only such keys.
    static bool all_below(ByteView path, Changes changes) {
        return changes.empty() || (begins_with(changes.front().path, path) && begins_with(changes.back().path, path));
    }

    /// The changes of keys that begin with `path`. Others here are removals of keys that never were.
    static Changes below(ByteView path, Changes changes) {
        if (all_below(path, changes)) return changes;
        const auto first = std::ranges::lower_bound(changes, path, ByteOrder{}, &Change::path);
        const auto last = std::ranges::find_if(first, changes.end(),
                                               [&](const Change& change) { return !begins_with(change.path, path); });
        return {first, last};
    }

    /// Applies the change of the branch's own key, if it is there: it comes first.
    static Changes take_value(Draft& draft, Changes changes) {
        if (changes.empty() || changes.front().path.size() != draft.path.size()) return changes;
        const std::optional<Bytes>& value = *changes.front().value;
        if (value) set_value(draft, *value);
        else draft.value.reset();
        return changes.subspan(1);
    }

    static void set_value(Draft& draft, ByteView value) {
        draft.value = trie::node_value(value, state_version, draft.value_hash);
        draft.plain_value = value;
    }

    /// Puts what became of a child into its parent.
    void adopt(Draft& draft, std::size_t nibble, const Subtree& child) {
        trie::Reference& reference = draft.changed[nibble];
        const auto bit = static_cast<std::uint16_t>(1U << nibble);
        draft.branch_children &= static_cast<std::uint16_t>(~bit);
        if (const auto* leaf = std::get_if<Leaf>(&child)) {
            leaf_bytes_.clear();
            encode_leaf(leaf->path, draft.path.size() + 1, leaf->value, leaf_bytes_);
            reference = trie::Reference::to(leaf_bytes_);
            draft.leaf = {nibble, *leaf};
        } else if (const auto* branch = std::get_if<Branch>(&child)) {
            reference = trie::Reference::to(branch->encoded_node);
            draft.branch_children |= bit;
        }
        draft.children[nibble] = reference.view();
    }

    /// What the draft is in the end: a branch needs two entries, one entry alone takes its place.
    Subtree finish(ByteView slot, NodeDiff::iterator place, const Draft& draft) {
        const auto children = std::ranges::count_if(draft.children, [](ByteView child) { return !child.empty(); });
        if (children == 0) return draft.value ? Subtree{value_as_leaf(draft)} : Empty{};
        if (children == 1 && !draft.value) return collapse(slot, place, draft);
        return hang(slot, place, draft.path, draft.value, draft.children, draft.branch_children);
    }

    Leaf value_as_leaf(const Draft& draft) {
        auto value =
            draft.plain_value ? chain::to_bytes(*draft.plain_value) : before_.get(trie::from_nibbles(draft.path));
        check(value.has_value());
        return keep(LeafEntry{chain::to_bytes(draft.path), *std::move(value)});
    }

    /// The only child takes the branch's place, with a longer way to it.
    Subtree collapse(ByteView slot, NodeDiff::iterator place, const Draft& draft) {
        const auto only = std::ranges::find_if(draft.children, [](ByteView child) { return !child.empty(); });
        const auto nibble = static_cast<std::size_t>(only - draft.children.begin());
        if (!draft.is_branch(nibble) && draft.leaf && draft.leaf->first == nibble) return draft.leaf->second;

        Bytes child_slot = chain::to_bytes(draft.path);
        child_slot.push_back(static_cast<std::uint8_t>(nibble));
        if (!draft.is_branch(nibble)) return keep(first_leaf_below(before_, child_slot));

        const auto written = out_.find(child_slot);
        auto record = written != out_.end() ? std::exchange(written->second, std::nullopt) : nodes_.node(child_slot);
        check(record.has_value());
        out_.insert_or_assign(child_slot, std::nullopt);
        const BranchRecord child{*std::move(record)};
        Bytes path = std::move(child_slot);
        chain::append(path, child.node().partial);
        return hang(slot, place, path, child.node().value, child.node().children, child.branch_children());
    }

    static Branch hang(ByteView slot, NodeDiff::iterator place, ByteView path,
                       const std::optional<trie::NodeValue>& value,
                       const std::array<ByteView, trie::children_max>& children, std::uint16_t branch_children) {
        place->second = BranchRecord::encode(
            {.partial = path.subspan(slot.size()), .value = value, .children = children}, branch_children);
        return {BranchRecord::encoded_node(*place->second)};
    }

    /// An entry of the node diff: removed, unless something is hung there. Places are reserved in ascending order, so
    /// the hint makes this cheap.
    NodeDiff::iterator reserve(ByteView slot) {
        return out_.emplace_hint(out_.end(), chain::to_bytes(slot), std::nullopt);
    }

    Leaf keep(std::optional<LeafEntry> entry) {
        check(entry.has_value());
        const LeafEntry& kept = kept_.emplace_back(*std::move(entry));
        return {kept.path, kept.value};
    }

    const NodeView& nodes_;
    const StateView& before_;
    Bytes nibbles_;
    Bytes leaf_bytes_;
    // What lives outside of the diff; a deque keeps its elements where they are.
    std::deque<LeafEntry> kept_;
    std::deque<Bytes> paths_;
    NodeDiff out_;
};

}  // namespace

TrieUpdate update_trie(const NodeView& nodes, const StateView& before, const StateDiff& diff) {
    if (diff.empty()) return {.root = root_of(nodes, before), .nodes = {}};
    return Updater{nodes, before}.run(diff);
}

Hash root_of(const NodeView& nodes, const StateView& state) {
    if (const auto record = nodes.node({})) return crypto::blake2b_256(BranchRecord::encoded_node(*record));
    const auto leaf = first_leaf_below(state, {});
    return leaf ? crypto::blake2b_256(encode_leaf(leaf->path, 0, leaf->value)) : trie::empty_root;
}

}  // namespace state
