#include "consensus/replica/replica.hpp"

#include "chain/base/check.hpp"
#include "consensus/replica/recovery.hpp"
#include "consensus/safety/remains.hpp"
#include "consensus/types/mutant.hpp"

#include <algorithm>

namespace consensus {

Replica::Replica(ReplicaConfig config, ReplicaPorts ports) : config_(std::move(config)), ports_(ports) {
    chain::check(ports_.outbox != nullptr && ports_.verifier != nullptr && ports_.host != nullptr);
    chain::check((ports_.secret == nullptr) == (ports_.storage == nullptr));
}

Result<void> Replica::start(std::uint64_t now_ms) {
    chain::check(!core_);
    now_ms_ = now_ms;
    if (ports_.secret != nullptr) {
        TRY(const safety::Remains remains, safety::look_at(*ports_.storage));
        has_forgotten_ = !remains.suffice() && !config_.no_sign_until && !mutant(Mutant::SignWithoutMemory);
        if (has_forgotten_) ports_.host->memory_lost();
        else TRY_VOID(remember(remains));
    }
    const FinalBlock floor = ports_.host->floor();
    TRY(EpochPtr epoch, epoch_after(floor));
    TRY_VOID(enter(std::move(epoch), floor));
    // Who is a quorum alone has nobody to listen to.
    if (guard_ && me_ && epoch_->table[*me_].weight >= epoch_->table.quorum()) end_guard();
    return commit();
}

Result<void> Replica::remember(const safety::Remains& remains) {
    TRY(signer_, safety::Signer::open(*ports_.storage, *ports_.secret, config_.genesis, config_.no_sign_until));
    TRY(journal_, safety::Journal::open(*ports_.storage, config_.genesis, config_.journal));
    remind(*signer_, *journal_);
    // Before the journal is written to: a crash that tears it must find the watermark whole.
    // And what the journal has lost, the watermark alone remembers: with both of its slots, or the next damage to one
    // of them would find a clean journal beside it and nobody who misses anything.
    const bool is_alone = remains.journal != safety::JournalState::Clean;
    if (signer_->needs_repair() || is_alone) TRY_VOID(signer_->repair());
    for (const auto& [number, segment] : journal_->segments())
        if (number > 0 && segment.boundary)
            remember_boundary(number - 1, std::make_shared<const votes::Certificate>(*segment.boundary));
    remembered_ = std::max(signer_->watermark().highest(), signer_->watermark().silent_until);
    if (config_.guard_ms != 0 && !mutant(Mutant::NoDoppelgaengerGuard)) guard_.emplace(now_ms_, config_.guard_ms);
    return {};
}

void Replica::peer_arrived(std::uint64_t id, const std::optional<crypto::Ed25519Public>& validator) {
    inbox_.push_back(Arrived{id, validator});
}

void Replica::peer_gone(std::uint64_t id) { inbox_.push_back(Gone{id}); }

bool Replica::receive(std::uint64_t from, MessagePtr message) {
    if (letters_ >= config_.limits.inbox_max) {
        ++dropped_;
        return false;
    }
    ++letters_;
    inbox_.push_back(Letter{from, std::move(message)});
    return true;
}

void Replica::answer(std::uint64_t epoch, Event event) { inbox_.push_back(Answer{epoch, std::move(event)}); }

void Replica::work_changed(bool has_work) { inbox_.push_back(event::WorkChanged{has_work}); }

void Replica::chain_moved() { inbox_.push_back(Moved{}); }

Result<void> Replica::turn(std::uint64_t now_ms) {
    chain::check(core_.has_value());
    if (fault_) return std::unexpected{*fault_};
    chain::check(now_ms >= now_ms_);
    now_ms_ = now_ms;
    auto done = work();
    if (done) done = commit();
    if (!done) fault_ = done.error();
    return done;
}

Result<void> Replica::work() {
    // What is queued meanwhile waits for the next turn, so that this one ends.
    for (std::size_t left = inbox_.size(); left > 0 && !fault_; --left) {
        const Input input = std::move(inbox_.front());
        inbox_.pop_front();
        std::visit([this](const auto& what) { take(what); }, input);
    }
    if (const auto due = core_->next_timer_ms(); due && *due <= now_ms_) step(event::TimePassed{});
    if (guard_ && guard_->is_over(now_ms_)) end_guard();
    if (fault_) return std::unexpected{*fault_};
    return follow();
}

void Replica::take(const Letter& letter) {
    --letters_;
    const auto peer = peers_.find(letter.from);
    if (peer == peers_.end()) return;  // the connection broke meanwhile
    const std::uint64_t epoch = consensus::epoch_of(*letter.message);
    if (epoch > epoch_->epoch) {
        keep_for_next_epoch(letter);
        ask_for_boundary(letter.from);
        return;
    }
    if (epoch < epoch_->epoch) {
        // Not for what is such an answer itself: two nodes would send it to and fro.
        if (!std::holds_alternative<CertificatePtr>(*letter.message)) tell_boundary(letter.from, epoch);
        return;
    }
    const Peer from{letter.from, peer->second.validator};
    if (const auto* status = std::get_if<Status>(&*letter.message)) hear_status(from, *status);
    look_at_outsider(peer->second, *letter.message);
    step(event::Received{from, letter.message});
}

void Replica::look_at_outsider(const PeerState& peer, const Message& message) {
    if (!peer.key || peer.validator || mutant(Mutant::NoEvidence)) return;
    if (ports_.secret != nullptr && *peer.key == ports_.secret->public_key()) return;
    if (const auto question = outsiders_.heard(now_ms_, *peer.key, message))
        ports_.verifier->check(question->epoch, question->work);
}

void Replica::take(const Answer& answer) {
    const auto* floor = std::get_if<event::FloorDurable>(&answer.event);
    if (floor != nullptr && answer.epoch > epoch_->epoch) has_moved_ = true;
    if (answer.epoch != epoch_->epoch) return;
    if (const auto* checked = std::get_if<event::SignaturesChecked>(&answer.event);
        checked != nullptr && Outsiders::is_answer(*checked)) {
        if (const auto found = outsiders_.answered(*checked)) ports_.host->evidence(epoch_->epoch, *found);
        return;
    }
    step(answer.event);
    if (floor != nullptr) durable_.push_back(floor->tip);
}

void Replica::take(const Arrived& arrived) {
    PeerState& peer = peers_[arrived.id];
    peer = {.key = arrived.validator};
    for (std::uint32_t i = 0; peer.key && i < epoch_->table.size(); ++i)
        if (epoch_->table[i].key == *peer.key) peer.validator = i;
    step(event::PeerArrived{{arrived.id, peer.validator}});
}

void Replica::take(const Gone& gone) {
    const auto peer = peers_.find(gone.id);
    if (peer == peers_.end()) return;
    const Peer gone_peer{gone.id, peer->second.validator};
    peers_.erase(peer);
    step(event::PeerGone{gone_peer});
}

void Replica::take(const event::WorkChanged& change) {
    has_work_ = change.has_work;
    step(change);
}

void Replica::take(const Moved&) { has_moved_ = true; }

void Replica::step(const Event& event) {
    core_->step(now_ms_, event, effects_);
    carry_out();
}

Result<void> Replica::commit() {
    if (signer_ && !mutant(Mutant::VotesNotDurable)) {
        // The journal first: a crash between the two leaves votes that are remembered word by word. The other way round
        // it leaves a view in which something unknown was signed, where nothing may be signed ever again.
        // And the journal wholly: the watermark's write must find nothing unsynced that a crash could tear with it.
        TRY_VOID(journal_->commit(signer_->is_changed()));
        TRY_VOID(signer_->commit());
    }
    release();
    for (const Tip& tip : std::exchange(durable_, {})) TRY_VOID(prune(tip));
    return {};
}

void Replica::release() {
    for (const auto& [epoch, effect] : outgoing_) {
        if (const auto* send = std::get_if<effect::Send>(&effect)) ports_.outbox->send(epoch, send->to, send->message);
        else if (const auto* final = std::get_if<effect::Finalize>(&effect))
            ports_.host->finalize(epoch->epoch, *final);
        else if (const auto* best = std::get_if<effect::Certified>(&effect))
            ports_.host->certified(epoch->epoch, *best);
    }
    outgoing_.clear();
    ++commits_;
}

Result<void> Replica::prune(const Tip& durable) {
    const auto found = std::ranges::find(finals_, durable.hash, [](const auto& f) { return f->statement.block; });
    if (found == finals_.end()) return {};
    const CertificatePtr floor = *found;
    finals_.erase(finals_.begin(), std::next(found));
    return journal_ ? journal_->prune(*floor) : Result<void>{};
}

std::optional<std::uint64_t> Replica::next_timer_ms() const {
    if (fault_ || !core_) return std::nullopt;
    if (!inbox_.empty()) return 0;
    std::optional<std::uint64_t> next = core_->next_timer_ms();
    if (guard_) next = std::min(next.value_or(guard_->ends_ms()), guard_->ends_ms());
    return next;
}

ReplicaReport Replica::report() const {
    ReplicaReport out{.journal_bytes = journal_ ? journal_->bytes() : 0,
                      .commits = commits_,
                      .refusals = refusals_,
                      .dropped = dropped_,
                      .inbox = inbox_.size(),
                      .next_epoch = kept_.size()};
    if (!core_) return out;
    out.view = core_->report();
    out.footprint = core_->footprint();
    if (signer_) out.silent_until = signer_->watermark().silent_until;
    if (has_forgotten_) out.signing = SigningState::Forgot;
    else if (!me_) out.signing = SigningState::Follows;
    else if (is_stopped_) out.signing = SigningState::Stopped;
    else if (guard_) out.signing = SigningState::Listens;
    else if (safety::Mark{out.view.epoch, out.view.view} <= out.silent_until) out.signing = SigningState::Silent;
    else out.signing = SigningState::Signs;
    return out;
}

chain::Bounds Replica::bounds() const {
    const Footprint core = core_->footprint();
    const CoreLimits& limits = config_.core;
    // Votes are held for the views around the floor and those around the current one (CoreLimits::views_kept).
    const std::uint64_t votes_max = (2 * limits.views_kept + 2) * 3 * epoch_->table.size();
    return {{"agreement_inbox", letters_, config_.limits.inbox_max},
            {"agreement_views", core.views, limits.views_ahead_max + limits.views_kept + 2},
            {"agreement_votes", core.slots, votes_max},
            {"agreement_peers", core.peers, limits.peers_max},
            {"next_epoch_messages", kept_.size(), config_.limits.next_epoch_max},
            {"next_epoch_bytes", kept_bytes_, config_.limits.next_epoch_bytes},
            {"deferred_votes", deferred_.size(), config_.limits.deferred_max},
            {"unstored_finals", finals_.size(), config_.limits.finals_max},
            {"epoch_ends", boundaries_.size(), config_.limits.boundaries_kept},
            {"outsider_checks", outsiders_.pending(), Outsiders::checks_max}};
}

}  // namespace consensus
