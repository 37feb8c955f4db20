#pragma once
// The work behind effect::CheckSignatures.

#include "consensus/core/effect.hpp"
#include "consensus/core/event.hpp"
#include "consensus/types/epoch.hpp"

namespace consensus {

/// Checks every signature; from any thread.
event::SignaturesChecked check_signatures(const effect::CheckSignatures& work, const votes::ValidatorTable& table,
                                          const Hash& genesis, const votes::Scheme& scheme);

}  // namespace consensus
