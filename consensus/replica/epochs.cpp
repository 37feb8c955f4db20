#include "consensus/replica/recovery.hpp"
#include "consensus/replica/replica.hpp"

#include <algorithm>

namespace consensus {
namespace {

std::size_t block_bytes(const Message& message) {
    const auto* proposal = std::get_if<Proposal>(&message);
    return proposal != nullptr && proposal->block ? proposal->block->size() : 0;
}

}  // namespace

Result<void> Replica::enter(EpochPtr epoch, const FinalBlock& floor) {
    epoch_ = std::move(epoch);
    ended_.reset();
    deferred_.clear();
    outsiders_.begin();
    if (guard_) guard_->forget_claims();
    me_.reset();
    for (std::uint32_t i = 0; signer_ && i < epoch_->table.size(); ++i)
        if (epoch_->table[i].key == signer_->public_key()) me_ = i;
    if (journal_) {
        // On disk before any vote of the epoch: a restart must not take an earlier epoch for the current one (A3).
        const auto known = boundaries_.find(epoch_->epoch - 1);
        const bool has_boundary = known != boundaries_.end() && known->second != nullptr;
        TRY_VOID(journal_->enter(epoch_->epoch, has_boundary ? std::optional{*known->second} : std::nullopt));
    }
    ports_.host->epoch_entered(epoch_);
    Recovered before = journal_ ? recover(*journal_, *epoch_, me_, floor, *ports_.host) : recover(*epoch_, floor);
    core_.emplace(*epoch_, Config{.me = me_, .timers = config_.timers, .limits = config_.core}, std::move(before));
    core_->start(now_ms_, effects_);
    carry_out();
    introduce_peers();
    if (has_work_) step(event::WorkChanged{true});
    deliver_kept();
    return {};
}

// The epoch that votes on what follows this block: the last block of an epoch is where the next one begins.
Result<EpochPtr> Replica::epoch_after(const FinalBlock& floor) {
    EpochPtr epoch = ports_.host->epoch(floor.tip.epoch);
    if (!epoch) return chain::fault("the chain does not know the epoch of its own last final block");
    if (epoch->length == 0 || floor.tip.number != epoch->boundary()) return epoch;
    remember_boundary(floor.tip.epoch, floor.certificate);
    epoch = ports_.host->epoch(floor.tip.epoch + 1);
    if (!epoch) return chain::fault("the chain does not know the epoch that follows its last final block");
    return epoch;
}

Result<void> Replica::follow() {
    if (std::exchange(has_moved_, false)) {
        const FinalBlock floor = ports_.host->floor();
        if (floor.tip.epoch >= epoch_->epoch) {
            TRY(EpochPtr next, epoch_after(floor));
            if (next->epoch > epoch_->epoch) return enter(std::move(next), floor);
        }
    }
    if (!ended_) return {};
    EpochPtr next = ports_.host->epoch(epoch_->epoch + 1);
    if (!next) return {};
    const FinalBlock root = *ended_;
    remember_boundary(epoch_->epoch, root.certificate);
    return enter(std::move(next), root);
}

void Replica::remember_boundary(std::uint64_t epoch, const CertificatePtr& certificate) {
    boundaries_[epoch] = certificate;
    if (boundaries_.size() > config_.limits.boundaries_kept) boundaries_.erase(boundaries_.begin());
}

void Replica::introduce_peers() {
    for (auto& [id, peer] : peers_) {
        peer.validator.reset();
        for (std::uint32_t i = 0; peer.key && i < epoch_->table.size(); ++i)
            if (epoch_->table[i].key == *peer.key) peer.validator = i;
        step(event::PeerArrived{{id, peer.validator}});
    }
}

void Replica::keep_for_next_epoch(const Letter& letter) {
    if (consensus::epoch_of(*letter.message) != epoch_->epoch + 1) return;
    PeerState& peer = peers_.at(letter.from);
    const std::size_t bytes = block_bytes(*letter.message);
    if (kept_.size() >= config_.limits.next_epoch_max || peer.waiting >= config_.limits.next_epoch_peer_max ||
        kept_bytes_ + bytes > config_.limits.next_epoch_bytes) {
        ++dropped_;
        return;
    }
    ++peer.waiting;
    kept_bytes_ += bytes;
    kept_.push_back(letter);
}

void Replica::deliver_kept() {
    for (auto& [id, peer] : peers_) peer.waiting = 0;
    kept_bytes_ = 0;
    for (Letter& letter : std::exchange(kept_, {})) {
        ++letters_;
        inbox_.push_back(std::move(letter));
    }
}

// Whoever lags by many epochs asks about one after another, each as soon as he has the one before.
bool Replica::may_tell(PeerState& peer, std::uint64_t epoch) const {
    if (peer.told && peer.told->first == epoch && now_ms_ < peer.told->second + config_.limits.answer_pause_ms)
        return false;
    const std::uint64_t second = now_ms_ / 1'000;
    if (peer.second != second) peer.answers = 0;
    peer.second = second;
    if (peer.answers >= config_.limits.answers_per_s) return false;
    ++peer.answers;
    peer.told = {epoch, now_ms_};
    return true;
}

void Replica::tell_boundary(std::uint64_t peer, std::uint64_t epoch) {
    if (!may_tell(peers_.at(peer), epoch)) return;
    const auto known = boundaries_.find(epoch);
    const CertificatePtr boundary = known != boundaries_.end() ? known->second : ports_.host->boundary(epoch);
    if (!boundary) return;
    outgoing_.emplace_back(epoch_, effect::Send{effect::ToPeer{peer}, std::make_shared<const Message>(boundary)});
}

// Any message about an epoch that has ended is answered by what ended it.
void Replica::ask_for_boundary(std::uint64_t peer) {
    auto& asked_ms = peers_.at(peer).asked_ms;
    if (asked_ms && now_ms_ < *asked_ms + config_.limits.answer_pause_ms) return;
    asked_ms = now_ms_;
    const std::uint64_t view = core_->view();
    outgoing_.emplace_back(
        epoch_, effect::Send{effect::ToPeer{peer},
                             std::make_shared<const Message>(CertificateRequest{epoch_->epoch, view, view})});
}

}  // namespace consensus
