#include "gpu-worker/link/link.hpp"

#include "chain/base/check.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace worker {

using namespace rpc::worker_api;

struct Link::Impl {
    LinkConfig config;
    Identity identity;
    AccountBytes machine{};
    LinkHandler handler;
    std::thread thread;

    // Guards what follows: handlers and callers' threads share the outbox and the line.
    mutable std::mutex mutex;
    std::condition_variable wake;
    Outbox outbox;
    std::shared_ptr<NodeLine> line;
    bool up = false;
    bool stopping = false;

    Welcome line_facts;  // only the link's thread touches these two
    std::uint32_t from_number = 0;

    Impl(LinkConfig c, const Identity& i, crypto::SecretKey key, LinkHandler h)
        : config(std::move(c)),
          identity(i),
          machine(key.account().value),
          handler(std::move(h)),
          outbox(std::move(key)) {}

    void run();
    LineFault follow(NodeLine& open_line);
    bool take(const Incoming& message);
    bool take_block(const Finalized& block);
    /// Sends what the outbox offers. Only one thread at a time may call it: the outbox offers one at a time anyway.
    void flush();
};

Link::Link(LinkConfig config, const Identity& identity, crypto::SecretKey key, LinkHandler handler)
    : impl_(std::make_unique<Impl>(std::move(config), identity, std::move(key), std::move(handler))) {}

Link::~Link() { stop(); }

void Link::start() {
    chain::check(!impl_->thread.joinable());
    impl_->thread = std::thread{[this] { impl_->run(); }};
}

void Link::stop() {
    {
        const std::scoped_lock lock{impl_->mutex};
        impl_->stopping = true;
        if (impl_->line) impl_->line->close();
    }
    impl_->wake.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
}

void Link::want(std::string key, chain::Bytes call) {
    {
        const std::scoped_lock lock{impl_->mutex};
        impl_->outbox.want(std::move(key), std::move(call));
    }
    impl_->flush();
}

void Link::withdraw(const std::string& key) {
    const std::scoped_lock lock{impl_->mutex};
    impl_->outbox.withdraw(key);
}

void Link::report(leases::LeaseId lease, const std::string& text) {
    std::shared_ptr<NodeLine> line;
    {
        const std::scoped_lock lock{impl_->mutex};
        if (impl_->up) line = impl_->line;
    }
    if (line) static_cast<void>(line->report(lease.value, text));  // best effort: nothing depends on it
}

bool Link::is_up() const {
    const std::scoped_lock lock{impl_->mutex};
    return impl_->up;
}

void Link::Impl::run() {
    std::uint64_t pause_ms = config.reconnect_first_ms;
    for (;;) {
        std::shared_ptr<NodeLine> open_line;
        {
            const std::scoped_lock lock{mutex};
            if (stopping) return;
            line = open_line = std::make_shared<NodeLine>(
                config.node, identity,
                NodeLine::Hello{
                    .machine = machine, .from_number = from_number, .worker_version = config.worker_version},
                config.keep_alive);
        }
        const LineFault fault = follow(*open_line);
        bool was_up = false;
        {
            const std::scoped_lock lock{mutex};
            was_up = std::exchange(up, false);
            line.reset();
            outbox.disconnected();
            if (stopping) return;
        }
        handler.on_line("line to " + config.node.endpoint + " ended: " + fault.text);
        pause_ms = was_up ? config.reconnect_first_ms : std::min(pause_ms * 2, config.reconnect_most_ms);
        // Another worker with this machine's keys is at work: taking turns with it every moment would serve nobody.
        if (fault.kind == LineEnd::Displaced) pause_ms = config.reconnect_most_ms;
        // Registration is what the owner does next: look often.
        if (fault.kind == LineEnd::NotRegistered) pause_ms = std::min<std::uint64_t>(pause_ms, 1'000);
        std::unique_lock lock{mutex};
        wake.wait_for(lock, std::chrono::milliseconds{pause_ms}, [&] { return stopping; });
    }
}

LineFault Link::Impl::follow(NodeLine& open_line) {
    for (;;) {
        auto message = open_line.next();
        if (!message) return message.error();
        if (!take(*message)) {
            open_line.close();
            return {LineEnd::Lost, "the node sends records that this worker cannot read: are their versions the same?"};
        }
        flush();
    }
}

bool Link::Impl::take(const Incoming& message) {
    if (const auto* block = std::get_if<Finalized>(&message)) return take_block(*block);
    if (const auto* welcome = std::get_if<Welcome>(&message)) {
        {
            const std::scoped_lock lock{mutex};
            line_facts = *welcome;
            outbox.connected(*welcome);
            up = true;
        }
        handler.on_line("line to " + config.node.endpoint + " is up");
        return true;
    }
    std::optional<Settled> settled;
    {
        const std::scoped_lock lock{mutex};
        settled = outbox.answered(std::get<Submitted>(message));
    }
    if (settled) handler.on_settled(*settled);
    return true;
}

bool Link::Impl::take_block(const Finalized& block) {
    const auto news = read_news(block, line_facts);
    if (!news) return false;
    from_number = block.number + 1;
    std::vector<Settled> settled;
    {
        const std::scoped_lock lock{mutex};
        settled = outbox.finalized(block);
    }
    handler.on_block(*news);
    for (const auto& one : settled) handler.on_settled(one);
    return true;
}

void Link::Impl::flush() {
    for (;;) {
        std::optional<Submission> submission;
        std::shared_ptr<NodeLine> open_line;
        {
            const std::scoped_lock lock{mutex};
            if (!up) return;
            submission = outbox.next();
            open_line = line;
        }
        if (!submission) return;
        if (!open_line->submit(submission->id, submission->extrinsic)) return;  // `next` tells why the line has ended
    }
}

}  // namespace worker
