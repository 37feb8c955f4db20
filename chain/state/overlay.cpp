#include "chain/state/overlay.hpp"

#include "chain/base/check.hpp"

#include <utility>

namespace state {

using chain::check;

std::optional<Bytes> Overlay::get(ByteView key) const {
    const auto found = changes_.find(key);
    return found == changes_.end() ? below_.get(key) : found->second;
}

bool Overlay::contains(ByteView key) const {
    const auto found = changes_.find(key);
    return found == changes_.end() ? below_.contains(key) : found->second.has_value();
}

std::optional<Bytes> Overlay::next_key(ByteView after) const {
    auto below = below_.next_key(after);
    for (auto changed = changes_.upper_bound(after); changed != changes_.end(); ++changed) {
        if (below && *below < changed->first) return below;
        if (changed->second) return changed->first;
        // Erased here: what lies below under this key is not there.
        if (below && *below == changed->first) below = below_.next_key(*below);
    }
    return below;
}

void Overlay::put(ByteView key, Bytes value) { write(key, std::move(value)); }

void Overlay::erase(ByteView key) { write(key, std::nullopt); }

void Overlay::write(ByteView key, std::optional<Bytes> value) {
    const auto found = changes_.lower_bound(key);
    const bool present = found != changes_.end() && !ByteOrder{}(key, found->first);
    if (!present) {
        const auto added = changes_.emplace_hint(found, chain::to_bytes(key), std::move(value));
        if (!layers_.empty()) journal_.push_back({added->first, std::nullopt});
        return;
    }
    std::swap(found->second, value);
    if (!layers_.empty()) journal_.push_back({found->first, std::move(value)});
}

void Overlay::begin() { layers_.push_back(journal_.size()); }

void Overlay::commit() {
    check(!layers_.empty());
    layers_.pop_back();
    // Without an open layer nothing can be taken back.
    if (layers_.empty()) journal_.clear();
}

void Overlay::rollback() {
    check(!layers_.empty());
    const std::size_t start = layers_.back();
    layers_.pop_back();
    while (journal_.size() > start) {
        Undo& undo = journal_.back();
        const auto found = changes_.find(undo.key);
        check(found != changes_.end());
        if (undo.before) found->second = *std::move(undo.before);
        else changes_.erase(found);
        journal_.pop_back();
    }
}

StateDiff Overlay::take() {
    check(layers_.empty());
    return std::exchange(changes_, {});
}

}  // namespace state
