// Blocks in short form: what the courier wants, done by the application and the peers.

#include "chain/clock/clock.hpp"
#include "consensus/engine/impl.hpp"

namespace consensus {

/// A message from a peer, on the engine's thread.
void Engine::Impl::hear(std::uint64_t from, MessagePtr message) {
    const std::uint64_t now_ms = chain::monotonic_ms();
    Wishes wishes;
    if (std::holds_alternative<ShortProposal>(*message)) {
        if (validator_peers.contains(from)) courier.offered(now_ms, from, message, wishes);
    } else if (const auto* request = std::get_if<PartsRequest>(&*message)) {
        if (courier.grants(from, *request)) send_parts(from, *request);
    } else if (const auto* parts = std::get_if<PartsAnswer>(&*message)) {
        courier.answered(now_ms, from, *parts, wishes);
    } else {
        if (const auto* whole = std::get_if<Proposal>(&*message)) courier.proposed(from, *whole);
        const auto* block = std::get_if<BlockAnswer>(&*message);
        if (block == nullptr || !courier.answered(from, *block, wishes)) replica.receive(from, std::move(message));
    }
    carry_out(wishes);
}

void Engine::Impl::carry_out(const Wishes& wishes) {
    for (const Wish& wish : wishes) std::visit([this](const auto& one) { carry_out(one); }, wish);
}

void Engine::Impl::carry_out(const wish::Restore& wish) {
    do_job("restore", [this, wish]() -> Result<void> {
        auto restored = ports.application.restore(wish.block, wish.shortened, wish.parts);
        post([this, id = wish.id, restored = std::move(restored)]() mutable {
            Wishes wishes;
            courier.restored(chain::monotonic_ms(), id, std::move(restored), wishes);
            carry_out(wishes);
        });
        return {};
    });
}

void Engine::Impl::carry_out(const wish::Ask& wish) {
    ports.transport.to_peer(wish.peer, Lane::Votes, std::make_shared<const Bytes>(encode(*wish.message)));
}

void Engine::Impl::send_parts(std::uint64_t peer, const PartsRequest& request) {
    do_job("parts", [this, peer, request]() -> Result<void> {
        auto parts = ports.application.parts(request.block, request.places);
        if (!parts) return {};
        const Message answer = PartsAnswer{request.epoch, request.view, request.block, *std::move(parts)};
        post([this, peer, bytes = std::make_shared<const Bytes>(encode(answer))] {
            ports.transport.to_peer(peer, Lane::Blocks, bytes);
        });
        return {};
    });
}

/// What goes to everybody in place of a proposal, if its block has a short form.
MessagePtr Engine::Impl::short_form_of(const effect::To& to, const MessagePtr& message) {
    const auto* proposal = std::get_if<Proposal>(&*message);
    const bool is_for_all = std::holds_alternative<effect::ToAll>(to);
    return proposal != nullptr && is_for_all ? courier.short_form(*proposal) : nullptr;
}

}  // namespace consensus
