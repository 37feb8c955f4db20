#include "consensus/replica/recovery.hpp"

#include "consensus/types/mutant.hpp"

namespace consensus {
namespace {

void keep(safety::Segment segment, const EpochInfo& epoch, std::optional<std::uint32_t> me, Recovered& out,
          Host& host) {
    for (auto& record : segment.records) {
        if (auto* own = std::get_if<safety::OwnVote>(&record)) {
            if (mutant(Mutant::ReplayOtherEpoch)) own->vote.statement.epoch = epoch.epoch;
            if (me && own->vote.validator == *me) out.own_votes.push_back(own->vote);
        } else if (auto* held = std::get_if<safety::Held>(&record)) {
            if (held->certificate.statement.epoch != epoch.epoch) continue;
            out.certificates.push_back(std::make_shared<const votes::Certificate>(std::move(held->certificate)));
        } else if (auto* block = std::get_if<safety::HeldBlock>(&record)) {
            if (block->notarized.view <= out.floor.view) continue;
            host.recovered(block->notarized, std::make_shared<const Bytes>(std::move(block->payload)));
        }
    }
}

}  // namespace

void remind(safety::Signer& signer, const safety::Journal& journal) {
    bool is_corrupt = false;
    for (const auto& [epoch, segment] : journal.segments()) {
        is_corrupt = is_corrupt || segment.is_corrupt;
        for (const auto& record : segment.records)
            if (const auto* own = std::get_if<safety::OwnVote>(&record)) signer.note(own->vote.statement);
    }
    if (is_corrupt) signer.silence(signer.watermark().highest());
}

Recovered recover(const EpochInfo& epoch, const FinalBlock& floor) {
    if (floor.tip.epoch == epoch.epoch && floor.tip.number > epoch.root.number)
        return {.floor = floor.tip, .floor_certificate = floor.certificate};
    return {.floor = epoch.root};
}

Recovered recover(safety::Journal& journal, const EpochInfo& epoch, std::optional<std::uint32_t> me,
                  const FinalBlock& floor, Host& host) {
    Recovered out = recover(epoch, floor);
    if (mutant(Mutant::ReplayOtherEpoch)) {
        const auto all = journal.segments();
        for (auto [number, segment] : all)
            if (number != epoch.epoch) keep(std::move(segment), epoch, me, out, host);
    }
    keep(journal.take(epoch.epoch), epoch, me, out, host);
    // A journal that is ahead of the chain's own store knows what ends this epoch.
    if (const auto next = journal.segments().find(epoch.epoch + 1);
        next != journal.segments().end() && next->second.boundary)
        out.certificates.push_back(std::make_shared<const votes::Certificate>(*next->second.boundary));
    return out;
}

}  // namespace consensus
