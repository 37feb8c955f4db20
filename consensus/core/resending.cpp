// Messages get lost. Who has given up on a view repeats that (R10); who sees no finalization although there is work
// repeats everything that is open, so much at a time and from where it stopped (A11).

#include "consensus/core/machine.hpp"

namespace consensus {

void Core::Machine::retry() {
    retry_at_ = now_ + timers().retry_ms;
    View& view = current();
    if (view.my(Kind::Nullify) == Mine::Refused) {
        view.mine[index(Kind::Nullify)] = Mine::None;
        return nullify();
    }
    if (mutant(Mutant::NoRetry)) return;
    for (const Kind kind : {Kind::Nullify, Kind::Notarize})
        if (view.own[index(kind)]) send(effect::ToAll{}, view.own[index(kind)]);
    if (const auto entry = entry_certificate()) send(effect::ToAll{}, entry);
}

void Core::Machine::stand_still() {
    if (!has_work()) return;
    standstill_at_ = now_ + timers().standstill_ms;
    if (mutant(Mutant::NoStandstill)) return;
    std::size_t sent = 0;
    if (floor_certificate_) {
        send(effect::ToAll{}, floor_certificate_);
        ++sent;
    }
    const std::uint64_t open = view_ - floor_;
    const bool has_place = resend_next_ > floor_ && resend_next_ <= view_ && !mutant(Mutant::StandstillWithoutCursor);
    std::uint64_t next = has_place ? resend_next_ : floor_ + 1;
    for (std::uint64_t i = 0; i < open && sent < config_.limits.resend_max; ++i) {
        sent += resend_view(next);
        next = next == view_ ? floor_ + 1 : next + 1;
    }
    resend_next_ = next;
}

/// My votes and the certificates of one view, to everybody. At most five messages.
std::size_t Core::Machine::resend_view(std::uint64_t number) {
    const View* view = views_.find(number);
    if (view == nullptr) return 0;
    std::size_t sent = 0;
    for (const MessagePtr& vote : view->own)
        if (vote) {
            send(effect::ToAll{}, vote);
            ++sent;
        }
    for (const Kind kind : {Kind::Notarize, Kind::Nullify})
        if (view->has(kind)) {
            send(effect::ToAll{}, view->certificate(kind));
            ++sent;
        }
    return sent;
}

}  // namespace consensus
