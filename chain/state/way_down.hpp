#pragma once
// The first half of a trie update: the branches on the ways to the changed keys, read level by level so that a view can
// fetch many at once. For chain/state only.

#include "chain/state/branch_record.hpp"
#include "chain/state/trie_update.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace state {

/// One key of a diff. The path points into the ChangeList's nibbles, the others into the diff.
struct Change {
    ByteView path;
    ByteView key;
    const std::optional<Bytes>* value;
    /// Whether the key is in the state before; known where a leaf hangs on its way.
    bool was_there = false;
};
using Changes = std::span<const Change>;

/// A diff with its keys as nibbles, in order.
class ChangeList {
public:
    explicit ChangeList(const StateDiff& diff);
    std::span<Change> all() { return changes_; }

private:
    Bytes nibbles_;
    std::vector<Change> changes_;
};

inline bool begins_with(ByteView path, ByteView prefix) { return trie::common_prefix(path, prefix) == prefix.size(); }

/// Between two keys that begin with `path` lie only such keys.
bool all_below(ByteView path, Changes changes);
/// The changes of keys that begin with `path`.
Changes below(ByteView path, Changes changes);

/// How many of the first changes have the same nibble at `at`. They are in order: long runs are halved, not walked.
inline std::size_t run_length(Changes changes, std::size_t at) {
    const std::uint8_t nibble = changes.front().path[at];
    const auto same = [&](const Change& change) { return change.path[at] == nibble; };
    constexpr std::size_t walked_max = 16;
    const auto near = changes.first(std::min(changes.size(), walked_max));
    const auto stop = std::ranges::find_if_not(near, same);
    if (stop != near.end()) return static_cast<std::size_t>(stop - near.begin());
    return static_cast<std::size_t>(std::ranges::partition_point(changes, same) - changes.begin());
}

/// Calls f(nibble, changes) for each run of changes with the same nibble at `at`.
void for_each_nibble(auto changes, std::size_t at, auto&& f) {
    while (!changes.empty()) {
        const std::size_t count = run_length(changes, at);
        f(changes.front().path[at], changes.first(count));
        changes = changes.subspan(count);
    }
}

/// Branches in the order in which a walk over sorted changes meets them.
class WayDown {
public:
    /// Reads them all, and marks the changes of keys whose ways end at a leaf.
    WayDown(const NodeView& nodes, const StateView& before, std::span<Change> changes);

    /// Whether a branch hangs at the root.
    bool has_root() const { return !levels_.empty(); }
    /// The record of the next branch of this level, which counts branches from the root. It hangs at `slot`.
    ByteView take(std::size_t level, ByteView slot);

private:
    /// A place to read, and what changes below it.
    struct Way {
        ByteView slot;
        std::span<Change> changes;
    };
    struct Level {
        std::vector<ByteView> slots;
        RecordBatch records;
        std::size_t taken = 0;
    };

    void read_level(const NodeView& nodes, std::span<const Way> ways, std::vector<Way>& next);
    void follow(const RecordFront& branch, const Way& way, std::vector<Way>& next);
    void mark(const StateView& before);

    std::vector<Level> levels_;
    std::vector<Change*> at_leaves_;
};

}  // namespace state
