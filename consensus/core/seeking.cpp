// Blocks that a quorum notarized and that are not here: first the application is asked, then the signers, one after the
// other. A quorum of them stored the block before they signed, so an honest one has it.

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

void Core::Machine::ask_for_block(View& view, Content& content) {
    if (content.is_held || content.payload || view.number <= floor_) return;
    content.is_sought = true;
    content.chore_at = now_ + timers().retry_ms / 2;
    emit(effect::FindBlock{view.number, content.block});
}

void Core::Machine::on(const event::BlockFound& event) {
    View* view = views_.find(event.view);
    if (view == nullptr) return;
    const auto found = std::ranges::find(view->contents, event.block, &Content::block);
    if (found == view->contents.end() || found->is_held || !found->is_sought) return;
    if (event.is_here) {
        found->is_held = true;
        found->chore_at = never;
        return work_on(event.view);
    }
    const CertificatePtr& proof =
        view->has(Kind::Notarize) ? view->certificate(Kind::Notarize) : view->certificate(Kind::Finalize);
    if (!proof || mutant(Mutant::NoFetch)) return;
    for (std::size_t tried = 0; tried < peers_.validators(); ++tried) {
        // Every replica begins with another signer, so that one of them does not serve all.
        const std::size_t start = config_.me ? *config_.me + 1 : 0;
        const auto i = static_cast<std::uint32_t>((start + found->find_round++) % peers_.validators());
        if (i == config_.me || (proof->signers[i / 8] >> (i % 8) & 1) == 0) continue;
        return send(effect::ToValidator{i}, BlockRequest{epoch_.epoch, event.view, event.block});
    }
}

void Core::Machine::receive(const Peer& from, const BlockAnswer& answer) {
    View* view = views_.find(answer.view);
    if (view == nullptr || !answer.payload) return;
    const auto found = std::ranges::find_if(view->contents, [&](const Content& content) {
        return content.block == answer.block && content.is_sought && !content.is_held && !content.payload;
    });
    if (found == view->contents.end()) return;
    found->payload = answer.payload;
    found->sender = from.id;
    work_on(answer.view);
}

}  // namespace consensus
