#pragma once
// What block sync and block files share: who proves the next blocks of a ledger, and storing what was proved.

#include "chain/ledger/ledger.hpp"
#include "chain/sync/window.hpp"

namespace node {

/// The ledger's last final block, and the validators of the epoch that comes after it.
block_sync::Local local_of(const ledger::Ledger& ledger);

/// Executes and stores proved blocks, each step with the ledger free for others between them. Blocks that became final
/// meanwhile are fine. Fault: the disk's, or a final block that is bad here.
chain::Result<void> store_proved(ledger::Ledger& ledger, const block_sync::Proved& proved);

}  // namespace node
