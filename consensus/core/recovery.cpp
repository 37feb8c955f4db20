// Taking up an earlier life (§1.7): what I signed binds me, what I knew puts me where I was.

#include "consensus/core/machine.hpp"

#include <utility>

namespace consensus {

void Core::Machine::recover() {
    is_recovering_ = true;
    durable_ = epoch_.root;
    if (recovered_.floor.epoch == epoch_.epoch && recovered_.floor.view > 0) durable_ = recovered_.floor;
    floor_ = durable_.view;
    floor_certificate_ = recovered_.floor_certificate;
    if (floor_ > config_.limits.views_kept) views_.prune_below(floor_ - config_.limits.views_kept);
    if (floor_certificate_) {
        const votes::Statement& said = floor_certificate_->statement;
        View& view = views_.at(floor_);
        view.certificates[index(Kind::Finalize)] = floor_certificate_;
        const std::uint16_t at = view.content(said.parent_view, said.block);
        view.contents[at].number = durable_.number;
        view.certified = at;
    }
    if (!mutant(Mutant::ForgetOwnVotes)) recover_votes();
    for (const auto& certificate : recovered_.certificates) learn(certificate);
    recover_view();
    recovered_ = {};
    is_recovering_ = false;

    status_at_ = now_;
    check_end(durable_);
    if (is_ended_) return;
    const std::uint64_t view = std::exchange(view_, 0);
    enter(view, effect::Outcome::Overtaken);
    // Whoever had spoken in this view already has others wait for the rest: it is not idle.
    const bool has_spoken = std::ranges::any_of(current().mine, [](Mine mine) { return mine != Mine::None; });
    if (has_spoken && !mutant(Mutant::ResumeWithoutTimers)) start_timers();
    if (current().did(Kind::Nullify) && !mutant(Mutant::ResumeWithoutTimers)) retry_at_ = now_ + timers().retry_ms;
    for (std::uint64_t u = floor_ + 1; u < views_.end(); ++u) {
        View* open = views_.find(u);
        if (open == nullptr) continue;
        for (Content& content : open->contents)
            if (open->is_proved(content) && !content.is_held) {
                content.chore_at = never;
                seek(*open, content, now_);
            }
    }
    std::size_t sent = 0;
    for (std::uint64_t u = view_; u > floor_ && sent < config_.limits.resend_max; --u) sent += resend_view(u);
}

void Core::Machine::recover_votes() {
    for (const votes::Vote& vote : recovered_.own_votes) {
        const votes::Statement& said = vote.statement;
        if (said.epoch != epoch_.epoch || vote.validator != config_.me || said.view < views_.base()) continue;
        View& view = views_.at(said.view);
        view.mine[index(said.kind)] = Mine::Cast;
        view.own[index(said.kind)] = std::make_shared<const Message>(vote);
        // My own slot; nothing is counted before the certificates are known.
        Slot& slot = view.slot(said.kind, vote.validator);
        if (slot.state != Slot::State::Empty) continue;
        slot.state = Slot::State::Verified;
        slot.signature = vote.signature;
        slot.content = said.kind == Kind::Nullify ? 0 : view.content(said.parent_view, said.block);
        Tally& tally = view.tally(said.kind, slot.content);
        tally.held += weight(vote.validator);
        tally.verified += weight(vote.validator);
        peers_.heard(vote.validator, said.view);
    }
}

/// The highest view that the journal speaks of, whatever record came last (ava-labs/Simplex #328).
void Core::Machine::recover_view() {
    std::uint64_t view = std::max<std::uint64_t>(view_, floor_ + 1);
    for (const votes::Vote& vote : recovered_.own_votes) {
        if (vote.statement.epoch != epoch_.epoch) continue;
        // Only a certified block is finalized, and a certified block ends its view.
        const std::uint64_t reached = vote.statement.view + (vote.statement.kind == Kind::Finalize ? 1 : 0);
        view = mutant(Mutant::ResumeFromLastVote) ? reached : std::max(view, reached);
    }
    view_ = std::max(view, floor_ + 1);
}

}  // namespace consensus
