// The ports of the replica: work goes to the other threads and to the peers, answers come back as events.

#include "chain/base/log.hpp"
#include "chain/clock/clock.hpp"
#include "chain/crypto/hash.hpp"
#include "consensus/engine/impl.hpp"
#include "consensus/replica/verify.hpp"

#include <chrono>

namespace consensus {
namespace {

constexpr chain::log::Channel ports_log{"consensus"};

/// Certificates of finality are news to every peer, not only to those who vote.
bool is_finality(const Message& message) {
    const auto* certificate = std::get_if<CertificatePtr>(&message);
    return certificate != nullptr && (*certificate)->statement.kind == votes::Kind::Finalize;
}

Lane lane_of(const Message& message) {
    const bool has_block = std::holds_alternative<Proposal>(message) ||
                           std::holds_alternative<ShortProposal>(message) ||
                           std::holds_alternative<BlockAnswer>(message);
    return has_block ? Lane::Blocks : Lane::Votes;
}

}  // namespace

// ---- messages
// -------------------------------------------------------------------------------------------------------

Payload Engine::Impl::bytes_of(const MessagePtr& message) {
    if (encoded != message) {
        encoded = message;
        encoded_bytes = std::make_shared<const Bytes>(encode(*message));
    }
    return encoded_bytes;
}

void Engine::Impl::send(const EpochPtr& epoch, const effect::To& to, const MessagePtr& message) {
    if (std::holds_alternative<Wake>(*message))
        return wakes.push_back({chain::monotonic_ms() + wake_delay_ms, epoch, to, message});
    if (const auto* mine = std::get_if<Proposal>(&*message)) note_proposal(mine->vote.statement.view);
    const MessagePtr short_form = short_form_of(to, message);
    transmit(epoch, to, short_form ? short_form : message);
}

void Engine::Impl::transmit(const EpochPtr& epoch, const effect::To& to, const MessagePtr& message) {
    const Lane lane = lane_of(*message);
    const Payload bytes = bytes_of(message);
    if (const auto* one = std::get_if<effect::ToPeer>(&to)) return ports.transport.to_peer(one->id, lane, bytes);
    if (const auto* one = std::get_if<effect::ToValidator>(&to))
        return ports.transport.to_validator(epoch->table[one->index].key, lane, bytes);
    if (is_finality(*message)) return ports.transport.to_everybody(lane, bytes);
    for (std::uint32_t i = 0; i < epoch->table.size(); ++i)
        if (i != me) ports.transport.to_validator(epoch->table[i].key, lane, bytes);
}

void Engine::Impl::check(const EpochPtr& epoch, const effect::CheckSignatures& work) {
    verifiers->add([this, epoch, work] {
        answer(epoch->epoch, check_signatures(work, epoch->table, config.replica.genesis, votes::ed25519()));
    });
}

void Engine::Impl::misbehaved(const effect::Misbehaved& news) {
    ports.transport.misbehaved(news.peer.id, news.misdeed);
}

// ---- jobs of the chain's thread
// -------------------------------------------------------------------------------------

void Engine::Impl::answer(std::uint64_t epoch, Event event) {
    post([this, epoch, event = std::move(event)]() mutable { replica.answer(epoch, std::move(event)); });
}

void Engine::Impl::take_work(std::uint64_t view) {
    is_work_taken = true;
    taken_view = std::max(taken_view, view);
    if (std::exchange(has_work, false)) replica.work_changed(false);
}

// `work` gives the fault that stops the engine, if there is one.
void Engine::Impl::do_job(std::string_view what, std::move_only_function<Result<void>()> work) {
    chain->add([this, what, work = std::move(work)]() mutable {
        const auto start = std::chrono::steady_clock::now();
        Result<void> done = work();
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        post([this, what, seconds] { ports.observer.worked(what, seconds); });
        if (!done) stop_for(done.error());
    });
}

void Engine::Impl::stop_for(const Fault& fault) {
    {
        const std::lock_guard lock{mutex};
        job_fault = fault;
    }
    changed.notify_one();
}

void Engine::Impl::note_proposal(std::uint64_t view) {
    proposal_seen_ms.try_emplace(view, chain::monotonic_ms());
    if (proposal_seen_ms.size() > proposals_max) proposal_seen_ms.erase(proposal_seen_ms.begin());
}

void Engine::Impl::propose(std::uint64_t epoch, const effect::Propose& wish) {
    // What is built ahead is noticed when it is sent.
    if (wish.position.view <= replica.core().view()) note_proposal(wish.position.view);
    do_job("propose", [this, epoch, wish]() -> Result<void> {
        auto built = ports.application.propose(wish.position, wish.parent, wish.must_be_empty);
        if (!built) {
            ports_log.warn("view {}: no block to propose: {}", wish.position.view, built.error().text);
            answer(epoch, event::BuildFailed{wish.position.view});
            return {};
        }
        if (!built->is_empty) {
            post([this, view = wish.position.view, hash = built->block,
                  shortened = ports.application.shorten(built->block)] {
                take_work(view);
                courier.proposes(hash, shortened);
            });
        }
        answer(epoch, event::BlockBuilt{.view = wish.position.view,
                                        .block = built->block,
                                        .is_empty = built->is_empty,
                                        .payload = std::move(built->payload)});
        return {};
    });
}

void Engine::Impl::check(std::uint64_t epoch, const effect::CheckBlock& wish) {
    note_proposal(wish.position.view);
    do_job("check", [this, epoch, wish]() -> Result<void> {
        const Checked checked = ports.application.check(wish.position, wish.parent, wish.block, wish.payload);
        if (checked.is_lost) return {};
        if (checked.verdict == event::Verdict::Bad || checked.verdict == event::Verdict::AnotherBlock)
            ports_log.warn("view {}: block {} is refused: {}", wish.position.view, chain::to_hex(wish.block),
                           checked.why);
        answer(epoch, event::BlockChecked{.view = wish.position.view,
                                          .block = wish.block,
                                          .verdict = checked.verdict,
                                          .is_empty = checked.is_empty,
                                          .due_in_ms = checked.due_in_ms});
        return {};
    });
}

void Engine::Impl::execute(std::uint64_t epoch, const effect::ExecuteBlock& wish) {
    do_job("execute", [this, epoch, wish]() -> Result<void> {
        TRY(const Executed executed, ports.application.execute(wish.block, wish.parent));
        if (executed.is_lost) return {};
        if (!executed.is_good)
            ports_log.warn("view {}: block {} is bad: {}", wish.view, chain::to_hex(wish.block), executed.why);
        if (executed.is_good && !executed.is_empty) post([this, view = wish.view] { take_work(view); });
        answer(epoch, event::BlockExecuted{wish.view, wish.block, executed.is_good, executed.is_empty});
        return {};
    });
}

void Engine::Impl::find(std::uint64_t epoch, const effect::FindBlock& wish) {
    do_job("find", [this, epoch, wish]() -> Result<void> {
        answer(epoch, event::BlockFound{wish.view, wish.block, ports.application.block(wish.block) != nullptr});
        return {};
    });
}

void Engine::Impl::serve(std::uint64_t epoch, const effect::ServeBlock& wish) {
    do_job("serve", [this, epoch, wish]() -> Result<void> {
        const Payload block = ports.application.block(wish.request.block);
        if (!block) return {};
        const Message message = BlockAnswer{epoch, wish.request.view, wish.request.block, block};
        post([this, peer = wish.peer, bytes = std::make_shared<const Bytes>(encode(message))] {
            ports.transport.to_peer(peer, Lane::Blocks, bytes);
        });
        return {};
    });
}

void Engine::Impl::finalize(std::uint64_t epoch, const effect::Finalize& wish) {
    last_final_ms = chain::monotonic_ms();
    const auto seen = proposal_seen_ms.find(wish.view);
    ports.observer.finalized(epoch, wish.view, seen == proposal_seen_ms.end() ? 0 : last_final_ms - seen->second);
    proposal_seen_ms.erase(proposal_seen_ms.begin(), proposal_seen_ms.upper_bound(wish.view));
    do_job("finalize", [this, epoch, wish]() -> Result<void> {
        TRY(const auto number, ports.application.finalize(wish.block, wish.certificate));
        if (number) answer(epoch, event::FloorDurable{{wish.block, *number, epoch, wish.view}});
        return {};
    });
}

void Engine::Impl::keep(const CertificatePtr& certificate) {
    // Many and short: nobody is told how long each took.
    chain->add([this, certificate] {
        if (const auto done = ports.application.keep(certificate); !done) stop_for(done.error());
    });
}

void Engine::Impl::certified(std::uint64_t, const effect::Certified& news) {
    ++certifying;
    do_job("certified", [this, tip = news.tip]() -> Result<void> {
        ports.application.certified(tip);
        post([this] { --certifying; });
        return {};
    });
}

void Engine::Impl::forward_work(const EpochPtr& epoch, std::uint32_t leader) {
    do_job("forward", [this, key = epoch->table[leader].key]() -> Result<void> {
        ports.application.forward_work(key);
        return {};
    });
}

void Engine::Impl::state_mismatch(std::uint64_t epoch, const effect::StateMismatch& news) {
    ports.observer.state_mismatch(epoch, news);
    if (!news.is_final) return;
    const std::string where = ports.application.bad_final(news.block);
    const std::lock_guard lock{mutex};
    job_fault = Fault{"a final block is bad here: block " + chain::to_hex(news.block) +
                      ". This node or all others compute wrongly: keep its folder, do not restart it, and compare the "
                      "block with another version of the program" +
                      (where.empty() ? "" : ". What is known of it is in " + where)};
}

// ---- news
// -----------------------------------------------------------------------------------------------------------

void Engine::Impl::view_ended(std::uint64_t epoch, const effect::ViewEnded& news) {
    is_work_taken = taken_view > news.view;
    participation.note(news, replica.core().report().validators);
    ports.observer.view_ended(epoch, news);
}

void Engine::Impl::epoch_entered(const EpochPtr& epoch) {
    me.reset();
    std::vector<crypto::Ed25519Public> others;
    for (std::uint32_t i = 0; i < epoch->table.size(); ++i) {
        if (ports.secret != nullptr && epoch->table[i].key == ports.secret->public_key()) me = i;
        else others.push_back(epoch->table[i].key);
    }
    is_work_taken = false;
    taken_view = 0;
    participation.begin(epoch->table.size());
    proposal_seen_ms.clear();
    ports.transport.set_validators(others);
    ports.observer.epoch_entered(*epoch);
}

}  // namespace consensus
