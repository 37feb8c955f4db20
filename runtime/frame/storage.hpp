#pragma once
// Storage items. A pallet declares them as members of one struct; the member's name is the item's name, and
// declare_storage gives each its key prefix, twox128(pallet) ++ twox128(ItemName), at compile time.
//
// Reading takes any StateView, so RPC and tests read typed storage from any block; writing takes the Overlay.
// Stored bytes are our own: that they decode is a check, not an error.

#include "chain/base/check.hpp"
#include "chain/codec/scale.hpp"
#include "chain/state/overlay.hpp"
#include "runtime/frame/hashers.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace frame {

using chain::Bytes;
using chain::ByteView;
using KeyPrefix = std::array<std::uint8_t, 32>;

namespace detail {

template <class T>
T decode_stored(ByteView bytes) {
    auto value = scale::decode<T>(bytes);
    chain::check(value.has_value());
    return *std::move(value);
}

template <class T>
std::optional<T> read(const state::StateView& state, ByteView key) {
    const auto bytes = state.get(key);
    return bytes ? std::optional{decode_stored<T>(*bytes)} : std::nullopt;
}

/// The key without its hash: what a concat hasher was given.
template <class K>
K key_from(scale::Reader& in, std::size_t hash_size) {
    in.take(hash_size);
    K key{};
    scale::decode(in, key);
    chain::check(!in.error());
    return key;
}

inline bool starts_with(ByteView text, ByteView prefix) {
    return text.size() >= prefix.size() && std::ranges::equal(text.first(prefix.size()), prefix);
}

/// The smallest key after `after` that starts with `prefix`.
inline std::optional<Bytes> next_under(const state::StateView& state, ByteView prefix, ByteView after) {
    auto key = state.next_key(after);
    return key && starts_with(*key, prefix) ? std::move(key) : std::nullopt;
}

}  // namespace detail

/// One value. Absent means T{}.
template <class T>
struct Value {
    std::string_view doc;
    KeyPrefix prefix{};

    Bytes key() const { return {prefix.begin(), prefix.end()}; }
    T get(const state::StateView& state) const { return detail::read<T>(state, prefix).value_or(T{}); }
    bool exists(const state::StateView& state) const { return state.get(prefix).has_value(); }
    void put(state::Overlay& state, const T& value) const { state.put(prefix, scale::encode(value)); }
    void remove(state::Overlay& state) const { state.erase(prefix); }
    /// Reads, lets `change(T&)` change it, writes back. Returns what `change` returns.
    auto update(state::Overlay& state, auto&& change) const;
};

/// One value that may be absent.
template <class T>
struct OptionalValue {
    std::string_view doc;
    KeyPrefix prefix{};

    Bytes key() const { return {prefix.begin(), prefix.end()}; }
    std::optional<T> get(const state::StateView& state) const { return detail::read<T>(state, prefix); }
    bool exists(const state::StateView& state) const { return state.get(prefix).has_value(); }
    void put(state::Overlay& state, const T& value) const { state.put(prefix, scale::encode(value)); }
    void remove(state::Overlay& state) const { state.erase(prefix); }
};

/// What Map and MapOr share: keys, and scans in key order. Every scan has a bound.
template <class H, class K, class V>
struct MapKeys {
    std::string_view doc;
    KeyPrefix prefix{};

    using Key = K;
    using Stored = V;
    using Hasher = H;
    using Entry = std::pair<K, V>;

    Bytes key(const K& k) const {
        Bytes out;
        out.reserve(prefix.size() + H::size + sizeof(K));
        chain::append(out, prefix);
        H::append(out, scale::encode(k));
        return out;
    }
    bool contains(const state::StateView& state, const K& k) const { return state.get(key(k)).has_value(); }
    void put(state::Overlay& state, const K& k, const V& value) const { state.put(key(k), scale::encode(value)); }
    void remove(state::Overlay& state, const K& k) const { state.erase(key(k)); }

    /// The entry with the smallest storage key.
    std::optional<Entry> first(const state::StateView& state) const { return entry_after(state, prefix); }
    /// The entry that follows k's place, whether or not k is there.
    std::optional<Entry> next(const state::StateView& state, const K& k) const { return entry_after(state, key(k)); }
    /// `visit(key, value)` for at most `limit` entries in key order, until it returns false (or void: never).
    void for_each(const state::StateView& state, std::size_t limit, auto&& visit) const;

    std::optional<Entry> entry_after(const state::StateView& state, ByteView after) const {
        const auto found = detail::next_under(state, prefix, after);
        if (!found) return std::nullopt;
        scale::Reader in{ByteView{*found}.subspan(prefix.size())};
        K k = detail::key_from<K>(in, H::size);
        auto value = detail::read<V>(state, *found);
        chain::check(value.has_value());
        return Entry{std::move(k), *std::move(value)};
    }
};

/// A map. Absent means none.
template <class H, class K, class V>
struct Map : MapKeys<H, K, V> {
    std::optional<V> get(const state::StateView& state, const K& k) const {
        return detail::read<V>(state, this->key(k));
    }
};

/// A map where absent means V{}.
template <class H, class K, class V>
struct MapOr : MapKeys<H, K, V> {
    V get(const state::StateView& state, const K& k) const {
        return detail::read<V>(state, this->key(k)).value_or(V{});
    }
};

