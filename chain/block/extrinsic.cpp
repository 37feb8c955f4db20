#include "chain/block/extrinsic.hpp"

#include <array>

namespace chain {

namespace {

constexpr std::uint8_t bare = 0x04;
constexpr std::uint8_t signed_bit = 0x80;

/// What follows the extra in a payload: each signed extension's additionalSigned, in order.
struct AdditionalSigned {
    std::uint32_t spec_version;
    std::uint32_t transaction_version;
    Hash genesis;
    Hash birth_block;
    std::optional<Hash> metadata_hash;
};

}  // namespace

std::string_view text(ExtrinsicError error) {
    switch (error) {
        case ExtrinsicError::UnknownVersion: return "the extrinsic is not of version 4";
        case ExtrinsicError::Malformed: return "the extrinsic's bytes do not decode";
        case ExtrinsicError::BadLengthPrefix: return "the extrinsic's length prefix does not fit its bytes";
    }
    return "unknown";
}

Result<Transaction, ExtrinsicError> decode_extrinsic(ByteView without_prefix) {
    if (without_prefix.empty()) return std::unexpected{ExtrinsicError::Malformed};
    const std::uint8_t version = without_prefix.front();
    scale::Reader in{without_prefix.subspan(1)};
    Transaction transaction;
    if (version == (bare | signed_bit)) scale::decode(in, transaction.signed_part.emplace());
    else if (version != bare) return std::unexpected{ExtrinsicError::UnknownVersion};
    if (in.error()) return std::unexpected{ExtrinsicError::Malformed};
    transaction.call = to_bytes(in.rest());
    return transaction;
}

Bytes encode_extrinsic(const Transaction& transaction) {
    Bytes out;
    out.push_back(transaction.signed_part ? bare | signed_bit : bare);
    if (transaction.signed_part) scale::encode(*transaction.signed_part, out);
    append(out, transaction.call);
    return out;
}

Bytes with_length_prefix(ByteView extrinsic) {
    Bytes out;
    out.reserve(extrinsic.size() + 5);
    scale::encode_compact(extrinsic.size(), out);
    append(out, extrinsic);
    return out;
}

Result<Bytes, ExtrinsicError> without_length_prefix(ByteView prefixed) {
    scale::Reader in{prefixed};
    const u128 size = scale::decode_compact(in);
    if (in.error() || size != in.left()) return std::unexpected{ExtrinsicError::BadLengthPrefix};
    return to_bytes(in.rest());
}

Bytes signing_payload(ByteView call, const Extra& extra, const SigningContext& context) {
    Bytes payload = to_bytes(call);
    scale::encode(extra, payload);
    scale::encode(AdditionalSigned{.spec_version = context.spec_version,
                                   .transaction_version = context.transaction_version,
                                   .genesis = context.genesis,
                                   .birth_block = context.birth_block,
                                   .metadata_hash = std::nullopt},
                  payload);
    return payload;
}

Bytes sign_extrinsic(const SecretKey& key, Bytes call, const Extra& extra, const SigningContext& context) {
    const Hash digest = crypto::ethereum_message_digest(signing_payload(call, extra, context));
    return encode_extrinsic(
        {.signed_part = SignedPart{key.account(), key.sign(digest), extra}, .call = std::move(call)});
}

bool signature_holds(const Transaction& transaction, const SigningContext& context) {
    if (!transaction.signed_part) return false;
    const SignedPart& part = *transaction.signed_part;
    const Bytes payload = signing_payload(transaction.call, part.extra, context);
    const auto signer = crypto::recover(crypto::ethereum_message_digest(payload), part.signature);
    return signer && *signer == part.signer;
}

}  // namespace chain
