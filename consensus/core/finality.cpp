// The floor: the highest view known final. Nothing at or below it is voted on again (R9), and once the boundary block
// is final the epoch is over (§1.8).

#include "consensus/core/machine.hpp"

namespace consensus {

/// R9, and the way a node that was left behind catches up: a finalization needs no history to be believed.
void Core::Machine::finalize(const CertificatePtr& certificate) {
    const votes::Statement& said = certificate->statement;
    floor_ = said.view;
    floor_certificate_ = certificate;
    skips_ = 0;
    if (open_view_ <= floor_) {
        open_since_ = never;
        ancestor_at_ = never;
    }
    standstill_at_ = has_work() ? now_ + timers().standstill_ms : never;
    emit(effect::Finalize{said.view, said.block, certificate});
    look_for_skips_of_floor();
    if (floor_ > config_.limits.views_kept) views_.prune_below(floor_ - config_.limits.views_kept);
    if (const auto tip = certified_tip(floor_)) check_end(*tip);
    if (floor_ >= view_) enter(floor_ + 1, effect::Outcome::Overtaken);
    work_on(floor_);
}

/// Whether this block, which is final or executed, ends the epoch.
void Core::Machine::check_end(const Tip& tip) {
    if (is_ended_ || tip.number != epoch_.boundary()) return;
    const bool is_final = floor_certificate_ && floor_certificate_->statement.block == tip.hash;
    if (!is_final && !mutant(Mutant::EndEpochOnNotarization)) return;
    is_ended_ = true;
    end_ = floor_certificate_;
    for (std::uint64_t* at :
         {&timers_since_, &leader_at_, &advance_at_, &idle_at_, &propose_at_, &give_up_at_, &retry_at_, &standstill_at_,
          &status_at_, &wake_at_, &ancestor_at_, &chores_at_, &relay_at_, &ahead_at_})
        *at = never;
    emit(effect::EpochEnded{{tip.hash, tip.number, epoch_.epoch, floor_}, end_});
}

void Core::Machine::on(const event::FloorDurable& event) {
    if (event.tip.epoch != epoch_.epoch || event.tip.view <= durable_.view) return;
    durable_ = event.tip;
    work_on(durable_.view);
    check_end(durable_);
    for (std::uint64_t child = durable_.view + 1; child < std::min(views_.end(), view_ + 2); ++child) work_on(child);
}

}  // namespace consensus
