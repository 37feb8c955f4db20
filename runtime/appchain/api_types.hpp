#pragma once
// What runtime APIs take and return, in the shapes that clients know from polkadot-sdk.

#include "chain/block/block.hpp"
#include "chain/execution/validity.hpp"
#include "chain/execution/version.hpp"
#include "runtime/frame/context.hpp"

namespace runtime {

/// A whole extrinsic as clients send it, with its length prefix.
struct OpaqueExtrinsic {
    chain::Bytes bytes;  ///< without the prefix
    bool operator==(const OpaqueExtrinsic&) const = default;
    void encode_to(chain::Bytes& out) const { scale::encode(bytes, out); }
    void decode_from(scale::Reader& in) { scale::decode(in, bytes); }
};

/// Metadata as an API returns it: bytes with their length before them.
struct OpaqueMetadata {
    chain::Bytes value;
    static constexpr std::string_view metadata_path = "sp_core::OpaqueMetadata";
};

/// What an extrinsic would cost.
struct RuntimeDispatchInfo {
    frame::Weight weight;
    frame::DispatchClass class_{};
    chain::Balance partial_fee{};  ///< base units, without the tip; 0 for a bare extrinsic
    static constexpr std::string_view metadata_path = "pallet_transaction_payment::types::RuntimeDispatchInfo";
};

/// What the pool needs to know about a transaction that may enter it.
struct ValidTransaction {
    std::uint64_t priority{};
    std::vector<chain::Bytes> requires_;
    std::vector<chain::Bytes> provides;
    std::uint64_t longevity{};
    bool propagate{};
    static constexpr std::string_view metadata_path = "sp_runtime::transaction_validity::ValidTransaction";
};

/// chain::ValidityError as metadata shows it; that type writes its own bytes.
namespace shape {
struct Call {};
struct Payment {};
struct Future {};
struct Stale {};
struct BadProof {};
struct AncientBirthBlock {};
struct ExhaustsResources {};
struct Custom {
    std::uint8_t value{};
};
struct BadMandatory {};
struct MandatoryValidation {};
struct BadSigner {};
struct IndeterminateImplicit {};
struct UnknownOrigin {};
struct InvalidTransaction {
    std::variant<Call, Payment, Future, Stale, BadProof, AncientBirthBlock, ExhaustsResources, Custom, BadMandatory,
                 MandatoryValidation, BadSigner, IndeterminateImplicit, UnknownOrigin>
        value;
    static constexpr std::string_view metadata_path = "sp_runtime::transaction_validity::InvalidTransaction";
};
struct CannotLookup {};
struct NoUnsignedValidator {};
struct UnknownTransaction {
    std::variant<CannotLookup, NoUnsignedValidator, Custom> value;
    static constexpr std::string_view metadata_path = "sp_runtime::transaction_validity::UnknownTransaction";
};
struct Invalid {
    InvalidTransaction value;
};
struct Unknown {
    UnknownTransaction value;
};
struct TransactionValidityError {
    std::variant<Invalid, Unknown> value;
    static constexpr std::string_view metadata_path = "sp_runtime::transaction_validity::TransactionValidityError";
};
}  // namespace shape

/// The outcome of `validate_transaction`. Encodes as sp_runtime's TransactionValidity.
struct TransactionValidity {
    chain::Result<ValidTransaction, chain::ValidityError> value;
    using metadata_shape = chain::Result<ValidTransaction, shape::TransactionValidityError>;

    void encode_to(chain::Bytes& out) const {
        out.push_back(value ? 0 : 1);
        if (value) scale::encode(*value, out);
        else scale::encode(value.error(), out);
    }
    void decode_from(scale::Reader& in) {
        bool refused{};
        scale::decode(in, refused);
        if (refused) {
            chain::ValidityError error;
            scale::decode(in, error);
            value = std::unexpected{error};
        } else {
            ValidTransaction valid;
            scale::decode(in, valid);
            value = std::move(valid);
        }
    }
};

}  // namespace runtime
