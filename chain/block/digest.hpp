#pragma once
// Digest items of a header: what consensus and the runtime say about a block, by four-byte engine ids.

#include "chain/base/bytes.hpp"
#include "chain/codec/scale.hpp"
#include "chain/crypto/ed25519.hpp"
#include "chain/crypto/vrf.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace chain {

using EngineId = std::array<std::uint8_t, 4>;

namespace digest {

/// The alternatives of a DigestItem; the indices are Substrate's.
struct Other {
    static constexpr std::uint8_t index = 0;
    Bytes data;
    bool operator==(const Other&) const = default;
};
struct Consensus {
    static constexpr std::uint8_t index = 4;
    EngineId engine{};
    Bytes data;
    bool operator==(const Consensus&) const = default;
};
struct Seal {
    static constexpr std::uint8_t index = 5;
    EngineId engine{};
    Bytes data;
    bool operator==(const Seal&) const = default;
};
struct PreRuntime {
    static constexpr std::uint8_t index = 6;
    EngineId engine{};
    Bytes data;
    bool operator==(const PreRuntime&) const = default;
};
/// The runtime changed in this block: clients read the metadata again.
struct RuntimeEnvironmentUpdated {
    static constexpr std::uint8_t index = 8;
    bool operator==(const RuntimeEnvironmentUpdated&) const = default;
};

}  // namespace digest

using DigestItem =
    std::variant<digest::Other, digest::Consensus, digest::Seal, digest::PreRuntime, digest::RuntimeEnvironmentUpdated>;

struct Digest {
    static constexpr std::string_view metadata_path = "sp_runtime::generic::digest::Digest";
    std::vector<DigestItem> logs;
    bool operator==(const Digest&) const = default;
};

/// Where in the agreement a block was proposed; a PreRuntime item of every block but the first.
struct ConsensusDigest {
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::uint64_t parent_view = 0;
    /// Index into the validator set of the epoch.
    std::uint32_t proposer = 0;
    /// The proposer's VRF of `vrf_input(seed, epoch, view)`: what the seeds of later epochs are drawn from.
    crypto::VrfOutput vrf_output;
    crypto::VrfProof vrf_proof;
    bool operator==(const ConsensusDigest&) const = default;
};

/// Simplex.
inline constexpr EngineId consensus_engine_id{'s', 'm', 'p', 'x'};

DigestItem to_digest(const ConsensusDigest& consensus);

/// What the block's consensus item says. Nothing where there is none, more than one, or one that does not decode.
std::optional<ConsensusDigest> consensus_digest(const Digest& digest);

/// seed (32) ‖ epoch (8) ‖ view (8), integers little-endian.
Bytes vrf_input(const Hash& seed, std::uint64_t epoch, std::uint64_t view);

/// One validator of an epoch, as light clients learn it.
struct EpochValidator {
    crypto::Ed25519Public consensus_key;
    crypto::VrfPublic vrf_key;
    std::uint64_t weight = 0;
    bool operator==(const EpochValidator&) const = default;
};

/// BLAKE2b-256 of the encoded list.
Hash table_hash(const std::vector<EpochValidator>& table);

/// What comes after an epoch; a Consensus item of its last block, left there by the runtime.
struct NextEpoch {
    std::uint64_t epoch = 0;  ///< the one that begins with the next block
    Hash table;               ///< `table_hash` of its validators
    /// Its validators, where they are not those of the epoch that ends.
    std::optional<std::vector<EpochValidator>> validators;
    /// R of the epoch after it: that of the next epoch has been known for an epoch already.
    Hash seed;
    bool operator==(const NextEpoch&) const = default;
};

DigestItem next_epoch_item(const NextEpoch& next);

/// What the block says about the next epoch. Nothing where there is no item, more than one, or one that does not
/// decode.
std::optional<NextEpoch> next_epoch(const Digest& digest);

}  // namespace chain
