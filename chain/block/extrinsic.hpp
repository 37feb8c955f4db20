#pragma once
// Extrinsics of version 4: bare (4 ‖ call) or signed (0x84 ‖ signer ‖ signature ‖ extra ‖ call). The signer is an
// AccountId20 and the signature an EthereumSignature, so no tags stand before them.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"
#include "chain/block/era.hpp"
#include "chain/codec/scale.hpp"
#include "chain/crypto/account.hpp"
#include "chain/crypto/signature.hpp"

#include <optional>
#include <string_view>

namespace chain {

using crypto::AccountId;
using crypto::SecretKey;
using crypto::Signature;

/// What the signed extensions add to a transaction, in their order: CheckNonZeroSender, CheckSpecVersion,
/// CheckTxVersion, CheckGenesis (nothing), CheckMortality (era), CheckNonce, CheckWeight (nothing),
/// ChargeTransactionPayment (tip), CheckMetadataHash (mode; 0 = off).
struct Extra {
    Era era;
    scale::Compact<std::uint32_t> nonce;
    /// Base units of TPH for the author of the block, beyond the fee.
    scale::Compact<u128> tip;
    std::uint8_t metadata_hash_mode = 0;
    bool operator==(const Extra&) const = default;
};

struct SignedPart {
    AccountId signer;
    Signature signature;
    Extra extra;
    bool operator==(const SignedPart&) const = default;
};

/// A decoded extrinsic; its call stays encoded, for only the runtime knows the calls.
struct Transaction {
    std::optional<SignedPart> signed_part;
    Bytes call;
    bool operator==(const Transaction&) const = default;
};

/// UnknownVersion: the first byte is neither 0x04 nor 0x84. Malformed: it ends too early or holds a bad value.
/// BadLengthPrefix: the prefix is missing, not shortest, or not the number of bytes that follow.
enum class ExtrinsicError : std::uint8_t { UnknownVersion, Malformed, BadLengthPrefix };

/// What a person reads.
std::string_view text(ExtrinsicError error);

/// Whatever decodes encodes to the same bytes again.
Result<Transaction, ExtrinsicError> decode_extrinsic(ByteView without_prefix);
/// Without the length prefix.
Bytes encode_extrinsic(const Transaction& transaction);

/// JSON-RPC and the trie carry an extrinsic with its length before it; blocks and the pool carry it without.
Bytes with_length_prefix(ByteView extrinsic);
Result<Bytes, ExtrinsicError> without_length_prefix(ByteView prefixed);

/// What a signature covers beyond the transaction's own bytes.
struct SigningContext {
    std::uint32_t spec_version = 0;
    std::uint32_t transaction_version = 0;
    Hash genesis;
    /// Hash of the block where the era begins; the genesis hash for an immortal one.
    Hash birth_block;
    bool operator==(const SigningContext&) const = default;
};

/// call ‖ extra ‖ spec version ‖ transaction version ‖ genesis ‖ birth block ‖ no metadata hash.
/// `crypto::ethereum_message_digest` makes it the 32 bytes that are signed.
Bytes signing_payload(ByteView call, const Extra& extra, const SigningContext& context);

/// A whole signed extrinsic, without the length prefix.
Bytes sign_extrinsic(const SecretKey& key, Bytes call, const Extra& extra, const SigningContext& context);

/// Whether the transaction is signed, and by the key of the signer that it names, in this context.
bool signature_holds(const Transaction& transaction, const SigningContext& context);

}  // namespace chain
