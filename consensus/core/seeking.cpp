// Blocks that a quorum notarized and that are not here: first the application is asked, then the signers, one after the
// other. A quorum of them stored the block before they signed, so an honest one has it.
//
// So with the running view's proposal where it was lost on its way here: whoever notarizes it has it, and answers with
// the leader's signature and all that the proposal carried (A16).

#include "consensus/core/machine.hpp"

namespace consensus {

void Core::Machine::seek(View& view, Content& content, std::uint64_t at) {
    if (is_recovering_ || content.chore_at != never || view.number <= floor_) return;
    content.chore_at = at;
    chores_at_ = std::min(chores_at_, at);
}

/// Checks again what came too early (A13), seeks what is missing.
void Core::Machine::run_chores() {
    chores_at_ = never;
    for (std::uint64_t u = views_.base(); u < views_.end(); ++u) {
        View* view = views_.find(u);
        if (view == nullptr) continue;
        for (std::size_t i = 0; i < view->contents.size(); ++i) {
            Content& content = view->contents[i];
            if (content.chore_at <= now_) {
                content.chore_at = never;
                if (content.check == Content::Check::Waiting) {
                    content.check = Content::Check::None;
                    work_on(*view, static_cast<std::uint16_t>(i));
                } else {
                    ask_for_block(*view, content);
                }
            }
            chores_at_ = std::min(chores_at_, view->contents[i].chore_at);
        }
    }
}

bool Core::Machine::is_lost_proposal(const View& view, const Content& content) const {
    return view.number == view_ && view.proposal == View::none && !content.is_held && !content.payload &&
           content.notarizes.held > 0 && !mutant(Mutant::NoFetch);
}

bool Core::Machine::is_worth_asking(const View& view, const Content& content, std::uint32_t validator) const {
    if (validator == config_.me) return false;
    const CertificatePtr& proof =
        view.has(Kind::Notarize) ? view.certificate(Kind::Notarize) : view.certificate(Kind::Finalize);
    if (proof && view.is_proved(content)) return (proof->signers[validator / 8] >> (validator % 8) & 1) != 0;
    if (view.slots.empty()) return false;
    const Slot& slot = view.slots[index(Kind::Notarize) * peers_.validators() + validator];
    const bool is_there = slot.state != Slot::State::Empty && slot.state != Slot::State::Refuted;
    return is_there && view.contents[slot.content].is(content.parent_view, content.block);
}

void Core::Machine::ask_for_block(View& view, Content& content) {
    if (content.is_held || content.payload || view.number <= floor_) return;
    if (!view.is_proved(content) && !is_lost_proposal(view, content)) return;
    content.is_sought = true;
    content.chore_at = now_ + timers().retry_ms / 2;
    emit(effect::FindBlock{view.number, content.block});
}

void Core::Machine::on(const event::BlockFound& event) {
    View* view = views_.find(event.view);
    if (view == nullptr) return;
    const auto found = std::ranges::find(view->contents, event.block, &Content::block);
    if (found == view->contents.end() || found->is_held || !found->is_sought) return;
    if (event.is_here && view->is_proved(*found)) {
        found->is_held = true;
        found->chore_at = never;
        return work_on(event.view);
    }
    if (mutant(Mutant::NoFetch)) return;
    for (std::size_t tried = 0; tried < peers_.validators(); ++tried) {
        // Every replica begins with another signer, so that one of them does not serve all.
        const std::size_t start = config_.me ? *config_.me + 1 : 0;
        const auto i = static_cast<std::uint32_t>((start + found->find_round++) % peers_.validators());
        if (!is_worth_asking(*view, *found, i)) continue;
        return send(effect::ToValidator{i}, BlockRequest{epoch_.epoch, event.view, event.block});
    }
}

void Core::Machine::receive(const Peer& from, const BlockRequest& request) {
    if (!peers_.of(from).answers.take(1, now_)) return;
    if (!serve_proposal(from, request)) emit(effect::ServeBlock{from.id, request});
}

/// A view that is open here: who lacks its block may lack what proves it, too.
bool Core::Machine::serve_proposal(const Peer& to, const BlockRequest& request) {
    View* view = views_.find(request.view);
    if (view == nullptr || view->slots.empty() || view->proposal == View::none || view->certified != View::none)
        return false;
    const Content& content = view->contents[static_cast<std::size_t>(view->proposal)];
    const Slot& slot = view->slot(Kind::Notarize, view->leader);
    const bool is_signed = slot.state == Slot::State::Verified && slot.content == view->proposal;
    if (content.block != request.block || !content.payload || !is_signed) return false;
    return send_proposal(*view, vote_in(*view, Kind::Notarize, view->leader), effect::ToPeer{to.id});
}

void Core::Machine::receive(const Peer& from, const BlockAnswer& answer) {
    View* view = views_.find(answer.view);
    if (view == nullptr || !answer.payload) return;
    const auto found = std::ranges::find_if(view->contents, [&](const Content& content) {
        return content.block == answer.block && content.is_sought && !content.is_held && !content.payload;
    });
    if (found == view->contents.end() || !view->is_proved(*found)) return;
    found->payload = answer.payload;
    found->sender = from.id;
    work_on(answer.view);
}

}  // namespace consensus
