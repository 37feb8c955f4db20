#include "tools/application/block_sync_runner.hpp"

#include "chain/base/check.hpp"
#include "chain/base/log.hpp"
#include "chain/clock/clock.hpp"
#include "chain/network/sync_messages.hpp"
#include "tools/application/final_piece.hpp"
#include "tools/application/served_chain.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace node {

namespace {

using block_sync::Peer;
using network::Channel;
using network::Conduct;
using network::PeerId;
namespace effect = block_sync::effect;
namespace event = block_sync::event;

constexpr chain::log::Channel sync_log{"sync"};

/// Numbers of questions about where a peer stands; the machine's own count from 1.
constexpr std::uint64_t poll_id = std::uint64_t{1} << 63;

Conduct conduct_of(block_sync::Misdeed misdeed) {
    using enum block_sync::Misdeed;
    switch (misdeed) {
        case Unsolicited: return Conduct::Unsolicited;
        case Malformed: return Conduct::Malformed;
        case Lied: return Conduct::InvalidBlock;
        case BadCertificate: return Conduct::InvalidSignature;
    }
    std::unreachable();
}

struct PeerUp {
    PeerId peer;
};
struct PeerDown {
    PeerId peer;
};
struct Message {
    PeerId peer;
    Channel channel{};
    chain::Bytes bytes;
};
using Input = std::variant<PeerUp, PeerDown, Message, event::Moved, event::Wanted>;

}  // namespace

struct BlockSyncRunner::Impl {
    ledger::Ledger& ledger;
    BlockSyncPorts ports;
    block_sync::Limits limits;
    ServedChain served;
    block_sync::Sync machine;

    // Guards what follows: inputs of any thread, the piece to store, the last report. Held to put and to take only.
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::deque<Input> inputs;
    std::size_t questions = 0;  // messages among them
    std::optional<block_sync::Proved> to_store;
    block_sync::Report last_report;
    bool is_stopping = false;

    // Of sync's thread alone.
    std::map<PeerId, Peer> peers;
    std::map<Peer, PeerId> names;
    Peer next_peer = 1;
    std::uint64_t next_poll_ms = 0;

    std::thread thread;
    std::thread storing;
    ledger::Subscription finals;

    Impl(ledger::Ledger& l, BlockSyncPorts p, block_sync::Limits given)
        : ledger(l), ports(std::move(p)), limits(given), served(l), machine(l.genesis().hash, local_of(l), given) {}

    void put(Input input);
    void run();
    void run_storing();
    void handle(const PeerUp& news);
    void handle(const PeerDown& news);
    void handle(const Message& message);
    void step(const block_sync::Event& event);
    void carry_out(block_sync::Effect& effect);
    void send(Peer peer, const network::SyncRequest& request);
    void poll();
    chain::Result<void> store(const block_sync::Proved& proved);
    std::uint64_t wake_in_ms() const;
};

void BlockSyncRunner::Impl::put(Input input) {
    {
        const std::lock_guard lock{mutex};
        const bool is_message = std::holds_alternative<Message>(input);
        if (is_message && questions >= questions_max) return;
        questions += is_message;
        inputs.push_back(std::move(input));
    }
    changed.notify_all();
}

// ---- sync's thread
// ---------------------------------------------------------------------------------------------------------------------

std::uint64_t BlockSyncRunner::Impl::wake_in_ms() const {
    const std::uint64_t at = std::min(machine.next_timer_ms().value_or(next_poll_ms), next_poll_ms);
    const std::uint64_t now = chain::monotonic_ms();
    return at > now ? at - now : 0;
}

void BlockSyncRunner::Impl::run() {
    std::unique_lock lock{mutex};
    for (;;) {
        changed.wait_for(lock, std::chrono::milliseconds{wake_in_ms()}, [&] { return is_stopping || !inputs.empty(); });
        if (is_stopping) return;
        std::optional<Input> input;
        if (!inputs.empty()) {
            input = std::move(inputs.front());
            inputs.pop_front();
            questions -= std::holds_alternative<Message>(*input);
        }
        lock.unlock();
        if (!input) step(event::TimePassed{});
        else if (const auto* up = std::get_if<PeerUp>(&*input)) handle(*up);
        else if (const auto* down = std::get_if<PeerDown>(&*input)) handle(*down);
        else if (const auto* message = std::get_if<Message>(&*input)) handle(*message);
        else if (const auto* moved = std::get_if<event::Moved>(&*input)) step(*moved);
        else {
            step(event::Wanted{});
            next_poll_ms = 0;
        }
        if (chain::monotonic_ms() >= next_poll_ms) poll();
        lock.lock();
        last_report = machine.report();
    }
}

void BlockSyncRunner::Impl::handle(const PeerUp& news) {
    const auto [at, is_new] = peers.emplace(news.peer, next_peer);
    if (!is_new) return;
    names.emplace(next_peer++, news.peer);
    send(at->second, {.id = poll_id, .first = ledger.finalized().number + 1, .count = 1, .is_headers_only = true});
}

void BlockSyncRunner::Impl::handle(const PeerDown& news) {
    const auto at = peers.find(news.peer);
    if (at == peers.end()) return;
    const Peer peer = at->second;
    names.erase(peer);
    peers.erase(at);
    step(event::PeerGone{peer});
}

void BlockSyncRunner::Impl::handle(const Message& message) {
    if (message.channel == Channel::SyncRequest) {
        const auto request = network::decode_sync_request(message.bytes);
        if (!request) return ports.report(message.peer, Conduct::Malformed);
        return ports.send(message.peer, Channel::SyncResponse, network::encode(served.answer(*request)));
    }
    const auto at = peers.find(message.peer);
    if (at == peers.end()) return;
    auto response = network::decode_sync_response(message.bytes);
    if (!response) return ports.report(message.peer, Conduct::Malformed);
    if (response->id == poll_id) return step(event::PeerStands{at->second, response->finalized});
    step(event::Answered{at->second,
                         {.id = response->id,
                          .first = response->first,
                          .blocks = std::move(response->blocks),
                          .proof = std::move(response->certificate),
                          .certified = response->certified,
                          .finalized = response->finalized}});
}

