#pragma once
// How metadata describes the signed extensions. Clients find them by identifier and write what the types say:
// `Extra` goes into the extrinsic, `Additional` only under the signature. What they check: transaction_check.hpp.

#include "chain/block/era.hpp"
#include "chain/codec/scale.hpp"

#include <tuple>

namespace runtime::extension {

using Nothing = std::tuple<>;

struct CheckNonZeroSender {
    static constexpr std::string_view metadata_path =
        "frame_system::extensions::check_non_zero_sender::CheckNonZeroSender";
    using Additional = Nothing;
};
struct CheckSpecVersion {
    static constexpr std::string_view metadata_path = "frame_system::extensions::check_spec_version::CheckSpecVersion";
    using Additional = std::uint32_t;
};
struct CheckTxVersion {
    static constexpr std::string_view metadata_path = "frame_system::extensions::check_tx_version::CheckTxVersion";
    using Additional = std::uint32_t;
};
struct CheckGenesis {
    static constexpr std::string_view metadata_path = "frame_system::extensions::check_genesis::CheckGenesis";
    using Additional = chain::Hash;
};
struct CheckMortality {
    static constexpr std::string_view metadata_path = "frame_system::extensions::check_mortality::CheckMortality";
    chain::Era value;
    using Additional = chain::Hash;
};
struct CheckNonce {
    static constexpr std::string_view metadata_path = "frame_system::extensions::check_nonce::CheckNonce";
    scale::Compact<std::uint32_t> value;
    using Additional = Nothing;
};
struct CheckWeight {
    static constexpr std::string_view metadata_path = "frame_system::extensions::check_weight::CheckWeight";
    using Additional = Nothing;
};
struct ChargeTransactionPayment {
    static constexpr std::string_view metadata_path = "pallet_transaction_payment::ChargeTransactionPayment";
    scale::Compact<scale::u128> value;
    using Additional = Nothing;
};
/// Enabled is refused: this runtime does not publish a metadata digest.
enum class Mode : std::uint8_t { Disabled, Enabled };
constexpr std::string_view metadata_path(Mode) { return "frame_metadata_hash_extension::Mode"; }
struct CheckMetadataHash {
    static constexpr std::string_view metadata_path = "frame_metadata_hash_extension::CheckMetadataHash";
    Mode mode{};
    using Additional = std::optional<std::array<std::uint8_t, 32>>;
};

/// In the order in which they are signed.
using All = std::tuple<CheckNonZeroSender, CheckSpecVersion, CheckTxVersion, CheckGenesis, CheckMortality, CheckNonce,
                       CheckWeight, ChargeTransactionPayment, CheckMetadataHash>;

}  // namespace runtime::extension
