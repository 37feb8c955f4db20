#pragma once
// "At which block?": the best one unless a request names another. Errors are polkadot-sdk's (client/rpc-api state:
// 4003).

#include "chain/ledger/ledger.hpp"
#include "rpc/schema/error.hpp"

namespace rpc {

/// A request's `at`, or the best block.
Hash block_at(const ledger::Ledger& ledger, const std::optional<Hash>& at);

/// The state after that block; an error where the block is unknown or its state discarded.
Answer<std::shared_ptr<const state::StateView>> state_at(const ledger::Ledger& ledger, const std::optional<Hash>& at);

/// Runs a runtime API on that state.
Answer<Bytes> runtime_call(const ledger::Ledger& ledger, const std::optional<Hash>& at, std::string_view method,
                           ByteView arguments);

/// 4003 in the words of polkadot-sdk's client.
Error client_error(std::string_view what);

}  // namespace rpc
