#include "chain/block/digest.hpp"

#include "chain/crypto/hash.hpp"

#include <tuple>

namespace chain {

namespace {

/// The data of the only item of this kind that the engine left.
template <class Item, class T>
std::optional<T> only(const Digest& digest) {
    const Item* found = nullptr;
    for (const DigestItem& item : digest.logs) {
        const auto* candidate = std::get_if<Item>(&item);
        if (candidate == nullptr || candidate->engine != consensus_engine_id) continue;
        if (found != nullptr) return std::nullopt;
        found = candidate;
    }
    if (found == nullptr) return std::nullopt;
    auto value = scale::decode<T>(found->data);
    return value ? std::optional<T>{*std::move(value)} : std::nullopt;
}

}  // namespace

DigestItem to_digest(const ConsensusDigest& consensus) {
    return digest::PreRuntime{.engine = consensus_engine_id, .data = scale::encode(consensus)};
}

std::optional<ConsensusDigest> consensus_digest(const Digest& digest) {
    return only<digest::PreRuntime, ConsensusDigest>(digest);
}

Bytes vrf_input(const Hash& seed, std::uint64_t epoch, std::uint64_t view) {
    return scale::encode(std::tuple{seed, epoch, view});
}

Hash table_hash(const std::vector<EpochValidator>& table) { return crypto::blake2b_256(scale::encode(table)); }

DigestItem next_epoch_item(const NextEpoch& next) {
    return digest::Consensus{.engine = consensus_engine_id, .data = scale::encode(next)};
}

std::optional<NextEpoch> next_epoch(const Digest& digest) { return only<digest::Consensus, NextEpoch>(digest); }

}  // namespace chain
