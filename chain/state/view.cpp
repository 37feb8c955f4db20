#include "chain/state/view.hpp"

#include <algorithm>

namespace state {

namespace {

bool begins(ByteView prefix, ByteView key) {
    return key.size() >= prefix.size() && std::ranges::equal(prefix, key.first(prefix.size()));
}

}  // namespace

std::vector<bool> StateView::contain(std::span<const ByteView> keys) const {
    std::vector<bool> found;
    found.reserve(keys.size());
    for (const ByteView key : keys) found.push_back(contains(key));
    return found;
}

std::optional<Bytes> MapState::get(ByteView key) const {
    const auto found = entries.find(key);
    return found == entries.end() ? std::nullopt : std::optional{found->second};
}

std::optional<Bytes> MapState::next_key(ByteView after) const {
    const auto found = entries.upper_bound(after);
    return found == entries.end() ? std::nullopt : std::optional{found->first};
}

void MapState::apply(const StateDiff& diff) {
    for (const auto& [key, value] : diff) {
        if (value) entries.insert_or_assign(key, *value);
        else entries.erase(key);
    }
}

std::optional<Bytes> next_key_with(const StateView& view, ByteView prefix, ByteView after) {
    auto key = view.next_key(after);
    return key && begins(prefix, *key) ? std::move(key) : std::nullopt;
}

std::optional<Bytes> first_key_with(const StateView& view, ByteView prefix) {
    if (view.get(prefix)) return chain::to_bytes(prefix);
    return next_key_with(view, prefix, prefix);
}

}  // namespace state
