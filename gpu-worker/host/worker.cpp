#include "gpu-worker/host/worker.hpp"

#include "chain/base/log.hpp"
#include "chain/clock/clock.hpp"
#include "chain/crypto/hash.hpp"
#include "gpu-worker/host/calls.hpp"
#include "gpu-worker/host/serial_queue.hpp"
#include "runtime/pallets/machines/messages.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace worker {

namespace {

using leases::LeaseId;

constexpr chain::log::Channel worker_log{"worker"};
constexpr std::chrono::milliseconds tick_period{250};

/// What confirm_start commits to: this lease's sandbox is ready for this workload.
chain::Hash start_proof(LeaseId id, const leases::Lease& lease) {
    chain::Bytes bytes = chain::to_bytes("tephra/start/1");
    scale::encode(lease.machine, bytes);
    scale::encode(id, bytes);
    scale::encode(lease.workload_hash, bytes);
    return crypto::blake2b_256(bytes);
}

std::string text_of(const Exit& exit) {
    if (exit.reason == Reason::Exited) return {};
    std::string out{text_of(exit.reason)};
    return exit.text.empty() ? out : out + ": " + exit.text;
}

lease::Seen seen_of(const leases::Lease& lease, std::uint64_t live_now_ms) {
    lease::Seen out{.state = lease.state,
                    .has_workload = lease.workload_hash.has_value(),
                    .restart = lease.restart,
                    .due_ms = lease.due_ms,
                    .live_now_ms = live_now_ms};
    if (lease.closed) out.closed = lease.closed->reason;
    return out;
}

}  // namespace

struct Worker::Impl {
    struct Entry {
        explicit Entry(lease::Life l) : life(std::move(l)) {}
        lease::Life life;
        BookEntry book;
        SerialQueue queue;
    };
    struct JobEvent {
        LeaseId id;
        lease::Event event;
    };
    using Message = std::variant<BlockNews, Settled, JobEvent>;

    WorkerConfig config;
    Keys keys;
    Containers& containers;
    std::unique_ptr<Link> link;
    std::thread thread;
    std::function<void(const Chain&)> chain_handler;

    // Guards what follows. The loop holds it while it steps; the door's and the queues' threads only look or post.
    mutable std::mutex mutex;
    std::condition_variable wake;
    std::deque<Message> inbox;
    bool stopping = false;
    LeaseBook book;
    std::map<LeaseId, Entry> leases;
    std::optional<Chain> chain;
    std::optional<MachineNews> machine;
    std::uint64_t last_block_ms = chain::monotonic_ms();
    std::uint64_t beaten_interval = 0;

    Impl(WorkerConfig c, Keys k, LeaseBook b, Containers& boxes)
        : config(std::move(c)), keys(std::move(k)), containers(boxes), book(std::move(b)) {}

    void adopt();
    void post(Message message);
    void run();
    void take(const BlockNews& news);
    void take(const Settled& settled) const;
    void take(const JobEvent& event);
    void tick();
    void beat(std::uint64_t live_now_ms);
    void answer_probe();
    void remember(const LeaseNews& news);
    Entry& entry_of(LeaseId id);
    void step(LeaseId id, Entry& entry, const lease::Event& event);
    void write_down_ending(LeaseId id, Entry& entry);
    void forget_removed();

    void carry_out(LeaseId id, Entry& entry, const lease::Effect& effect);
    void prepare(LeaseId id, Entry& entry);
    void launch(LeaseId id, Entry& entry);
    void stop_job(LeaseId id, Entry& entry);
    void report_exit(LeaseId id, std::int32_t code);
    void remove(LeaseId id, Entry& entry);
    Result<Job, Rejection> job(LeaseId id, const BookEntry& entry) const;
};

// ---- the outside -----------------------------------------------------------------------------------------------

Worker::Worker(WorkerConfig config, Keys keys, LeaseBook book, Containers& containers)
    : impl_(std::make_unique<Impl>(std::move(config), std::move(keys), std::move(book), containers)) {
    Impl& impl = *impl_;
    LinkHandler handler{.on_block = [&impl](const BlockNews& news) { impl.post(news); },
                        .on_settled = [&impl](const Settled& settled) { impl.post(settled); },
                        .on_line = [](const std::string& text) { worker_log.info("{}", text); }};
    impl.link = std::make_unique<Link>(impl.config.link, impl.keys.tls, impl.keys.machine.clone(), std::move(handler));
    containers.on_exit([&impl](const JobId& job, const Exit& exit) {
        if (const auto id = lease_of(job))
            impl.post(Impl::JobEvent{*id, lease::Exited{.code = exit.code, .text = text_of(exit)}});
    });
}

Worker::~Worker() { stop(); }

