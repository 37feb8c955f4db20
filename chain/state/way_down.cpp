#include "chain/state/way_down.hpp"

#include "chain/base/check.hpp"

#include <algorithm>
#include <utility>

namespace state {

using chain::check;

ChangeList::ChangeList(const StateDiff& diff) {
    // The keys lie where their writers put them: ask for all of them while walking, read them afterwards.
    std::size_t total = 0;
    changes_.reserve(diff.size());
    for (const auto& [key, value] : diff) {
        __builtin_prefetch(key.data());
        total += 2 * key.size();
        changes_.push_back({.path = {}, .key = key, .value = &value});
    }
    nibbles_.resize(total);
    std::span<std::uint8_t> rest{nibbles_};
    for (Change& change : changes_) {
        const auto path = rest.first(2 * change.key.size());
        trie::write_nibbles(change.key, path);
        change.path = path;
        rest = rest.subspan(path.size());
    }
}

bool all_below(ByteView path, Changes changes) {
    return changes.empty() || (begins_with(changes.front().path, path) && begins_with(changes.back().path, path));
}

Changes below(ByteView path, Changes changes) {
    if (all_below(path, changes)) return changes;
    const auto first = std::ranges::lower_bound(changes, path, ByteOrder{}, &Change::path);
    const auto last = std::ranges::find_if(first, changes.end(),
                                           [&](const Change& change) { return !begins_with(change.path, path); });
    return {first, last};
}

WayDown::WayDown(const NodeView& nodes, const StateView& before, std::span<Change> changes) {
    std::vector<Way> ways{{{}, changes}};
    for (std::vector<Way> next; !ways.empty(); std::swap(ways, next)) {
        next.clear();
        read_level(nodes, ways, next);
    }
    if (!has_root())
        for (Change& change : changes) at_leaves_.push_back(&change);
    mark(before);
}

void WayDown::read_level(const NodeView& nodes, std::span<const Way> ways, std::vector<Way>& next) {
    Level level;
    level.slots.reserve(ways.size());
    for (const Way& way : ways) level.slots.push_back(way.slot);
    level.records = nodes.nodes(level.slots);
    check(level.records.size() == ways.size());
    // Only the root may be missing: every other branch was announced by its parent.
    if (levels_.empty() && !level.records.record(0)) return;
    for (std::size_t i = 0; i < ways.size(); ++i) {
        const auto record = level.records.record(i);
        check(record.has_value());
        follow(RecordFront{*record}, ways[i], next);
    }
    levels_.push_back(std::move(level));
}

void WayDown::follow(const RecordFront& branch, const Way& way, std::vector<Way>& next) {
    Bytes longer;
    if (const Bytes partial = branch.partial(); !partial.empty()) {
        longer = chain::to_bytes(way.slot);
        chain::append(longer, partial);
    }
    const ByteView path = longer.empty() ? way.slot : ByteView{longer};
    // Without nibbles of its own the branch stands where it hangs, above all of the changes.
    const Changes inside = longer.empty() ? Changes{way.changes} : below(path, way.changes);
    const auto start = static_cast<std::size_t>(inside.data() - way.changes.data());
    std::span<Change> changes = way.changes.subspan(inside.empty() ? 0 : start, inside.size());
    if (!changes.empty() && changes.front().path.size() == path.size()) changes = changes.subspan(1);
    for_each_nibble(changes, path.size(), [&](std::uint8_t nibble, std::span<Change> group) {
        if (!branch.has_child(nibble)) return;
        if (branch.is_branch(nibble)) next.push_back({group.front().path.first(path.size() + 1), group});
        else
            for (Change& change : group) at_leaves_.push_back(&change);
    });
}

void WayDown::mark(const StateView& before) {
    std::vector<ByteView> keys;
    keys.reserve(at_leaves_.size());
    for (const Change* change : at_leaves_) keys.push_back(change->key);
    const std::vector<bool> found = before.contain(keys);
    check(found.size() == keys.size());
    for (std::size_t i = 0; i < keys.size(); ++i) at_leaves_[i]->was_there = found[i];
}

ByteView WayDown::take(std::size_t level, ByteView slot) {
    check(level < levels_.size());
    Level& from = levels_[level];
    check(from.taken < from.slots.size());
    check(from.slots[from.taken].data() == slot.data() && from.slots[from.taken].size() == slot.size());
    return *from.records.record(from.taken++);
}

}  // namespace state
