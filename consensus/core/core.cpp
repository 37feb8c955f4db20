#include "consensus/core/machine.hpp"

#include <utility>

namespace consensus {

Core::Core(EpochInfo epoch, Config config, Recovered recovered)
    : machine_(std::make_unique<Machine>(std::move(epoch), config, std::move(recovered))) {}
Core::~Core() = default;
Core::Core(Core&&) noexcept = default;
Core& Core::operator=(Core&&) noexcept = default;

void Core::start(std::uint64_t now_ms, Effects& out) { machine_->start(now_ms, out); }
void Core::step(std::uint64_t now_ms, const Event& event, Effects& out) { machine_->step(now_ms, event, out); }

std::optional<std::uint64_t> Core::next_timer_ms() const {
    const std::uint64_t at = machine_->next_timer();
    return at == never ? std::nullopt : std::optional{at};
}

std::uint64_t Core::view() const { return machine_->view_; }
std::uint64_t Core::floor_view() const { return machine_->floor_; }
bool Core::is_ended() const { return machine_->is_ended_; }
ViewReport Core::report() const { return machine_->report(); }
Footprint Core::footprint() const { return machine_->footprint(); }

CertificatePtr Core::notarization(std::uint64_t view) const {
    const View* found = machine_->views_.find(view);
    return found == nullptr ? nullptr : found->certificate(Kind::Notarize);
}
CertificatePtr Core::nullification(std::uint64_t view) const {
    const View* found = machine_->views_.find(view);
    return found == nullptr ? nullptr : found->certificate(Kind::Nullify);
}
CertificatePtr Core::finalization(std::uint64_t view) const {
    const View* found = machine_->views_.find(view);
    return found == nullptr ? nullptr : found->certificate(Kind::Finalize);
}

Core::Machine::Machine(EpochInfo epoch, Config config, Recovered recovered)
    : epoch_(std::move(epoch)),
      config_(config),
      recovered_(std::move(recovered)),
      deck_(epoch_.table, epoch_.seed),
      views_(epoch_.table.size(), deck_),
      peers_(epoch_.table, config_.limits),
      quorum_(mutant(Mutant::QuorumOfHalf) ? epoch_.table.total() / 2 + 1 : epoch_.table.quorum()) {
    chain::check(!config_.me || *config_.me < epoch_.table.size());
    chain::check(epoch_.root.view == 0);
}

void Core::Machine::start(std::uint64_t now, Effects& out) {
    now_ = now;
    out_ = &out;
    recover();
    run_due();
    out_ = nullptr;
}

void Core::Machine::step(std::uint64_t now, const Event& event, Effects& out) {
    chain::check(now >= now_);
    now_ = now;
    out_ = &out;
    std::visit([this](const auto& happened) { on(happened); }, event);
    run_due();
    out_ = nullptr;
}

void Core::Machine::on(const event::Received& event) {
    const Message& message = *event.message;
    if (epoch_of(message) != epoch_.epoch) return;
    if (const auto* vote = std::get_if<votes::Vote>(&message)) return receive(event.from, *vote);
    if (const auto* certificate = std::get_if<CertificatePtr>(&message)) return receive(event.from, *certificate);
    if (const auto* proposal = std::get_if<Proposal>(&message)) return receive(event.from, *proposal, event.message);
    if (const auto* status = std::get_if<Status>(&message)) return receive(event.from, *status);
    if (const auto* wake = std::get_if<Wake>(&message)) return receive(event.from, *wake);
    if (const auto* request = std::get_if<CertificateRequest>(&message)) return receive(event.from, *request);
    if (const auto* answer = std::get_if<BlockAnswer>(&message)) return receive(event.from, *answer);
    if (const auto* request = std::get_if<BlockRequest>(&message)) return receive(event.from, *request);
}

void Core::Machine::on(const event::PeerArrived& event) {
    peers_.arrived(event.peer);
    const auto& validator = event.peer.validator;
    const bool is_known = validator && *validator < peers_.validators();
    send(effect::ToPeer{event.peer.id}, status_for(is_known ? &peers_.validator(*validator) : nullptr));
}

void Core::Machine::on(const event::PeerGone& event) {
    peers_.gone(event.peer);
    if (peers_.reporting_weight() + (config_.me ? weight(*config_.me) : 0) < quorum_) has_quorum_ = false;
}

void Core::Machine::on(const event::SignaturesChecked& event) {
    const auto found = std::ranges::find(batches_, event.batch, &Batch::id);
    if (found == batches_.end()) return;
    Batch batch = std::move(*found);
    if (found != batches_.end() - 1) *found = std::move(batches_.back());
    batches_.pop_back();
    switch (batch.purpose) {
        case Batch::Purpose::Group: return group_checked(batch, event.bad);
        case Batch::Purpose::Rival: return rivals_checked(batch, event.bad);
        case Batch::Purpose::Skip:
            return event.bad.empty() ? charge_skip(batch.votes.front())
                                     : misbehaved(batch.from, effect::Misdeed::BadSignature);
        case Batch::Purpose::Proposal: return proposal_checked(batch, event.bad);
        case Batch::Purpose::Certificate: return certificate_checked(batch, event.bad.empty());
        case Batch::Purpose::Relayed:
            return event.bad.empty() ? relayed_checked(batch) : misbehaved(batch.from, effect::Misdeed::BadSignature);
        case Batch::Purpose::OwnKey:
            return event.bad.empty() ? emit(effect::OwnKeyElsewhere{batch.votes.front()})
                                     : misbehaved(batch.from, effect::Misdeed::BadSignature);
    }
}

/// Asks for my signature, once and for all: from here on the vote counts as given (I1, I2).
void Core::Machine::cast(View& view, Kind kind, std::uint16_t content, Payload block) {
    view.mine[index(kind)] = Mine::Asked;
    emit(effect::CastVote{view.statement(kind, epoch_.epoch, content), std::move(block)});
}

void Core::Machine::on(const event::OwnVote& event) {
    const votes::Vote& vote = event.vote;
    const Kind kind = vote.statement.kind;
    if (vote.statement.epoch != epoch_.epoch || vote.validator != config_.me) return;
    if (vote.statement.view < views_.base()) return;
    View& view = views_.at(vote.statement.view);
    const bool is_again = view.own[index(kind)] != nullptr;
    view.mine[index(kind)] = Mine::Cast;
    view.own[index(kind)] = std::make_shared<const Message>(vote);
    peers_.heard(vote.validator, vote.statement.view);
    if (is_again) return;
    if (kind == Kind::Notarize && view.leader == *config_.me) send_proposal(view, vote, effect::ToAll{});
    else send(effect::ToAll{}, view.own[index(kind)]);
    if (kind == Kind::Nullify && view.number == view_) retry_at_ = now_ + timers().retry_ms;
    // Whoever was refused and retried may find that the view is final by now.
    if (!view.slots.empty()) put(view, vote, Slot::State::Verified, 0);
}

void Core::Machine::on(const event::SigningRefused& event) {
    View* view = views_.find(event.statement.view);
    if (view == nullptr || event.statement.epoch != epoch_.epoch) return;
    Mine& mine = view->mine[index(event.statement.kind)];
    if (mine == Mine::Asked) mine = Mine::Refused;
    if (event.statement.kind == Kind::Nullify && view->number == view_) retry_at_ = now_ + timers().retry_ms;
}

}  // namespace consensus
