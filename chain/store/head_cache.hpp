#pragma once
// What was read or written last of the head's flat state and branches. A block's root reads the same upper branches
// every time, and its batch needs the old values that the execution has just read.

#include "chain/base/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace store {

using chain::Bytes;
using chain::ByteView;

/// Entries of the database by their whole key, as they stand after one block. Thread-safe.
class HeadCache {
public:
    /// What is known of an entry: its value, or that it is absent.
    using Known = std::optional<Bytes>;

    /// Two halves of bytes_max / 2: when the young one is full the old one goes, and what is used moves to the young
    /// one.
    explicit HeadCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    /// Nothing where the entry is not known, or the cache stands at another block.
    std::optional<Known> find(std::uint32_t block, ByteView key);
    /// Ignored where the cache stands at another block.
    void remember(std::uint32_t block, ByteView key, const Known& value);
    /// The cache stands at `block` from now on; `change(put)` tells what the block wrote.
    template <class Change>
    void advance(std::uint32_t block, Change&& change) {
        const std::lock_guard lock{mutex_};
        block_ = block;
        change([this](ByteView key, const Known& value) { put(key, value); });
    }
    /// Bytes that the entries take, by estimate.
    std::size_t size() const;

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    struct Value {
        std::string bytes;
        bool is_present = false;
    };
    // By hash: nobody reads it in order.
    using Half = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

    void put(ByteView key, const Known& value);
    static std::size_t cost(std::string_view key, const Value& value);

    std::size_t bytes_max_;
    // Guards all below: RPC threads read the head while the next block is built. Held for one entry, or to note a
    // block's.
    mutable std::mutex mutex_;
    std::uint32_t block_ = 0;
    Half young_;
    Half old_;
    std::size_t young_bytes_ = 0;
    std::size_t old_bytes_ = 0;
};

}  // namespace store