/// A map with two keys; entries of one first key lie together.
template <class H1, class K1, class H2, class K2, class V>
struct DoubleMap {
    std::string_view doc;
    KeyPrefix prefix{};

    using Entry = std::pair<K2, V>;

    /// Where the entries of k1 begin.
    Bytes prefix_of(const K1& k1) const {
        Bytes out{prefix.begin(), prefix.end()};
        H1::append(out, scale::encode(k1));
        return out;
    }
    Bytes key(const K1& k1, const K2& k2) const {
        Bytes out = prefix_of(k1);
        H2::append(out, scale::encode(k2));
        return out;
    }
    std::optional<V> get(const state::StateView& state, const K1& k1, const K2& k2) const {
        return detail::read<V>(state, key(k1, k2));
    }
    bool contains(const state::StateView& state, const K1& k1, const K2& k2) const {
        return state.get(key(k1, k2)).has_value();
    }
    void put(state::Overlay& state, const K1& k1, const K2& k2, const V& value) const {
        state.put(key(k1, k2), scale::encode(value));
    }
    void remove(state::Overlay& state, const K1& k1, const K2& k2) const { state.erase(key(k1, k2)); }

    /// The smallest entry of k1.
    std::optional<Entry> first(const state::StateView& state, const K1& k1) const {
        return entry_after(state, k1, prefix_of(k1));
    }
    /// The entry of k1 that follows k2's place.
    std::optional<Entry> next(const state::StateView& state, const K1& k1, const K2& k2) const {
        return entry_after(state, k1, key(k1, k2));
    }
    /// `visit(k2, value)` for at most `limit` entries of k1, until it returns false (or void: never).
    void for_each(const state::StateView& state, const K1& k1, std::size_t limit, auto&& visit) const;
    /// `visit(k1, k2, value)` over the whole map, bounded alike.
    void for_each(const state::StateView& state, std::size_t limit, auto&& visit) const;

    std::optional<Entry> entry_after(const state::StateView& state, const K1& k1, ByteView after) const {
        const Bytes mine = prefix_of(k1);
        const auto found = detail::next_under(state, mine, after);
        if (!found) return std::nullopt;
        scale::Reader in{ByteView{*found}.subspan(mine.size())};
        K2 k2 = detail::key_from<K2>(in, H2::size);
        auto value = detail::read<V>(state, *found);
        chain::check(value.has_value());
        return Entry{std::move(k2), *std::move(value)};
    }
};

/// Gives every item of a Storage its key prefix.
template <reflect::Record Storage>
consteval Storage declare_storage(std::string_view pallet_name) {
    Storage storage{};
    reflect::for_each_index<reflect::field_count<Storage>>([&](auto i) {
        auto& prefix = reflect::field<i>(storage).prefix;
        const auto head = crypto::twox128(pallet_name);
        const auto tail = crypto::twox128(reflect::pascal_case(reflect::field_name<Storage, i>));
        std::copy(head.begin(), head.end(), prefix.begin());
        std::copy(tail.begin(), tail.end(), prefix.begin() + 16);
    });
    return storage;
}

namespace detail {

/// Calls `visit`; a void visitor always goes on.
bool go_on(auto&& visit, auto&&... arguments) {
    if constexpr (std::is_void_v<decltype(visit(arguments...))>) {
        visit(arguments...);
        return true;
    } else {
        return visit(arguments...);
    }
}

}  // namespace detail

template <class T>
auto Value<T>::update(state::Overlay& state, auto&& change) const {
    T value = get(state);
    if constexpr (std::is_void_v<decltype(change(value))>) {
        change(value);
        put(state, value);
    } else {
        auto result = change(value);
        put(state, value);
        return result;
    }
}

template <class H, class K, class V>
void MapKeys<H, K, V>::for_each(const state::StateView& state, std::size_t limit, auto&& visit) const {
    auto entry = first(state);
    for (std::size_t i = 0; entry && i < limit; ++i) {
        if (!detail::go_on(visit, entry->first, entry->second)) return;
        entry = next(state, entry->first);
    }
}

template <class H1, class K1, class H2, class K2, class V>
void DoubleMap<H1, K1, H2, K2, V>::for_each(const state::StateView& state, const K1& k1, std::size_t limit,
                                            auto&& visit) const {
    auto entry = first(state, k1);
    for (std::size_t i = 0; entry && i < limit; ++i) {
        if (!detail::go_on(visit, entry->first, entry->second)) return;
        entry = next(state, k1, entry->first);
    }
}

template <class H1, class K1, class H2, class K2, class V>
void DoubleMap<H1, K1, H2, K2, V>::for_each(const state::StateView& state, std::size_t limit, auto&& visit) const {
    Bytes at{prefix.begin(), prefix.end()};
    for (std::size_t i = 0; i < limit; ++i) {
        auto found = detail::next_under(state, prefix, at);
        if (!found) return;
        scale::Reader in{ByteView{*found}.subspan(prefix.size())};
        const K1 k1 = detail::key_from<K1>(in, H1::size);
        const K2 k2 = detail::key_from<K2>(in, H2::size);
        if (!detail::go_on(visit, k1, k2, *detail::read<V>(state, *found))) return;
        at = *std::move(found);
    }
}

}  // namespace frame