void Worker::start() {
    impl_->adopt();
    impl_->thread = std::thread{[this] { impl_->run(); }};
    impl_->link->start();
}

void Worker::stop() {
    impl_->link->stop();
    {
        const std::scoped_lock lock{impl_->mutex};
        impl_->stopping = true;
    }
    impl_->wake.notify_all();
    if (impl_->thread.joinable()) impl_->thread.join();
    impl_->containers.on_exit({});
}

void Worker::on_chain(std::function<void(const Chain&)> handler) { impl_->chain_handler = std::move(handler); }

std::optional<LeaseView> Worker::view(LeaseId id) const {
    const std::scoped_lock lock{impl_->mutex};
    const auto found = impl_->leases.find(id);
    if (found == impl_->leases.end()) return std::nullopt;
    const auto& [life, entry, queue] = found->second;
    return LeaseView{.renter = entry.lease.renter,
                     .phase = life.phase(),
                     .text = life.text(),
                     .open = life.is_open(),
                     .exit_code = life.exit_code(),
                     .kept_until_ms = life.kept_until_ms(),
                     .job = job_of(id)};
}

bool Worker::stop(LeaseId id) {
    {
        const std::scoped_lock lock{impl_->mutex};
        const auto found = impl_->leases.find(id);
        if (found == impl_->leases.end()) return false;
        const auto phase = found->second.life.phase();
        if (phase != lease::Phase::Running && phase != lease::Phase::Launching) return false;
    }
    impl_->post(Impl::JobEvent{id, lease::StopAsked{}});
    return true;
}

Result<void, std::string> Worker::start(LeaseId id, const leases::Workload& workload) {
    {
        const std::scoped_lock lock{impl_->mutex};
        const auto found = impl_->leases.find(id);
        if (found == impl_->leases.end()) return std::unexpected{std::string{"this machine does not have the lease"}};
        Impl::Entry& entry = found->second;
        if (entry.life.phase() != lease::Phase::Open)
            return std::unexpected{"the lease is not open for a workload: " + entry.life.text()};
        if (!leases::check_workload(workload)) return std::unexpected{std::string{"the workload is not valid"}};
        BookEntry with{.lease = entry.book.lease, .workload = workload};
        if (const auto fits = impl_->job(id, with); !fits) return std::unexpected{fits.error().text};
        if (const auto kept = impl_->book.put(id, with); !kept) return std::unexpected{kept.error().text};
        entry.book = std::move(with);
    }
    impl_->post(Impl::JobEvent{id, lease::StartAsked{workload.restart}});
    return {};
}

// ---- the loop ---------------------------------------------------------------------------------------------------

/// What earlier processes left: leases in the book, jobs in the containers.
void Worker::Impl::adopt() {
    const std::scoped_lock lock{mutex};
    for (const auto& [id, kept] : book.entries()) {
        Entry& entry = entry_of(id);
        entry.book = kept;
        if (kept.ending) entry.life.step(lease::Remembered{kept.ending->text, kept.ending->kept_until_ms});
    }
    for (const auto& job_id : containers.jobs()) {
        const auto id = lease_of(job_id);
        const auto state = containers.state(job_id);
        if (!id || !state) continue;
        lease::Found found{.running = state->running};
        if (state->exit) found.exit_code = state->exit->code;
        worker_log.info("found {} of an earlier process, {}", job_id.value, state->running ? "running" : "ended");
        step(*id, entry_of(*id), found);
    }
}

void Worker::Impl::post(Message message) {
    {
        const std::scoped_lock lock{mutex};
        inbox.push_back(std::move(message));
    }
    wake.notify_all();
}

void Worker::Impl::run() {
    auto next_tick = std::chrono::steady_clock::now();
    std::unique_lock lock{mutex};
    while (!stopping) {
        wake.wait_until(lock, next_tick, [&] { return stopping || !inbox.empty(); });
        while (!inbox.empty() && !stopping) {
            const Message message = std::move(inbox.front());
            inbox.pop_front();
            const bool first = !chain && std::holds_alternative<BlockNews>(message);
            std::visit([&](const auto& m) { take(m); }, message);
            if (!first || !chain || !chain_handler) continue;
            const Chain known = *chain;
            lock.unlock();
            chain_handler(known);  // opens the door, whose threads ask for views
            lock.lock();
        }
        if (std::chrono::steady_clock::now() < next_tick) continue;
        tick();
        next_tick = std::chrono::steady_clock::now() + tick_period;
    }
}

void Worker::Impl::tick() {
    const lease::Tick event{.now_ms = chain::unix_ms(), .since_block_ms = chain::monotonic_ms() - last_block_ms};
    for (auto& [id, entry] : leases) step(id, entry, event);
    forget_removed();
}

