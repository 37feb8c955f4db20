#include "runtime/pallets/validators/validators.hpp"

namespace validators {

std::optional<AccountId> author_of(const state::StateView& state, const chain::Digest& digest) {
    const auto consensus = chain::consensus_digest(digest);
    if (!consensus) return std::nullopt;
    const auto authorities = storage.authorities.get(state);
    if (consensus->proposer >= authorities.size()) return std::nullopt;
    return authorities[consensus->proposer].account;
}

}  // namespace validators
