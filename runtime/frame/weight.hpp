#pragma once
// What a call costs: computation in picoseconds of the reference machine and bytes of state proof.

#include "chain/codec/scale.hpp"

#include <algorithm>
#include <cstdint>

namespace frame {

/// Two dimensions, both limited per block. Arithmetic saturates: a weight is a budget, not money.
struct Weight {
    std::uint64_t ref_time{};    ///< picoseconds (10⁻¹² s) on the reference machine
    std::uint64_t proof_size{};  ///< bytes

    static constexpr std::string_view metadata_path = "sp_weights::weight_v2::Weight";
    /// On the wire both members are compact: a client reads two plain fields as the older one-dimensional weight.
    struct Wire {
        scale::Compact<std::uint64_t> ref_time;
        scale::Compact<std::uint64_t> proof_size;
    };
    using metadata_shape = Wire;

    bool operator==(const Weight&) const = default;

    void encode_to(chain::Bytes& out) const { scale::encode(Wire{{ref_time}, {proof_size}}, out); }
    void decode_from(scale::Reader& in) {
        Wire wire;
        scale::decode(in, wire);
        *this = {wire.ref_time.value, wire.proof_size.value};
    }
};

constexpr Weight operator+(Weight a, Weight b) {
    return {chain::saturating_add(a.ref_time, b.ref_time), chain::saturating_add(a.proof_size, b.proof_size)};
}
constexpr Weight operator-(Weight a, Weight b) {
    return {chain::saturating_sub(a.ref_time, b.ref_time), chain::saturating_sub(a.proof_size, b.proof_size)};
}
constexpr Weight operator*(Weight a, std::uint64_t times) {
    return {chain::saturating_mul(a.ref_time, times), chain::saturating_mul(a.proof_size, times)};
}
constexpr Weight& operator+=(Weight& a, Weight b) { return a = a + b; }

/// True when `part` fits into `whole` in both dimensions.
constexpr bool fits(Weight part, Weight whole) {
    return part.ref_time <= whole.ref_time && part.proof_size <= whole.proof_size;
}

/// The larger of each dimension.
constexpr Weight larger(Weight a, Weight b) {
    return {std::max(a.ref_time, b.ref_time), std::max(a.proof_size, b.proof_size)};
}

/// Weight of `reads` and `writes` of one storage item each, beside a call's own computation.
constexpr Weight storage_weight(std::uint64_t reads, std::uint64_t writes) {
    return Weight{5'000'000, 400} * reads + Weight{10'000'000, 0} * writes;
}

/// Which share of a block a call competes for.
enum class DispatchClass : std::uint8_t {
    Normal,       ///< what users pay for; at most three quarters of a block
    Operational,  ///< machine calls that are due: their share stays free of users' calls
    Mandatory,    ///< inherents and hooks: always run
};
constexpr std::string_view metadata_path(DispatchClass) { return "frame_support::dispatch::DispatchClass"; }

/// Whether the signer pays a fee.
enum class Pays : std::uint8_t { Yes, No };
constexpr std::string_view metadata_path(Pays) { return "frame_support::dispatch::Pays"; }

/// What the runtime knows about a call before it runs.
struct DispatchInfo {
    Weight weight;
    DispatchClass class_{};
    Pays pays_fee{};

    /// The name under which the events carry it; the member order is polkadot-sdk's.
    static constexpr std::string_view metadata_path = "frame_system::DispatchEventInfo";
    bool operator==(const DispatchInfo&) const = default;
};

}  // namespace frame
