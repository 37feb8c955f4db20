#include "chain/state/trie_update.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/state/branch_record.hpp"
#include "chain/state/pending_hashes.hpp"
#include "chain/state/way_down.hpp"
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

/// What hangs at a place after the update. A branch's record is already in the node diff at that place, though hashes
/// in it may be pending; a leaf has no bytes until its parent says how far away it is.
struct Empty {};
struct Leaf {
    ByteView path;
    ByteView value;
};
struct Branch {
    ByteView encoded_node;
    PendingHashes::Height height;
};
using Subtree = std::variant<Empty, Leaf, Branch>;

/// What hung there before. Of a leaf only the place is known.
enum class Before : std::uint8_t { Nothing, Leaf, Branch };

/// What became of a branch's changed children.
class Adopted {
public:
    struct Child {
        std::size_t nibble;
        Subtree subtree;
    };
    void add(std::size_t nibble, Subtree subtree) { children_[size_++] = {nibble, subtree}; }
    std::span<const Child> all() const { return std::span{children_}.first(size_); }
    /// Null where the child did not change.
    const Subtree* at(std::size_t nibble) const {
        const auto found = std::ranges::find(all(), nibble, &Child::nibble);
        return found == all().end() ? nullptr : &found->subtree;
    }

private:
    std::array<Child, trie::children_max> children_;
    std::size_t size_ = 0;
};

/// A branch in the making. Its path outlives it.
struct Draft {
    ByteView path;
    std::optional<trie::NodeValue> value;
    /// Set where the value was read from the diff or the state.
    std::optional<ByteView> plain_value;
    std::array<ByteView, trie::children_max> children{};
    std::uint16_t branch_children = 0;
    Adopted adopted{};

    bool is_branch(std::size_t nibble) const { return (branch_children >> nibble & 1) != 0; }
};

/// Stands for a hash that is pending.
constexpr Hash owed{};

class Updater {
public:
    Updater(const NodeView& nodes, const StateView& before, const StateDiff& diff)
        : nodes_(nodes), before_(before), changes_(diff), way_down_(nodes, before, changes_.all()) {}

    TrieUpdate run() {
        const Before kind = way_down_.has_root()            ? Before::Branch
                            : first_leaf_below(before_, {}) ? Before::Leaf
                                                            : Before::Nothing;
        const Subtree top = subtree({}, kind, changes_.all(), 0);
        pending_.pay();
        return {.root = root_hash(top), .nodes = std::move(out_)};
    }

private:
    static Hash root_hash(const Subtree& top) {
        if (const auto* leaf = std::get_if<Leaf>(&top))
            return crypto::blake2b_256(encode_leaf(leaf->path, 0, leaf->value));
        if (const auto* branch = std::get_if<Branch>(&top)) return crypto::blake2b_256(branch->encoded_node);
        return trie::empty_root;
    }

    /// `level` counts the old branches above this place.
    Subtree subtree(ByteView slot, Before kind, Changes changes, std::size_t level) {
        switch (kind) {
            case Before::Nothing: return from_nothing(slot, changes);
            case Before::Leaf: return from_leaf(slot, changes);
            case Before::Branch: break;
        }
        const ByteView record = way_down_.take(level, slot);
        const RecordFront front{record};
        return from_branch(slot, {slot, record, front, front.partial(), level}, changes);
    }

    Subtree from_nothing(ByteView slot, Changes changes) {
        if (changes.size() > 1) return build(slot, leaves_of(changes));
        const Change& only = changes.front();
        return *only.value ? Subtree{Leaf{only.path, **only.value}} : Empty{};
    }

