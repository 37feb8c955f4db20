#pragma once
// What a state is to its readers: values by key, keys in bytewise order. Everything above reads through this port.

#include "chain/base/bytes.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace state {

using chain::Bytes;
using chain::ByteView;
using chain::Hash;

/// Bytewise order; lets a map be searched by a view without a copy of the key.
struct ByteOrder {
    using is_transparent = void;
    bool operator()(ByteView a, ByteView b) const {
        // memcmp may not be given null, which an empty view has.
        const std::size_t common = std::min(a.size(), b.size());
        const int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
        return order != 0 ? order < 0 : a.size() < b.size();
    }
};

/// A port: the ledger's layers, an overlay and a map in memory implement it. Reading changes nothing.
class StateView {
public:
    virtual ~StateView() = default;
    /// The value; nothing where the key is absent. An empty value is a value.
    virtual std::optional<Bytes> get(ByteView key) const = 0;
    /// Whether the key is there; cheaper than `get` where a view can tell without the value.
    virtual bool contains(ByteView key) const { return get(key).has_value(); }
    /// Many keys at once, in the same order; a view that can overlap their reads does so.
    virtual std::vector<bool> contain(std::span<const ByteView> keys) const;
    /// The smallest key strictly greater than `after`; nothing at the end.
    virtual std::optional<Bytes> next_key(ByteView after) const = 0;

protected:
    StateView() = default;
    StateView(const StateView&) = default;
    StateView& operator=(const StateView&) = default;
    StateView(StateView&&) = default;
    StateView& operator=(StateView&&) = default;
};

/// What changed, by key; nullopt says removed.
using StateDiff = std::map<Bytes, std::optional<Bytes>, ByteOrder>;

/// A whole state in memory: genesis and tests.
class MapState : public StateView {
public:
    std::map<Bytes, Bytes, ByteOrder> entries;

    std::optional<Bytes> get(ByteView key) const override;
    bool contains(ByteView key) const override { return entries.contains(key); }
    std::optional<Bytes> next_key(ByteView after) const override;
    void apply(const StateDiff& diff);
};

/// The smallest key after `after` that `prefix` begins; nothing where the prefix's keys end. Start a scan of a prefix
/// with `first_key_with`.
std::optional<Bytes> next_key_with(const StateView& view, ByteView prefix, ByteView after);
/// The smallest key that `prefix` begins, the prefix itself included.
std::optional<Bytes> first_key_with(const StateView& view, ByteView prefix);

}  // namespace state
