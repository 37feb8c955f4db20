#pragma once
// Validators: who agrees on blocks, who proposed the one being executed, and the epochs in which they do. Genesis
// writes the set.
//
// An epoch is a fixed number of blocks. Its leaders are drawn by a seed that was settled before the epoch before it
// began: each block carries its proposer's VRF output y, and with R the seed of an epoch
//     R(e+2) = H(… H(H(R(e+1) ‖ y1) ‖ y2) … ‖ yk),   y1 … yk those of the first two thirds of epoch e, H = BLAKE2b-256.
// The last block of an epoch says in its digest what follows (chain::NextEpoch).

#include "chain/block/digest.hpp"
#include "runtime/frame/pallet.hpp"
#include "runtime/pallets/validators/weights.hpp"

#include <functional>
#include <string>

namespace validators {

inline constexpr std::string_view name = "Validators";
inline constexpr std::uint8_t index = 6;

struct Pallet;
template <class T>
Pallet pallet_of(const T&);

using frame::AccountId;

/// One validator. Its place in the list is its number in votes, certificates and digests.
struct Authority {
    AccountId account;                           ///< receives fees and tips of the blocks that it proposes
    std::array<std::uint8_t, 32> consensus_key;  ///< Ed25519, signs votes
    std::array<std::uint8_t, 32> vrf_key;        ///< ristretto255, draws randomness
    std::uint64_t weight{};                      ///< its share of the votes
    bool operator==(const Authority&) const = default;
};

/// The epoch that the next block belongs to.
struct Epoch {
    std::uint64_t index = 0;
    std::uint32_t root = 0;    ///< number of the block it begins on, the last one of the epoch before
    chain::Hash seed{};        ///< R of this epoch: draws its leaders, and what proposers' VRFs are asked about
    chain::Hash next_seed{};   ///< R of the next epoch
    chain::Hash after_next{};  ///< R of the epoch after it, as far as it has been gathered
    bool operator==(const Epoch&) const = default;
};

/// More than this are refused at genesis: certificates name voters by a bit each.
inline constexpr std::uint32_t max_authorities = 1'024;

struct Constants {
    frame::Constant<std::uint32_t> max_authorities{validators::max_authorities, "Most validators of one set."};
};
inline constexpr Constants constants;

struct Storage {
    frame::Value<std::vector<Authority>> authorities{
        "The validators, in the order by which votes and digests name them."};
    frame::Value<std::uint32_t> epoch_length{"How many blocks an epoch has; 0: the first one never ends."};
    frame::Value<Epoch> current_epoch{"The epoch that the next block belongs to, and the seeds that are known."};
};
extern const Storage storage;

struct Pallet {
    static constexpr auto name = validators::name;
    static constexpr auto index = validators::index;
    static constexpr auto doc = "The validator set.";
    using Constants = validators::Constants;
    using Storage = validators::Storage;
    static constexpr const auto& storage = validators::storage;
    using Error = frame::NoError;
    using Event = std::variant<>;
    using Call = std::variant<>;

    /// Accounts for on_finalize.
    static frame::Weight on_initialize(frame::Context& context);
    /// Gathers the block's randomness and, after the last block of an epoch, opens the next one.
    static void on_finalize(frame::Context& context);
};

/// The epoch that a chain begins with.
Epoch first_epoch(const chain::Hash& seed);

/// The validators as a NextEpoch names them.
std::vector<chain::EpochValidator> table_in(const state::StateView& state);

/// crypto::verify, or somebody who remembers what it said.
using VrfCheck = std::function<bool(const crypto::VrfPublic&, chain::ByteView input, const crypto::VrfOutput&,
                                    const crypto::VrfProof&)>;

/// Whether a block on top of `parent`, the state after its parent, may have this digest: the place it claims in the
/// agreement exists there, its proposer's VRF proof holds, and nothing else is in it but a NextEpoch where the epoch
/// ends. The text says what is wrong.
chain::Result<void, std::string> check_digest(const state::StateView& parent, std::uint32_t number,
                                              const chain::Digest& digest, const VrfCheck& verify);

/// The account of the validator that the digest names as proposer. Nothing for a digest without a consensus item or
/// with a proposer outside of the set.
std::optional<AccountId> author_of(const state::StateView& state, const chain::Digest& digest);

}  // namespace validators
