#pragma once
// Look-ups by hash where nobody needs an order: a tree of many thousand hashes costs a cache miss a level. There is no
// way to visit the entries, so nothing can come to depend on the order in which they lie.

#include "chain/base/bytes.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>

namespace chain {

/// The first half of a hash: entries are filed under it, and found by it alone where it is all that somebody was told.
using HalfHash = std::array<std::uint8_t, 16>;
HalfHash first_half(const Hash& hash);

/// Mixes the first half with a number that others do not know, so that nobody can choose hashes that meet in one
/// bucket.
struct Scatter {
    std::uint64_t secret = 0;
    std::size_t operator()(const Hash& hash) const;
};

template <class Value>
class HashMap {
public:
    // Where the object lies is random enough: no answer depends on it.
    HashMap() : entries_(0, Scatter{reinterpret_cast<std::uintptr_t>(this)}) {}

    /// Null where the hash is not here. Valid until this entry goes.
    Value* find(const Hash& hash) {
        const auto at = entries_.find(hash);
        return at == entries_.end() ? nullptr : &at->second;
    }
    const Value* find(const Hash& hash) const { return const_cast<HashMap*>(this)->find(hash); }
    bool contains(const Hash& hash) const { return entries_.contains(hash); }

    /// How many entries have a hash that begins so.
    std::size_t count(const HalfHash& half) const {
        std::size_t found = 0;
        visit(half, [&](const Value&) { ++found; });
        return found;
    }
    /// The only one of them; null, too, where there are several.
    const Value* find_only(const HalfHash& half) const {
        const Value* only = nullptr;
        visit(half, [&](const Value& value) { only = &value; });
        return count(half) == 1 ? only : nullptr;
    }

    /// False where the hash is here already; then nothing changes.
    bool insert(const Hash& hash, Value value) { return entries_.try_emplace(hash, std::move(value)).second; }
    std::optional<Value> take(const Hash& hash) {
        const auto at = entries_.find(hash);
        if (at == entries_.end()) return std::nullopt;
        std::optional<Value> out{std::move(at->second)};
        entries_.erase(at);
        return out;
    }
    bool erase(const Hash& hash) { return entries_.erase(hash) > 0; }

    std::size_t size() const { return entries_.size(); }
    bool empty() const { return entries_.empty(); }

private:
    /// Those that begin alike share a bucket.
    template <class Use>
    void visit(const HalfHash& half, Use use) const {
        if (entries_.empty()) return;
        Hash lowest;
        std::ranges::copy(half, lowest.value.begin());
        const std::size_t bucket = entries_.bucket(lowest);
        for (auto at = entries_.begin(bucket); at != entries_.end(bucket); ++at)
            if (first_half(at->first) == half) use(at->second);
    }

    std::unordered_map<Hash, Value, Scatter> entries_;
};

}  // namespace chain
