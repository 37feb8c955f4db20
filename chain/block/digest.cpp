#include "chain/block/digest.hpp"

namespace chain {

DigestItem to_digest(const ConsensusDigest& consensus) {
    return digest::PreRuntime{.engine = consensus_engine_id, .data = scale::encode(consensus)};
}

std::optional<ConsensusDigest> consensus_digest(const Digest& digest) {
    const digest::PreRuntime* only = nullptr;
    for (const DigestItem& item : digest.logs) {
        const auto* pre_runtime = std::get_if<digest::PreRuntime>(&item);
        if (pre_runtime == nullptr || pre_runtime->engine != consensus_engine_id) continue;
        if (only != nullptr) return std::nullopt;
        only = pre_runtime;
    }
    if (only == nullptr) return std::nullopt;
    const auto consensus = scale::decode<ConsensusDigest>(only->data);
    return consensus ? std::optional{*consensus} : std::nullopt;
}

}  // namespace chain