    Subtree from_leaf(ByteView slot, Changes changes) {
        // The leaf is the only key below this place, so a changed key that was there is the leaf's.
        const bool replaced = std::ranges::any_of(changes, &Change::was_there);
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

    /// A branch as it was: the place where it hung, its record, and how many branches stood above it.
    struct OldBranch {
        ByteView slot;
        ByteView record;
        RecordFront front;
        Bytes partial;
        std::size_t level;
    };

    /// An old branch with its changes at `slot`, which is another place than its old one when a new branch comes
    /// between.
    Subtree from_branch(ByteView slot, const OldBranch& old, Changes changes) {
        const ByteView path = path_of(old, changes);
        // Without nibbles of its own the branch stands where it hangs, above all of the changes.
        const bool stands_where_it_hangs = old.partial.empty();
        const std::size_t fork = stands_where_it_hangs ? path.size() : fork_of(path, changes);
        if (fork < path.size()) return split(slot, old, changes, path.first(fork + 1));

        const auto place = reserve(slot);
        const std::size_t at = path.size();
        const Changes inside = stands_where_it_hangs ? changes : below(path, changes);
        const bool has_own_change = !inside.empty() && inside.front().path.size() == at;
        Adopted adopted;
        for_each_nibble(inside.subspan(has_own_change ? 1 : 0), at, [&](std::uint8_t nibble, Changes group) {
            const Before kind = !old.front.has_child(nibble)  ? Before::Nothing
                                : old.front.is_branch(nibble) ? Before::Branch
                                                              : Before::Leaf;
            adopted.add(nibble, subtree(group.front().path.first(at + 1), kind, group, old.level + 1));
        });
        const bool keeps_shape = slot.size() == old.slot.size() && !has_own_change && old.front.is_patchable();
        if (keeps_shape && std::ranges::all_of(adopted.all(), [&](const Adopted::Child& child) {
                return old.front.has_child(child.nibble) && is_hashed(child.subtree, at + 1);
            }))
            return patch(place, old, adopted);

        const BranchRecord record{old.record};
        Draft draft{.path = path,
                    .value = record.node().value,
                    .children = record.node().children,
                    .branch_children = record.branch_children()};
        if (has_own_change) change_value(draft, *inside.front().value);
        for (const Adopted::Child& child : adopted.all()) adopt(draft, child.nibble, child.subtree);
        return finish(slot, place, draft);
    }

    /// Whether a parent names it by its hash.
    static bool is_hashed(const Subtree& child, std::size_t slot_size) {
        if (const auto* leaf = std::get_if<Leaf>(&child))
            return is_hashed_leaf(leaf->path.subspan(slot_size), leaf->value);
        if (const auto* branch = std::get_if<Branch>(&child)) return branch->encoded_node.size() >= trie::hash_bytes;
        return false;
    }

    /// The old branch with other hashes in it.
    Branch patch(NodeDiff::iterator place, const OldBranch& old, const Adopted& adopted) {
        place->second = chain::to_bytes(old.record);
        Bytes& record = *place->second;
        std::uint16_t branch_children = old.front.branch_children();
        PendingHashes::Height height = 0;
        for (const auto& [nibble, child] : adopted.all()) {
            const auto bit = static_cast<std::uint16_t>(1U << nibble);
            if (std::holds_alternative<Branch>(child)) branch_children |= bit;
            else branch_children &= static_cast<std::uint16_t>(~bit);
            const std::size_t slot_size = old.slot.size() + old.partial.size() + 1;
            height = std::max(height, owe(child, slot_size, record.data() + old.front.place_of(nibble)) + 1);
        }
        BranchRecord::mark(record, branch_children);
        return {RecordFront{record}.encoded_node(), height};
    }

    /// Has the hash of a child written to `to`; the height of the child.
    PendingHashes::Height owe(const Subtree& child, std::size_t slot_size, std::uint8_t* to) {
        if (const auto* leaf = std::get_if<Leaf>(&child))
            return pending_.add_leaf(leaf->path.subspan(slot_size), leaf->value, to);
        const auto& branch = std::get<Branch>(child);
        pending_.add(branch.height, branch.encoded_node, to);
        return branch.height;
    }

    /// Where an old branch stands. The changed keys below it spell its path; without one it is put together.
    ByteView path_of(const OldBranch& old, Changes changes) {
        const ByteView partial = old.partial;
        const std::size_t size = old.slot.size() + partial.size();
        if (partial.empty()) return old.slot;
        const bool spelled = !changes.empty() && changes.front().path.size() >= size &&
                             std::ranges::equal(changes.front().path.subspan(old.slot.size(), partial.size()), partial);
        if (spelled) return changes.front().path.first(size);
        Bytes& path = paths_.emplace_back(chain::to_bytes(old.slot));
        chain::append(path, partial);
        return path;
    }

    /// A new branch above an old one. `down` is the new branch's path and the nibble that leads on to the old one.
    Subtree split(ByteView slot, const OldBranch& old, Changes changes, ByteView down) {
        const auto place = reserve(slot);
        Draft draft{.path = down.first(down.size() - 1)};
        const std::size_t at = draft.path.size();
        bool visited = false;
        for_each_nibble(take_value(draft, below(draft.path, changes)), at, [&](std::uint8_t nibble, Changes group) {
            const bool leads_on = nibble == down.back();
            visited = visited || leads_on;
            adopt(draft, nibble,
                  leads_on ? from_branch(down, old, group) : from_nothing(group.front().path.first(at + 1), group));
        });
        if (!visited) adopt(draft, down.back(), from_branch(down, old, {}));
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

    /// Applies the change of the branch's own key, if it is there: it comes first.
    static Changes take_value(Draft& draft, Changes changes) {
        if (changes.empty() || changes.front().path.size() != draft.path.size()) return changes;
        change_value(draft, *changes.front().value);
        return changes.subspan(1);
    }

    static void change_value(Draft& draft, const std::optional<Bytes>& value) {
        if (value) set_value(draft, *value);
        else draft.value.reset();
    }

    static void set_value(Draft& draft, ByteView value) {
        const bool hashed = value.size() >= trie::hashed_value_bytes_min;
        draft.value = trie::NodeValue{hashed ? ByteView{owed.value} : value, hashed};
        draft.plain_value = value;
    }

    /// Puts what became of a child into its parent.
    void adopt(Draft& draft, std::size_t nibble, const Subtree& child) {
        const auto bit = static_cast<std::uint16_t>(1U << nibble);
        draft.branch_children &= static_cast<std::uint16_t>(~bit);
        if (std::holds_alternative<Branch>(child)) draft.branch_children |= bit;
        draft.children[nibble] = name_of(child, draft.path.size() + 1);
        draft.adopted.add(nibble, child);
    }

    /// How a parent names it: all its bytes, or room for their hash.
    ByteView name_of(const Subtree& child, std::size_t slot_size) {
        if (is_hashed(child, slot_size)) return owed.value;
        if (const auto* leaf = std::get_if<Leaf>(&child))
            return short_leaves_.emplace_back(encode_leaf(leaf->path, slot_size, leaf->value));
        if (const auto* branch = std::get_if<Branch>(&child)) return branch->encoded_node;
        return {};
    }

    /// What the draft is in the end: a branch needs two entries, one entry alone takes its place.
    Subtree finish(ByteView slot, NodeDiff::iterator place, const Draft& draft) {
        const auto children = std::ranges::count_if(draft.children, [](ByteView child) { return !child.empty(); });
        if (children == 0) return draft.value ? Subtree{value_as_leaf(draft)} : Empty{};
        if (children == 1 && !draft.value) return collapse(slot, place, draft);
        return hang(slot, place, draft);
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
        if (const Subtree* child = draft.adopted.at(nibble); child != nullptr && std::holds_alternative<Leaf>(*child))
            return *child;

        Bytes child_slot = chain::to_bytes(draft.path);
        child_slot.push_back(static_cast<std::uint8_t>(nibble));
        if (!draft.is_branch(nibble)) return keep(first_leaf_below(before_, child_slot));

        // The child's record moves: what it is owed must be there before.
        pending_.pay();
        const auto written = out_.find(child_slot);
        auto record = written != out_.end() ? std::exchange(written->second, std::nullopt) : nodes_.node(child_slot);
        check(record.has_value());
        out_.insert_or_assign(child_slot, std::nullopt);
        const BranchRecord child{*record};
        Bytes path = std::move(child_slot);
        chain::append(path, child.node().partial);
        return hang(slot, place,
                    {.path = path,
                     .value = child.node().value,
                     .children = child.node().children,
                     .branch_children = child.branch_children()});
    }

    Branch hang(ByteView slot, NodeDiff::iterator place, const Draft& draft) {
        place->second = BranchRecord::encode(
            {.partial = draft.path.subspan(slot.size()), .value = draft.value, .children = draft.children},
            draft.branch_children);
        Bytes& record = *place->second;
        // From the end on: a child is a byte that says its size, and its name; the value stands before them.
        PendingHashes::Height height = 0;
        std::uint8_t* at = record.data() + record.size();
        for (std::size_t nibble = trie::children_max; nibble-- > 0;) {
            const ByteView name = draft.children[nibble];
            if (name.empty()) continue;
            at -= name.size();
            if (name.data() == owed.value.data())
                height = std::max(height, owe(*draft.adopted.at(nibble), draft.path.size() + 1, at) + 1);
            at -= 1;
        }
        if (draft.value && draft.value->bytes.data() == owed.value.data()) {
            pending_.add(0, *draft.plain_value, at - trie::hash_bytes);
            height = std::max<PendingHashes::Height>(height, 1);
        }
        return {RecordFront{record}.encoded_node(), height};
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
    ChangeList changes_;
    WayDown way_down_;
    PendingHashes pending_;
    // What lives outside of the diff; a deque keeps its elements where they are.
    std::deque<LeafEntry> kept_;
    std::deque<Bytes> short_leaves_;
    std::deque<Bytes> paths_;
    NodeDiff out_;
};

}  // namespace

TrieUpdate update_trie(const NodeView& nodes, const StateView& before, const StateDiff& diff) {
    if (diff.empty()) return {.root = root_of(nodes, before), .nodes = {}};
    return Updater{nodes, before, diff}.run();
}

Hash root_of(const NodeView& nodes, const StateView& state) {
    if (const auto record = nodes.node({})) return crypto::blake2b_256(RecordFront{*record}.encoded_node());
    const auto leaf = first_leaf_below(state, {});
    return leaf ? crypto::blake2b_256(encode_leaf(leaf->path, 0, leaf->value)) : trie::empty_root;
}

}  // namespace state
