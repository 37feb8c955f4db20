// Certificates prove themselves: whoever has one may act on it whatever else it knows (R6–R9), keeps it, passes it on
// once (R7), and gives it to those who show that they lack it.

#include "consensus/core/machine.hpp"

#include <utility>

namespace consensus {
namespace {

/// Up to so many validators every certificate goes to everybody once; beyond, to the next leader and to laggards.
constexpr std::size_t relay_to_all_max = 32;
constexpr std::size_t alternatives_max = 8;
constexpr std::size_t late_relays_max = 64;

}  // namespace

/// Whether the certificate proves something that is still open here.
bool Core::Machine::is_news(const votes::Certificate& certificate) const {
    const votes::Statement& said = certificate.statement;
    if (said.epoch != epoch_.epoch || said.view <= floor_) return false;
    if (said.kind == Kind::Nullify) {
        if (said.parent_view != 0 || said.block != Hash{}) return false;
    } else if (said.parent_view >= said.view) {
        return false;
    }
    if (said.kind != Kind::Finalize && said.view > view_ + config_.limits.views_ahead_max) return false;
    const View* view = views_.find(said.view);
    return view == nullptr || !view->has(said.kind);
}

void Core::Machine::receive(const Peer& from, const CertificatePtr& certificate) {
    const votes::Statement& said = certificate->statement;
    if (!is_news(*certificate)) return;
    if (!votes::verify_form(*certificate, epoch_.table)) return misbehaved(from, effect::Misdeed::BadCertificate);
    const auto same = std::ranges::find_if(batches_, [&](const Batch& batch) {
        return batch.purpose == Batch::Purpose::Certificate && batch.certificates[0]->statement.kind == said.kind &&
               batch.certificates[0]->statement.view == said.view;
    });
    if (same != batches_.end()) {
        // One of them suffices, if it is good; a forged one must not keep the others out.
        if (same->waiting.size() < alternatives_max) same->waiting.emplace_back(from, certificate);
        return;
    }
    if (batches_.size() >= config_.limits.batches_max) return;
    const auto cost = static_cast<std::uint32_t>(certificate->signatures.size());
    if (!peers_.of(from).checks.take(cost, now_)) return;
    open_batch({.purpose = Batch::Purpose::Certificate, .from = from, .certificates = {certificate}});
}

void Core::Machine::certificate_checked(Batch& batch, bool is_good) {
    if (is_good) return learn(batch.certificates[0]);
    misbehaved(batch.from, effect::Misdeed::BadCertificate);
    if (batch.waiting.empty()) return;
    const auto next = std::move(batch.waiting.front());
    batch.waiting.erase(batch.waiting.begin());
    auto others = std::move(batch.waiting);
    if (!is_news(*next.second)) return;
    open_batch({.purpose = Batch::Purpose::Certificate,
                .from = next.first,
                .certificates = {next.second},
                .waiting = std::move(others)});
}

/// A good certificate: from votes, from a peer, out of a proposal or from the journal.
void Core::Machine::learn(const CertificatePtr& certificate) {
    const votes::Statement& said = certificate->statement;
    if (!is_news(*certificate)) return;
    if (!is_recovering_ && !mutant(Mutant::CertificatesNotStored)) emit(effect::StoreCertificate{certificate});
    // A finalization may be far ahead; what lies in between needs no places.
    if (said.kind == Kind::Finalize && said.view > views_.base() + config_.limits.views_kept)
        views_.prune_below(said.view - config_.limits.views_kept);
    View& view = views_.at(said.view);
    view.certificates[index(said.kind)] = certificate;
    if (said.kind != Kind::Nullify) view.content(said.parent_view, said.block);
    relay(certificate);
    switch (said.kind) {
        case Kind::Notarize: charge_signers(*certificate); return work_on(said.view);
        case Kind::Nullify:
            if (said.view >= view_) enter(said.view + 1, effect::Outcome::Nullified);
            else work_on(view_);  // its proposal may have waited for this proof
            return;
        case Kind::Finalize: return finalize(certificate);
    }
}

/// R7.
void Core::Machine::relay(const CertificatePtr& certificate) {
    if (is_recovering_ || !config_.me || peers_.validators() == 1 || mutant(Mutant::NoRelay)) return;
    if (peers_.validators() <= relay_to_all_max) return send(effect::ToAll{}, certificate);
    const std::uint64_t view = certificate->statement.view;
    if (!leads(view + 1)) send(effect::ToValidator{deck_.leader(view + 1)}, certificate);
    if (late_relays_.size() >= late_relays_max) late_relays_.erase(late_relays_.begin());
    late_relays_.push_back(certificate);
    if (relay_at_ == never) relay_at_ = now_ + timers().relay_ms;
}

/// To everybody who has not shown in time that he went on.
void Core::Machine::relay_late() {
    relay_at_ = never;
    const auto due = std::exchange(late_relays_, {});
    for (const auto& certificate : due) {
        const auto message = std::make_shared<const Message>(certificate);
        for (std::uint32_t i = 0; i < peers_.validators(); ++i)
            if (i != config_.me && peers_.validator(i).progress <= certificate->statement.view)
                send(effect::ToValidator{i}, message);
    }
}

/// What proves the outcome of a view: F, else X; and N too.
void Core::Machine::send_proof(const effect::To& to, std::uint64_t number) {
    const View* view = views_.find(number);
    if (view == nullptr) return;
    if (view->has(Kind::Finalize)) return send(to, view->certificate(Kind::Finalize));
    if (view->has(Kind::Nullify)) send(to, view->certificate(Kind::Nullify));
    if (view->has(Kind::Notarize)) send(to, view->certificate(Kind::Notarize));
}

/// What let me into the current view.
CertificatePtr Core::Machine::entry_certificate() const {
    const View* view = views_.find(view_ - 1);
    if (view == nullptr) return floor_ + 1 == view_ ? floor_certificate_ : nullptr;
    for (const Kind kind : {Kind::Finalize, Kind::Nullify, Kind::Notarize})
        if (view->has(kind)) return view->certificate(kind);
    return nullptr;
}

/// A peer is in a view that is over: once a second it gets what ended it, the floor, and the way into my view (A12).
void Core::Machine::answer_straggler(const Peer& peer, std::uint64_t number) {
    if (mutant(Mutant::NoAnswers) || !peers_.of(peer).stragglers.take(1, now_)) return;
    const effect::ToPeer to{peer.id};
    if (number > floor_) send_proof(to, number);
    if (floor_certificate_) send(to, floor_certificate_);
    const auto entry = entry_certificate();
    if (entry && entry != floor_certificate_ && view_ - 1 != number) send(to, entry);
}

void Core::Machine::request_certificates(std::uint64_t from_view, std::uint64_t to_view, effect::To to) {
    if (now_ < request_from_ || is_recovering_ || mutant(Mutant::NoCertificateRequests)) return;
    request_from_ = now_ + timers().retry_ms / 4;
    send(to, CertificateRequest{epoch_.epoch, from_view, to_view});
}

/// Answers for the latest of the views asked for, as many as fit: a gap closes from above.
void Core::Machine::receive(const Peer& from, const CertificateRequest& request) {
    if (request.from_view > request.to_view || !peers_.of(from).answers.take(1, now_)) return;
    if (request.from_view <= floor_ && floor_certificate_) send(effect::ToPeer{from.id}, floor_certificate_);
    std::size_t left = Proposal::nullifications_max;
    const std::uint64_t from_view = std::max(request.from_view, floor_ + 1);
    for (std::uint64_t u = std::min(request.to_view, view_) + 1; u-- > from_view && left > 0;) {
        const View* view = views_.find(u);
        if (view == nullptr || (!view->has(Kind::Nullify) && !view->has(Kind::Notarize))) continue;
        send_proof(effect::ToPeer{from.id}, u);
        --left;
    }
}

}  // namespace consensus
