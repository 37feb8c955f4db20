#pragma once
// The pool's words for what became of a transaction, and for why one was refused, under the ledger's name.

#include "chain/pool/refusal.hpp"
#include "chain/pool/status.hpp"

namespace ledger {

/// As author_submitAndWatchExtrinsic reports it.
using pool::is_last;
using pool::TransactionStatus;

/// A refused extrinsic as author_submitExtrinsic reports it: 1010 Invalid Transaction, …, 1016.
using SubmitError = pool::Refusal;

}  // namespace ledger