void Worker::Impl::take(const BlockNews& news) {
    last_block_ms = chain::monotonic_ms();
    if (!chain) chain = Chain{.genesis = news.genesis, .machine = news.machine_id};
    if (news.machine) machine = news.machine;
    for (const auto& one : news.leases) {
        remember(one);
        step(one.id, entry_of(one.id), seen_of(one.lease, news.live_now_ms));
    }
    for (const auto id : news.gone)
        if (const auto found = leases.find(id); found != leases.end()) step(id, found->second, lease::Gone{});
    if (news.snapshot) {
        for (auto& [id, entry] : leases)
            if (std::ranges::none_of(news.leases, [&](const LeaseNews& one) { return one.id == id; }))
                step(id, entry, lease::Gone{});
    }
    forget_removed();
    beat(news.live_now_ms);
    answer_probe();
}

void Worker::Impl::take(const Settled& settled) const {
    if (settled.success) worker_log.debug("call {} is on the chain", settled.key);
    else worker_log.warn("call {} was not accepted: {}", settled.key, settled.error);
}

void Worker::Impl::take(const JobEvent& event) {
    if (const auto found = leases.find(event.id); found != leases.end()) step(event.id, found->second, event.event);
}

/// Once in each interval of the live clock, as soon as a block shows it.
void Worker::Impl::beat(std::uint64_t live_now_ms) {
    if (!machine || machine->heartbeat_interval_ms == 0) return;
    if (machine->machine.state == machines::MachineState::Exited) return;
    const std::uint64_t interval = live_now_ms / machine->heartbeat_interval_ms;
    if (interval <= beaten_interval || interval < machine->machine.heartbeat.next_interval) return;
    link->withdraw("heartbeat/" + std::to_string(beaten_interval));
    beaten_interval = interval;
    const auto busy =
        std::ranges::count_if(leases, [](const auto& one) { return one.second.life.phase() == lease::Phase::Running; });
    const auto percent =
        std::min<std::ptrdiff_t>(100, 100 * busy / std::max<std::ptrdiff_t>(machine->machine.slots, 1));
    link->want("heartbeat/" + std::to_string(interval), calls::heartbeat(interval, static_cast<std::uint8_t>(percent)));
}

void Worker::Impl::answer_probe() {
    if (!machine || !machine->probe || !chain) return;
    const auto probe = std::exchange(machine->probe, std::nullopt);  // the next message about the machine asks again
    const auto answer = machines::probe_answer({.genesis = chain->genesis,
                                                .machine = chain->machine,
                                                .seed = probe->seed,
                                                .claims_hash = machines::hash_of(config.measure())});
    worker_log.info("answering the probe of {}", crypto::to_string(probe->auditor));
    link->want("probe/" + chain::to_hex(probe->seed), calls::answer_probe(answer));
}

Worker::Impl::Entry& Worker::Impl::entry_of(LeaseId id) {
    return leases.try_emplace(id, lease::Life{config.terms, chain::unix_ms()}).first->second;
}

void Worker::Impl::remember(const LeaseNews& news) {
    Entry& entry = entry_of(news.id);
    entry.book.lease = news.lease;
    if (news.workload) entry.book.workload = news.workload;
    if (const auto kept = book.put(news.id, entry.book); !kept) worker_log.error("{}", kept.error().text);
}

void Worker::Impl::step(LeaseId id, Entry& entry, const lease::Event& event) {
    for (const auto& effect : entry.life.step(event)) carry_out(id, entry, effect);
    write_down_ending(id, entry);
}

/// A worker that is started again tells the renter the same as before, and nobody else anything twice.
void Worker::Impl::write_down_ending(LeaseId id, Entry& entry) {
    const auto phase = entry.life.phase();
    if (phase == lease::Phase::Unknown || phase == lease::Phase::Removed) return;
    const bool ended =
        phase == lease::Phase::Rejecting || phase == lease::Phase::Reporting || phase == lease::Phase::Kept;
    std::optional<Ending> ending;
    if (ended) ending = Ending{.text = entry.life.text(), .kept_until_ms = entry.life.kept_until_ms()};
    if (entry.book.ending == ending) return;
    entry.book.ending = std::move(ending);
    if (const auto kept = book.put(id, entry.book); !kept) worker_log.error("{}", kept.error().text);
}

void Worker::Impl::forget_removed() {
    // A queue that is still busy would wait for this mutex: its lease is forgotten at a later tick.
    std::erase_if(leases, [](const auto& one) {
        return one.second.life.phase() == lease::Phase::Removed && one.second.queue.is_idle();
    });
}

// ---- effects ----------------------------------------------------------------------------------------------------

