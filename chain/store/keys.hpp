#pragma once
// Where things stand in the database: one letter per column, then a key whose byte order is the order we scan in.

#include "chain/base/bytes.hpp"

#include <cstdint>
#include <optional>

namespace store {

using chain::Bytes;
using chain::ByteView;
using chain::Hash;

/// What history is kept of: flat state by raw key, and trie branches by path.
enum class Table : std::uint8_t { State = 'S', Nodes = 'N' };

namespace keys {

/// `S` or `N`, then the key as it is.
Bytes current(Table table, ByteView key);
/// `D` `k` table, the key (escaped, so that no key is the beginning of another), the number big-endian: the value that
/// `key` had before that block.
Bytes old_value(Table table, ByteView key, std::uint32_t number);
/// The part of old_value that all numbers share.
Bytes old_values(Table table, ByteView key);
/// `D` `b` table number: the keys that the block changed.
Bytes changed_keys(Table table, std::uint32_t number);
/// `B` hash, `C` hash, `H` `h` hash, `H` `n` number.
Bytes body(const Hash& block);
Bytes certificate(const Hash& block);
Bytes header(const Hash& block);
Bytes number(std::uint32_t number);
/// `M` name.
Bytes meta(std::string_view name);
/// `P` epoch view kind, numbers big-endian; and what all of them begin with.
Bytes proof(std::uint64_t epoch, std::uint64_t view, std::uint8_t kind);
Bytes proofs();
bool is_proof(ByteView entry);

/// The raw key of an `S` or `N` entry; nothing for another column.
std::optional<ByteView> current_key(Table table, ByteView entry);
/// The key inside an old_value entry; nothing for another column or table.
std::optional<Bytes> old_value_key(Table table, ByteView entry);

}  // namespace keys
}  // namespace store
