#include "scene.hpp"

#include "consensus/core/deck.hpp"

namespace stage {

EpochInfo led_by_others(std::uint32_t length) {
    EpochInfo out = epoch_of(4, length);
    for (;; ++out.seed.value[0]) {
        const Deck deck{out.table, out.seed};
        bool is_good = true;
        for (std::uint64_t view = 1; view <= 8; ++view) is_good = is_good && deck.leader(view) != me;
        if (is_good) return out;
    }
}

Proposal Scene::proposal(std::uint64_t view, std::uint64_t parent, std::optional<Hash> parents_block,
                         std::uint64_t parents_parent) const {
    const Hash hash = block(view, parent);
    Proposal out{.vote = signed_by(leader(view), notarize(view, parent, hash, epoch.epoch)), .block = payload_of(hash)};
    if (parent != 0)
        out.certificates.push_back(certificate(
            notarize(parent, parents_parent, parents_block.value_or(block(parent, parents_parent)), epoch.epoch),
            {0, 1, 2}));
    for (std::uint64_t u = parent + 1; u < view; ++u) out.certificates.push_back(nullified(u));
    return out;
}

Effects Scene::others_say(const Statement& statement) {
    Effects out;
    for (std::uint32_t i = 0; i < epoch.table.size(); ++i) {
        if (i == me) continue;
        const Effects more = node.hears_vote(i, statement);
        out.insert(out.end(), more.begin(), more.end());
    }
    return out;
}

Effects Scene::passes(std::uint64_t view, std::uint64_t parent) {
    Effects out = node.hears(leader(view), proposal(view, parent));
    for (const auto& statement :
         {notarize(view, parent, block(view, parent)), finalize(view, parent, block(view, parent))}) {
        const Effects more = others_say(statement);
        out.insert(out.end(), more.begin(), more.end());
    }
    return out;
}

}  // namespace stage
