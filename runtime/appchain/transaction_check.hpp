#pragma once
// The signed extensions, in the order in which clients sign them: CheckNonZeroSender, CheckSpecVersion,
// CheckTxVersion, CheckGenesis, CheckMortality, CheckNonce, CheckWeight, ChargeTransactionPayment, CheckMetadataHash.
// What each of them refuses is a function or a line here; versions and genesis are part of what is signed.

#include "chain/block/extrinsic.hpp"
#include "chain/execution/executor.hpp"
#include "chain/execution/signature_cache.hpp"
#include "runtime/dispatch/call.hpp"
#include "runtime/frame/context.hpp"
#include "runtime/pallets/system/accounts.hpp"

namespace runtime {

/// A signed transaction whose form and signature are right.
struct SignedTransaction {
    chain::Hash hash;          ///< of the extrinsic with its length prefix
    std::uint32_t length = 0;  ///< bytes with the length prefix
    frame::AccountId signer;
    chain::Extra extra;
    DecodedCall call;
    std::uint64_t blocks_left = 0;  ///< how many blocks may still include it; ~0 for an immortal one
};

/// The block in which a transaction would run: what its signature and its era are held against.
struct Anchor {
    std::uint32_t number = 0;
    chain::Hash genesis;
};

/// Decodes and checks everything that does not depend on the sender's account: bytes, versions, genesis, mortality,
/// metadata hash, signature. `state` stands inside the block of `anchor`: System.BlockHash knows its parent.
/// Undecodable bytes are `Call`, a bare extrinsic is `NoUnsignedValidator`: nobody but the chain makes those.
chain::Result<SignedTransaction, chain::ValidityError> check_signed(const state::StateView& state, const Anchor& anchor,
                                                                    chain::ByteView extrinsic,
                                                                    chain::SignatureCache& signatures);

/// The sender, and how the transaction's nonce stands to the account's.
struct NonceCheck {
    frame_system::OpenAccount sender;
    bool is_future = false;
};
/// Stale for a nonce that was used; Payment for an account that does not exist and so cannot have one.
chain::Result<NonceCheck, chain::ValidityError> check_nonce(const state::StateView& state,
                                                            const SignedTransaction& transaction);

/// Custom{code} where the call is free only when due, and is not due.
chain::Result<void, chain::ValidityError> check_due(const state::StateView& state,
                                                    const SignedTransaction& transaction);

/// ExhaustsResources where no block could ever hold it.
chain::Result<void, chain::ValidityError> check_size(const frame::DispatchInfo& info, std::uint32_t length);

/// The tag by which the pool orders one account's transactions: account and nonce.
chain::Bytes nonce_tag(const frame::AccountId& account, std::uint32_t nonce);

}  // namespace runtime