void Worker::Impl::carry_out(LeaseId id, Entry& entry, const lease::Effect& effect) {
    struct Visitor {
        Impl& self;
        LeaseId id;
        Entry& entry;
        void operator()(const lease::Prepare&) const { self.prepare(id, entry); }
        void operator()(const lease::Launch&) const { self.launch(id, entry); }
        void operator()(const lease::Stop&) const { self.stop_job(id, entry); }
        void operator()(const lease::Remove&) const { self.remove(id, entry); }
        void operator()(const lease::ReportExit& e) const { self.report_exit(id, e.code); }
        void operator()(const lease::ConfirmStart&) const {
            self.link->want("confirm/" + std::to_string(id.value),
                            calls::confirm_start(id, start_proof(id, entry.book.lease)));
        }
        void operator()(const lease::RejectStart& e) const {
            self.link->want("reject/" + std::to_string(id.value), calls::reject_start(id, e.reason));
        }
        void operator()(const lease::Note& e) const {
            worker_log.info("lease {}: {}", id.value, e.text);
            self.link->report(id, e.text);
        }
    };
    std::visit(Visitor{*this, id, entry}, effect);
}

Result<Job, Rejection> Worker::Impl::job(LeaseId id, const BookEntry& entry) const {
    if (!entry.workload)
        return std::unexpected{
            Rejection{leases::RejectReason::SandboxFailed, "the workload of this lease is not known here"}};
    if (entry.lease.workload_hash && leases::hash_of(*entry.workload) != *entry.lease.workload_hash)
        return std::unexpected{
            Rejection{leases::RejectReason::SandboxFailed, "the workload is not the one that the chain names"}};
    return job_for(id, entry.lease, *entry.workload, config.host, keys.box);
}

void Worker::Impl::prepare(LeaseId id, Entry& entry) {
    auto planned = job(id, entry.book);
    if (!planned) {
        inbox.push_back(JobEvent{id, lease::PrepareFailed{planned.error().reason, planned.error().text}});
        return;
    }
    entry.queue.post([this, id, spec = std::move(planned->spec)] {
        if (const auto done = containers.prepare(spec); !done) {
            const auto why = rejection_of(done.error());
            return post(JobEvent{id, lease::PrepareFailed{why.reason, why.text}});
        }
        post(JobEvent{id, lease::Prepared{}});
    });
}

void Worker::Impl::launch(LeaseId id, Entry& entry) {
    auto planned = job(id, entry.book);
    if (!planned) {
        inbox.push_back(JobEvent{id, lease::LaunchFailed{.text = planned.error().text}});
        return;
    }
    entry.queue.post([this, id, work = std::move(*planned)] {
        // A service that starts again: its former run makes room.
        if (containers.state(work.spec.id)) {
            if (const auto removed = containers.remove(work.spec.id); !removed)
                return post(JobEvent{id, lease::LaunchFailed{.text = removed.error().text}});
        }
        if (const auto done = containers.launch(work.spec, work.secrets); !done) {
            const auto why = rejection_of(done.error());
            return post(JobEvent{id, lease::LaunchFailed{.code = exit_code_of(done.error()), .text = why.text}});
        }
        post(JobEvent{id, lease::Launched{}});
    });
}

void Worker::Impl::stop_job(LeaseId id, Entry& entry) {
    entry.queue.post([this, id] {
        const auto stopped = containers.stop(job_of(id), StopMode::Graceful);
        const auto state = containers.state(job_of(id));
        if (state && state->running) return;  // its exit follows
        if (!stopped) worker_log.warn("lease {}: {}", id.value, stopped.error().text);
        // It had ended already, or never was: the exit that the life waits for.
        const auto code = state && state->exit ? state->exit->code : 137;
        post(JobEvent{id, lease::Exited{.code = code}});
    });
}

void Worker::Impl::report_exit(LeaseId id, std::int32_t code) {
    leases::Usage usage;
    chain::Hash root;
    if (const auto state = containers.state(job_of(id)); state && state->exit) {
        const Exit& exit = *state->exit;
        usage = {.wall_ms = exit.ended_ms > exit.started_ms ? exit.ended_ms - exit.started_ms : 0,
                 .cpu_ms = exit.usage.cpu_ms,
                 .memory_peak_bytes = exit.usage.memory_peak_bytes,
                 .disk_peak_bytes = exit.usage.disk_bytes};
        root = exit.results.root;
    }
    link->want("exit/" + std::to_string(id.value), calls::report_exit(id, code, root, usage));
}

void Worker::Impl::remove(LeaseId id, Entry&) {
    // Right here, not in the queue: the entry and its queue go now. The job has ended, so this only deletes.
    if (containers.state(job_of(id))) {
        if (const auto removed = containers.remove(job_of(id)); !removed)
            worker_log.warn("lease {}: {}", id.value, removed.error().text);
    }
    book.remove(id);
}

}  // namespace worker
