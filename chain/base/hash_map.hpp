#pragma once
// Look-ups by hash where nobody needs an order: a tree of many thousand hashes costs a cache miss a level. There is no
// way to visit the entries, so nothing can come to depend on the order in which they lie.

#include "chain/base/bytes.hpp"
#include "chain/base/check.hpp"

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <utility>

namespace chain {

/// The first half of a hash: entries are filed under it, and found by it alone where it is all that somebody was told.
using HalfHash = std::array<std::uint8_t, 16>;
HalfHash first_half(const Hash& hash);

/// Mixed with a number that others do not know, so that nobody can choose hashes that meet in one bucket.
struct Scatter {
    std::uint64_t secret = 0;
    std::size_t operator()(const HalfHash& half) const;
};

template <class Value>
class HashMap {
public:
    // Where the object lies is random enough: no answer depends on it.
    HashMap() : entries_(0, Scatter{reinterpret_cast<std::uintptr_t>(this)}) {}

    /// Null where the hash is not here. Valid until this entry goes.
    Value* find(const Hash& hash) {
        const auto at = place_of(hash);
        return at == entries_.end() ? nullptr : &at->second.value;
    }
    const Value* find(const Hash& hash) const { return const_cast<HashMap*>(this)->find(hash); }
    bool contains(const Hash& hash) const { return find(hash) != nullptr; }

    /// The only entry whose hash begins so; null, too, where several do.
    const Value* find_only(const HalfHash& half) const {
        const auto [first, last] = entries_.equal_range(half);
        return first != last && std::next(first) == last ? &first->second.value : nullptr;
    }
    /// How many begin so.
    std::size_t count(const HalfHash& half) const { return entries_.count(half); }

    /// False where the hash is here already; then nothing changes.
    bool insert(const Hash& hash, Value value) {
        if (contains(hash)) return false;
        entries_.emplace(first_half(hash), Entry{hash, std::move(value)});
        return true;
    }
    std::optional<Value> take(const Hash& hash) {
        const auto at = place_of(hash);
        if (at == entries_.end()) return std::nullopt;
        std::optional<Value> out{std::move(at->second.value)};
        entries_.erase(at);
        return out;
    }
    bool erase(const Hash& hash) { return take(hash).has_value(); }

    std::size_t size() const { return entries_.size(); }
    bool empty() const { return entries_.empty(); }

private:
    struct Entry {
        Hash hash;
        Value value;
    };
    using Entries = std::unordered_multimap<HalfHash, Entry, Scatter>;

    typename Entries::iterator place_of(const Hash& hash) {
        const auto [first, last] = entries_.equal_range(first_half(hash));
        for (auto at = first; at != last; ++at)
            if (at->second.hash == hash) return at;
        return entries_.end();
    }

    Entries entries_;
};

}  // namespace chain
