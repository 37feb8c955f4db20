#pragma once
// The chain's types in the shapes that clients read.

#include "chain/block/block.hpp"
#include "chain/execution/version.hpp"
#include "chain/pool/status.hpp"
#include "rpc/schema/author.hpp"
#include "rpc/schema/chain.hpp"
#include "rpc/schema/state.hpp"

namespace rpc {

HeaderView view(const chain::Header& header);
GetBlock::SignedBlock view(const chain::Block& block);
RuntimeVersionView view(const chain::RuntimeVersion& version);
WatchStatus view(const pool::TransactionStatus& status);

}  // namespace rpc
