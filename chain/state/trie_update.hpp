#pragma once
// The state trie beside the flat state, updated in place. Only branches are stored, each under the path where it hangs:
// an update overwrites a record instead of leaving a dead one behind, so nothing needs counting or pruning. Leaves are
// rebuilt from the flat state. State version 1: a node holds the hash of a value of 33 bytes or more.

#include "chain/state/view.hpp"

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace state {

/// Nibbles from the root, one a byte (0…15). A branch hangs one nibble below its parent branch's whole path; the
/// topmost one hangs at the empty path.
using NodePath = Bytes;

/// Records of many branches in one piece of memory.
class RecordBatch {
public:
    /// `record` is the next one; nothing where none hangs there.
    void add(std::optional<ByteView> record);
    void reserve(std::size_t records, std::size_t bytes);
    std::size_t size() const { return ends_.size(); }
    /// The i-th one, until the next `add`.
    std::optional<ByteView> record(std::size_t i) const;

private:
    Bytes bytes_;
    std::vector<std::pair<std::size_t, bool>> ends_;  // where each ends, and whether it is there
};

/// A port: where branches are read. The bytes are the trie's own record; keep them as they are.
class NodeView {
public:
    virtual ~NodeView() = default;
    /// The branch that hangs at this path; nothing where a leaf or nothing hangs there.
    virtual std::optional<Bytes> node(ByteView path) const = 0;
    /// Many at once, in the same order; a view that can overlap their reads does so.
    virtual RecordBatch nodes(std::span<const ByteView> paths) const;

protected:
    NodeView() = default;
    NodeView(const NodeView&) = default;
    NodeView& operator=(const NodeView&) = default;
    NodeView(NodeView&&) = default;
    NodeView& operator=(NodeView&&) = default;
};

/// Branches to write, by path; nullopt says delete.
using NodeDiff = std::map<NodePath, std::optional<Bytes>, ByteOrder>;

struct TrieUpdate {
    Hash root;
    NodeDiff nodes;
};

/// The root after `diff`, and what to write so that `nodes` describes the state after it. `nodes` describes the trie of
/// `before`: both empty for a new chain. Equal to trie::root of the whole state after `diff`.
TrieUpdate update_trie(const NodeView& nodes, const StateView& before, const StateDiff& diff);

/// The root of what `nodes` and `state` describe, read without an update.
Hash root_of(const NodeView& nodes, const StateView& state);

}  // namespace state
