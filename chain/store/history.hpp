#pragma once
// The state after a final block, read from the flat state and from what later blocks overwrote.

#include "chain/store/database.hpp"
#include "chain/store/head_cache.hpp"
#include "chain/store/keys.hpp"
#include "chain/store/store.hpp"

#include <cstdint>
#include <memory>
#include <optional>

namespace store {

/// What stands under a history entry: the value before the block, or that there was none.
Bytes encode_old(const std::optional<Bytes>& value);
std::optional<Bytes> decode_old(ByteView entry);

/// The state after the head of `moment`, or after an older block. A key's value after block n is what the first later
/// change overwrote; the current value where no later block changed it.
class StoreSnapshot : public Snapshot {
public:
    /// After the head. The cache outlives the snapshot's first later block: from then on it answers nothing.
    StoreSnapshot(Database::MomentPtr moment, std::uint32_t head, std::shared_ptr<HeadCache> cache)
        : moment_(std::move(moment)), number_(head), cache_(std::move(cache)), can_prove_(true) {}
    /// After an older block, read through the history. `can_prove`: the branches' history reaches back that far.
    StoreSnapshot(Database::MomentPtr moment, std::uint32_t number, bool can_prove)
        : moment_(std::move(moment)), number_(number), can_prove_(can_prove) {}

    std::optional<Bytes> get(ByteView key) const override { return value(Table::State, key); }
    std::optional<Bytes> next_key(ByteView after) const override;
    std::optional<Bytes> node(ByteView path) const override { return value(Table::Nodes, path); }
    bool can_prove() const override { return can_prove_; }

private:
    std::optional<Bytes> value(Table table, ByteView key) const;
    std::optional<Bytes> head_value(const Bytes& entry) const;
    std::optional<Bytes> next_current(ByteView after) const;
    std::optional<Bytes> next_changed(ByteView after) const;

    Database::MomentPtr moment_;
    std::uint32_t number_;
    std::shared_ptr<HeadCache> cache_;  // null: not the head
    bool can_prove_;
};

}  // namespace store
