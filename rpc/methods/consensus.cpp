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

}  // namespace rpc
