#include "runtime/appchain/block_execution.hpp"

#include "runtime/dispatch/hooks.hpp"
#include "runtime/pallets/system/accounts.hpp"
#include "runtime/pallets/transaction_payment/transaction_payment.hpp"
#include "runtime/pallets/validators/validators.hpp"

namespace runtime {

using chain::DispatchOutcome;
using chain::invalid;
using chain::InvalidTransaction;
using chain::Result;
using chain::ValidityError;
using frame::DispatchClass;
using frame::DispatchInfo;
using frame::Weight;
using frame_system::block_length;
using frame_system::block_weights;

BlockExecution::BlockExecution(const state::StateView& parent, const BlockOpening& opening,
                               chain::SignatureCache& signatures)
    : signatures_(signatures),
      state_(parent),
      block_{.number = opening.number,
             .parent_hash = opening.parent_hash,
             .author = validators::author_of(parent, opening.digest)} {
    frame_system::initialize(state_, opening.number, opening.parent_hash, opening.digest);
    anchor_ = {.number = opening.number, .genesis = frame_system::genesis_hash(state_)};
    open();
}

void BlockExecution::open() {
    events_.enter({frame::Initialization{}});
    frame::Context inside = context(frame::Root{});
    const Weight own = block_weights.base_block + frame_system::weights::block_frame();
    used_.weight.mandatory = own + runtime::run_on_initialize(inside);
}

bool BlockExecution::fits(const DispatchInfo& info, std::uint32_t length) const {
    if (!check_size(info, length)) return false;
    if (std::uint64_t{used_.length} + length > block_length.max.of(info.class_)) return false;
    const auto& limit = block_weights.per_class.of(info.class_);

    auto after = used_.weight;
    after.of(info.class_) += limit.base_extrinsic + info.weight;
    const Weight of_class = after.of(info.class_);
    if (limit.max_total && !frame::fits(of_class, *limit.max_total)) return false;
    // A class may use its reserve even where the others have filled the block.
    const bool within_block = frame::fits(frame_system::total(after), block_weights.max_block);
    return within_block || !limit.reserved || frame::fits(of_class, *limit.reserved);
}

void BlockExecution::note_used(const DispatchInfo& info, Weight unused, std::uint32_t length) {
    auto& of_class = used_.weight.of(info.class_);
    of_class += block_weights.per_class.of(info.class_).base_extrinsic + (info.weight - unused);
    used_.length += length;
    ++used_.extrinsics;
}

bool BlockExecution::has_room() const {
    return fits({.weight = {}, .class_ = DispatchClass::Normal, .pays_fee = frame::Pays::Yes}, 150);
}

Result<void, ValidityError> BlockExecution::apply_inherent(chain::ByteView extrinsic) {
    const auto refusal = [] { return invalid(InvalidTransaction::BadMandatory); };
    if (used_.extrinsics != 0) return refusal();
    const auto decoded = chain::decode_extrinsic(extrinsic);
    if (!decoded || decoded->signed_part) return refusal();
    const auto call = DecodedCall::decode(decoded->call);
    if (!call || call->info().class_ != DispatchClass::Mandatory) return refusal();

    events_.enter({frame::ApplyExtrinsic{0}});
    frame::Context inside = context(frame::None{});
    const auto result = call->dispatch(inside);
    if (!result) return refusal();
    auto info = call->info();
    note_used(info, inside.unused, static_cast<std::uint32_t>(chain::with_length_prefix(extrinsic).size()));
    info.weight = info.weight - inside.unused + block_weights.per_class.mandatory.base_extrinsic;
    frame_system::note_applied(inside, result, info);
    return {};
}

Result<DispatchOutcome, ValidityError> BlockExecution::apply(chain::ByteView extrinsic) {
    TRY(const auto transaction, check_signed(state_, anchor_, extrinsic, signatures_));
    TRY(auto nonce, check_nonce(state_, transaction));
    if (nonce.is_future) return invalid(InvalidTransaction::Future);
    if (!fits(transaction.call.info(), transaction.length)) return invalid(InvalidTransaction::ExhaustsResources);
    TRY_VOID(check_due(state_, transaction));
    return run(transaction, std::move(nonce.sender));
}

Result<DispatchOutcome, ValidityError> BlockExecution::run(const SignedTransaction& transaction,
                                                           frame_system::OpenAccount sender) {
    const auto& declared = transaction.call.info();
    events_.enter({frame::ApplyExtrinsic{used_.extrinsics}});

    // What precedes the call stands whether or not the call fails: the nonce is used and the fee is paid.
    frame::Context outside = context(frame::Signed{transaction.signer});
    const auto fee = transaction_payment::inclusion_fee(state_, transaction.length, declared);
    ++sender.info.nonce;
    const auto charge = transaction_payment::withdraw(outside, sender, fee, transaction.extra.tip.value);
    if (!charge) return invalid(InvalidTransaction::Payment);

    frame::Context inside = context(frame::Signed{transaction.signer});
    const auto result = transaction.call.dispatch(inside);

    DispatchInfo actual = declared;
    actual.weight = declared.weight - inside.unused;
    if (inside.pays == frame::Pays::No) actual.pays_fee = frame::Pays::No;
    transaction_payment::settle(
        outside, *charge,
        actual == declared ? fee : transaction_payment::inclusion_fee(state_, transaction.length, actual));
    note_used(declared, inside.unused, transaction.length);
    actual.weight += block_weights.per_class.of(declared.class_).base_extrinsic;
    frame_system::note_applied(outside, result, actual);
    return result ? DispatchOutcome::Success : DispatchOutcome::Failed;
}

BlockExecution::Finished BlockExecution::finish() {
    events_.enter({frame::Finalization{}});
    frame_system::note_used(state_, used_);
    frame::Context inside = context(frame::Root{});
    run_on_finalize(inside);
    frame_system::finalize(state_, events_);
    auto digest = frame_system::storage.digest.get(state_);
    return {state_.take(), std::move(digest)};
}

}  // namespace runtime
