#include "consensus/replica/verify.hpp"

namespace consensus {

event::SignaturesChecked check_signatures(const effect::CheckSignatures& work, const votes::ValidatorTable& table,
                                          const Hash& genesis, const votes::Scheme& scheme) {
    event::SignaturesChecked out{.batch = work.batch, .bad = {}};
    std::uint32_t number = 0;
    for (const auto& vote : work.votes) {
        if (!votes::verify(vote, genesis, table, scheme)) out.bad.push_back(number);
        ++number;
    }
    for (const auto& certificate : work.certificates) {
        if (!votes::verify(*certificate, genesis, table, scheme)) out.bad.push_back(number);
        ++number;
    }
    return out;
}

}  // namespace consensus
