#pragma once
// Why a transaction may not enter a block: sp_runtime's TransactionValidityError, its encoding and its texts.
// Clients decode the bytes and people read the texts, so neither may differ from Substrate's.

#include "chain/codec/scale.hpp"

#include <cstdint>
#include <string>
#include <variant>

namespace chain {

/// Who brought the transaction (sp_runtime::transaction_validity::TransactionSource).
enum class TransactionSource : std::uint8_t { InBlock, Local, External };

/// The transaction itself is at fault (substrate-clients.md §2; indices are the encoding).
enum class InvalidTransaction : std::uint8_t {
    Call,
    Payment,
    Future,
    Stale,
    BadProof,
    AncientBirthBlock,
    ExhaustsResources,
    Custom,
    BadMandatory,
    MandatoryValidation,
    BadSigner,
    IndeterminateImplicit,
    UnknownOrigin
};

/// Its validity cannot be told.
enum class UnknownTransaction : std::uint8_t { CannotLookup, NoUnsignedValidator, Custom };

/// An InvalidTransaction with the byte that only `Custom` carries.
struct Invalid {
    InvalidTransaction reason{};
    std::uint8_t custom = 0;
    bool operator==(const Invalid&) const = default;
    void encode_to(Bytes& out) const;
    void decode_from(scale::Reader& in);
};

/// An UnknownTransaction with the byte that only `Custom` carries.
struct Unknown {
    UnknownTransaction reason{};
    std::uint8_t custom = 0;
    bool operator==(const Unknown&) const = default;
    void encode_to(Bytes& out) const;
    void decode_from(scale::Reader& in);
};

/// Encodes as sp_runtime's TransactionValidityError: 0 Invalid, 1 Unknown.
using ValidityError = std::variant<Invalid, Unknown>;

/// A refusal in one word: `return invalid(InvalidTransaction::Stale);`
inline std::unexpected<ValidityError> invalid(InvalidTransaction reason, std::uint8_t custom = 0) {
    return std::unexpected{ValidityError{Invalid{reason, custom}}};
}
inline std::unexpected<ValidityError> unknown(UnknownTransaction reason, std::uint8_t custom = 0) {
    return std::unexpected{ValidityError{Unknown{reason, custom}}};
}

/// Whether the error is this refusal, whatever its custom byte.
bool is(const ValidityError& error, InvalidTransaction reason);

/// The sentence that Substrate's nodes put into an RPC error's `data`: "Transaction is outdated".
std::string text(const ValidityError& error);

}  // namespace chain
