#include "rpc/methods/consensus.hpp"

namespace rpc {
namespace {

std::unexpected<Error> no_answer() {
    return std::unexpected{
        Error{code::internal, "agreement does not answer: it starts, stops or is very busy; ask again"}};
}

}  // namespace

Answer<ConsensusState::Result> Consensus::answer(const ConsensusState::Params&) const {
    auto state = views_.consensus();
    if (!state) return no_answer();
    return *std::move(state);
}

Answer<ConsensusParticipation::Result> Consensus::answer(const ConsensusParticipation::Params&) const {
    auto uptime = views_.participation();
    if (!uptime) return no_answer();
    return *std::move(uptime);
}

Answer<ConsensusProofs::Result> Consensus::answer(const ConsensusProofs::Params& params) const {
    if (params.from_view > params.to_view || params.to_view - params.from_view >= ConsensusProofs::views_max)
        return std::unexpected{invalid_params("from the first view to the last one, at most 64 of them")};
    ConsensusProofs::Result out;
    for (std::uint64_t ahead = 0; ahead <= params.to_view - params.from_view; ++ahead)
        for (KeptProof& proof : views_.proofs(params.epoch, params.from_view + ahead)) out.push_back(std::move(proof));
    return out;
}

}  // namespace rpc
