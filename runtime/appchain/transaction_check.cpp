#include "runtime/appchain/transaction_check.hpp"

namespace runtime {

using chain::invalid;
using chain::InvalidTransaction;
using chain::Result;
using chain::unknown;
using chain::UnknownTransaction;
using chain::ValidityError;

namespace {

/// CheckMortality: the hash of the block in which the transaction's window begins, or AncientBirthBlock.
Result<chain::Hash, ValidityError> birth_block(const state::StateView& state, const Anchor& anchor,
                                               const chain::Era& era) {
    if (era.is_immortal()) return anchor.genesis;
    const std::uint64_t birth = era.birth(anchor.number);
    // A window that begins with the block being made: nobody can have known its hash.
    if (birth >= anchor.number) return invalid(InvalidTransaction::AncientBirthBlock);
    const auto hash = frame_system::storage.block_hash.get(state, static_cast<std::uint32_t>(birth));
    if (hash == chain::Hash{}) return invalid(InvalidTransaction::AncientBirthBlock);
    return hash;
}

/// Who signed; the cache saves the recovery for a transaction that the pool has seen.
Result<void, ValidityError> check_signature(const chain::Transaction& transaction, const chain::Hash& hash,
                                            const chain::SigningContext& context, chain::SignatureCache& signatures) {
    const auto& part = *transaction.signed_part;
    if (const auto known = signatures.find(hash, context); known == part.signer) return {};
    const auto payload = chain::signing_payload(transaction.call, part.extra, context);
    const auto digest = crypto::ethereum_message_digest(payload);
    const auto signer = crypto::recover(digest, part.signature);
    if (!signer || *signer != part.signer) return invalid(InvalidTransaction::BadProof);
    signatures.remember(hash, context, *signer);
    return {};
}

}  // namespace

Result<SignedTransaction, ValidityError> check_signed(const state::StateView& state, const Anchor& anchor,
                                                      chain::ByteView extrinsic, chain::SignatureCache& signatures) {
    const auto decoded = chain::decode_extrinsic(extrinsic);
    if (!decoded) return invalid(InvalidTransaction::Call);
    if (!decoded->signed_part) return unknown(UnknownTransaction::NoUnsignedValidator);
    const auto& part = *decoded->signed_part;

    auto call = DecodedCall::decode(decoded->call);
    if (!call) return invalid(InvalidTransaction::Call);
    // An inherent is the chain's own; a signature does not make it a user's.
    if (call->info().class_ == frame::DispatchClass::Mandatory) return invalid(InvalidTransaction::BadMandatory);
    if (part.signer == frame::AccountId{}) return invalid(InvalidTransaction::BadSigner);
    if (part.extra.metadata_hash_mode != 0) return unknown(UnknownTransaction::CannotLookup);

    TRY(const auto birth_hash, birth_block(state, anchor, part.extra.era));
    const chain::SigningContext context{.spec_version = frame_system::spec_version,
                                        .transaction_version = frame_system::transaction_version,
                                        .genesis = anchor.genesis,
                                        .birth_block = birth_hash};
    const auto hash = chain::extrinsic_hash(extrinsic);
    TRY_VOID(check_signature(*decoded, hash, context, signatures));

    chain::Bytes prefix;
    scale::encode_compact(extrinsic.size(), prefix);
    const auto& era = part.extra.era;
    return SignedTransaction{
        .hash = hash,
        .length = static_cast<std::uint32_t>(prefix.size() + extrinsic.size()),
        .signer = part.signer,
        .extra = part.extra,
        .call = *std::move(call),
        .blocks_left = era.is_immortal() ? ~std::uint64_t{0} : era.death(anchor.number) - anchor.number};
}

Result<NonceCheck, ValidityError> check_nonce(const state::StateView& state, const SignedTransaction& transaction) {
    auto sender = frame_system::open_account(state, transaction.signer);
    const auto& account = sender.info;
    if (account.providers == 0 && account.sufficients == 0) return invalid(InvalidTransaction::Payment);
    const std::uint32_t nonce = transaction.extra.nonce.value;
    // The last nonce is never used up: the counter could not go on.
    if (nonce < account.nonce || nonce == ~std::uint32_t{0}) return invalid(InvalidTransaction::Stale);
    const bool is_future = nonce > account.nonce;
    return NonceCheck{.sender = std::move(sender), .is_future = is_future};
}

Result<void, ValidityError> check_due(const state::StateView& state, const SignedTransaction& transaction) {
    if (const auto due = transaction.call.check_due(state, transaction.signer); !due)
        return invalid(InvalidTransaction::Custom, due.error().code);
    return {};
}

Result<void, ValidityError> check_size(const frame::DispatchInfo& info, std::uint32_t length) {
    const auto& limit = frame_system::block_weights.per_class.of(info.class_);
    if ((limit.max_extrinsic && !frame::fits(info.weight, *limit.max_extrinsic)) ||
        length > frame_system::block_length.max.of(info.class_))
        return invalid(InvalidTransaction::ExhaustsResources);
    return {};
}

chain::Bytes nonce_tag(const frame::AccountId& account, std::uint32_t nonce) {
    chain::Bytes tag = scale::encode(account);
    scale::encode(nonce, tag);
    return tag;
}

}  // namespace runtime
