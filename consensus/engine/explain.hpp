#pragma once
// "Why am I stuck": always an answer, in the log and in consensus_state. Pure.

#include "consensus/replica/replica.hpp"

#include <string>

namespace consensus {

/// What the running view waits for, who is silent and who is not connected, and why this node itself does not sign.
std::string explain(const ReplicaReport& report, const votes::ValidatorTable& table);

/// For people and metrics: "signs", "listens", …
std::string_view name(SigningState state);
std::string_view name(effect::Outcome outcome);

}  // namespace consensus