void BlockSyncRunner::Impl::poll() {
    next_poll_ms = chain::monotonic_ms() + poll_ms;
    const std::uint32_t first = ledger.finalized().number + 1;
    for (const auto& [peer, name] : names)
        send(peer, {.id = poll_id, .first = first, .count = 1, .is_headers_only = true});
}

void BlockSyncRunner::Impl::send(Peer peer, const network::SyncRequest& request) {
    if (const auto at = names.find(peer); at != names.end())
        ports.send(at->second, Channel::SyncRequest, network::encode(request));
}

void BlockSyncRunner::Impl::step(const block_sync::Event& event) {
    block_sync::Effects effects;
    machine.step(chain::monotonic_ms(), event, effects);
    for (auto& effect : effects) carry_out(effect);
}

void BlockSyncRunner::Impl::carry_out(block_sync::Effect& effect) {
    const auto report = [&](Peer peer, Conduct conduct) {
        if (const auto at = names.find(peer); at != names.end()) ports.report(at->second, conduct);
    };
    if (const auto* ask = std::get_if<effect::Ask>(&effect)) {
        send(ask->peer, {.id = ask->request.id, .first = ask->request.first, .count = ask->request.count});
    } else if (auto* apply = std::get_if<effect::Apply>(&effect)) {
        {
            const std::lock_guard lock{mutex};
            chain::check(!to_store);
            to_store = std::move(apply->proved);
        }
        changed.notify_all();
    } else if (const auto* bad = std::get_if<effect::Misbehaved>(&effect)) {
        report(bad->peer, conduct_of(bad->misdeed));
    } else if (const auto* slow = std::get_if<effect::Slow>(&effect)) {
        report(slow->peer, Conduct::SlowSync);
    } else if (const auto* useful = std::get_if<effect::Useful>(&effect)) {
        report(useful->peer, Conduct::UsefulBlock);
    } else {
        ports.fault(
            {"a quorum finalized a chain that this node's last final block is not on: its data or its chain "
             "file is another network's, or more than a third of the validators broke the rules"});
    }
}

// ---- the storing thread
// ---------------------------------------------------------------------------------------------------------------------

chain::Result<void> BlockSyncRunner::Impl::store(const block_sync::Proved& proved) {
    TRY_VOID(store_proved(ledger, proved));
    const std::uint32_t number = proved.blocks.back().header.number.value;
    const auto& statement = proved.certificate.statement;
    sync_log.info("stored {} blocks up to {} {}", proved.blocks.size(), number, chain::to_hex(proved.last));
    ports.stored({proved.last, number, statement.epoch, statement.view});
    return {};
}

void BlockSyncRunner::Impl::run_storing() {
    std::unique_lock lock{mutex};
    for (;;) {
        changed.wait(lock, [&] { return is_stopping || to_store; });
        if (is_stopping) return;
        const auto proved = *std::exchange(to_store, std::nullopt);
        lock.unlock();
        if (const auto stored = store(proved); !stored) return ports.fault(stored.error());
        put(event::Moved{local_of(ledger), true});
        lock.lock();
    }
}

// ---- the runner
// ---------------------------------------------------------------------------------------------------------------------

BlockSyncRunner::BlockSyncRunner(ledger::Ledger& ledger, BlockSyncPorts ports, block_sync::Limits limits)
    : impl_(std::make_unique<Impl>(ledger, std::move(ports), limits)) {}

BlockSyncRunner::~BlockSyncRunner() { stop(); }

void BlockSyncRunner::start() {
    chain::check(!impl_->thread.joinable());
    impl_->finals = impl_->ledger.on_finalized([impl = impl_.get()](const ledger::FinalizedBlocks&) {
        impl->put(event::Moved{local_of(impl->ledger), false});
    });
    impl_->thread = std::thread{[impl = impl_.get()] { impl->run(); }};
    impl_->storing = std::thread{[impl = impl_.get()] { impl->run_storing(); }};
}

void BlockSyncRunner::stop() {
    impl_->finals.reset();
    {
        const std::lock_guard lock{impl_->mutex};
        impl_->is_stopping = true;
    }
    impl_->changed.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
    if (impl_->storing.joinable()) impl_->storing.join();
}

void BlockSyncRunner::peer_up(const PeerId& peer) { impl_->put(PeerUp{peer}); }
void BlockSyncRunner::peer_down(const PeerId& peer) { impl_->put(PeerDown{peer}); }
void BlockSyncRunner::receive(const PeerId& peer, Channel channel, chain::Bytes message) {
    impl_->put(Message{peer, channel, std::move(message)});
}
void BlockSyncRunner::wanted() { impl_->put(event::Wanted{}); }

chain::Bounds BlockSyncRunner::bounds() const {
    const std::lock_guard lock{impl_->mutex};
    const block_sync::Report& now = impl_->last_report;
    const block_sync::Limits& limits = impl_->limits;
    return {{"sync_window_blocks", now.window_blocks, limits.window_blocks},
            {"sync_window_bytes", now.window_bytes, limits.window_bytes},
            {"sync_requests", now.requests, limits.requests_max},
            {"sync_peers", now.peers, block_sync::Peers::peers_max},
            {"sync_questions", impl_->questions, questions_max}};
}

block_sync::Report BlockSyncRunner::report() const {
    const std::lock_guard lock{impl_->mutex};
    return impl_->last_report;
}

}  // namespace node
