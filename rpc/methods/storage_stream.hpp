#pragma once
// state_subscribeStorage: the values under some keys in the best block, then what each new best block changes of them.

#include "chain/ledger/ledger.hpp"
#include "rpc/schema/state.hpp"
#include "rpc/schema/table.hpp"

namespace rpc {

/// A value of the storage as clients read it; none stays none.
inline std::optional<HexBytes> hex(std::optional<Bytes> bytes) {
    return bytes ? std::optional{HexBytes{*std::move(bytes)}} : std::nullopt;
}

/// Pushes the current values before it returns. After a switch to another branch all values go out again.
Keep follow_storage(ledger::Ledger& ledger, std::vector<Bytes> keys, Sink<StorageChanges> sink);

}  // namespace rpc
