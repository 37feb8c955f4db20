// tephra-worker run: the composition root of a provider's machine.

#include "chain/base/log.hpp"
#include "chain/clock/clock.hpp"
#include "gpu-worker/app/commands.hpp"
#include "gpu-worker/app/say.hpp"
#include "gpu-worker/door/door.hpp"
#include "gpu-worker/host/claims.hpp"
#include "gpu-worker/host/config.hpp"
#include "gpu-worker/host/keys.hpp"
#include "gpu-worker/host/worker.hpp"

#include <fmt/core.h>

#include <csignal>
#include <cstdlib>
#include <memory>
#include <optional>

namespace worker::app {

namespace {

using chain::fault;
using chain::Result;

constexpr chain::log::Channel run_log{"worker"};

HostShare host_share(const Settings& settings, const machines::Claims& claims, const Inventory& inventory) {
    HostShare out{.claims = claims,
                  .limits = settings.slot_limits,
                  .stop_grace_ms = std::uint64_t{settings.stop_grace_seconds} * 1'000};
    for (const auto& gpu : inventory.gpus.gpus) out.gpu_uuids.push_back(gpu.uuid);
    return out;
}

/// The door opens when the chain has told its name: requests are signed for one chain and machine.
class LateDoor {
public:
    LateDoor(const Settings& settings, const rpc::worker_api::Identity& identity, LeaseDesk& desk,
             const Containers& containers)
        : settings_(settings), identity_(identity), desk_(desk), containers_(containers) {}

    void open(const Worker::Chain& chain) {
        auto nonces = NonceBook::open(std::filesystem::path{settings_.data} / "nonces", chain::unix_ms());
        if (!nonces) return run_log.error("{}", nonces.error().text);
        guard_.emplace(chain.genesis, chain.machine, *std::move(nonces));
        door_ = std::make_unique<Door>(DoorConfig{.listen = settings_.offer.listen}, identity_, *guard_, desk_,
                                       containers_);
        if (const auto started = door_->start(); !started) return run_log.error("{}", started.error().text);
        run_log.info("machine {} renters' door on port {}", crypto::to_string(chain.machine), door_->port());
    }
    void close() {
        if (door_) door_->stop();
    }

private:
    const Settings& settings_;
    const rpc::worker_api::Identity& identity_;
    LeaseDesk& desk_;
    const Containers& containers_;
    std::optional<Guard> guard_;
    std::unique_ptr<Door> door_;
};

/// Before any thread starts, so that every thread inherits the mask and `sigwait` alone gets them.
sigset_t block_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return set;
}

Result<void> try_run(const std::string& config) {
    TRY(const Settings settings, load_settings(config));
    TRY(const auto node, node_address(settings));
    TRY(Keys keys, load_keys(settings.data));
    auto claims = kept_claims(settings.data);
    if (!claims)
        return fault("this machine was never made ready to register: run `tephra-worker register` first (" +
                     claims.error().text + ")");
    TRY(LeaseBook book, LeaseBook::open(settings.data));
    const auto signals = block_signals();
    TRY(const auto containers, CrunContainers::open(crun_config(settings)));
    const auto identity = keys.tls;

    WorkerConfig worker_config{.link = {.node = node, .worker_version = std::string{worker_version}},
                               .terms = lease_terms(settings),
                               .host = host_share(settings, *claims, take_inventory(settings)),
                               .measure = [&] { return claims_for_probe(take_inventory(settings), *claims); },
                               .data = settings.data};
    run_log.info("{} machine key {} node {}", worker_version, crypto::to_string(keys.machine.account()), node.endpoint);
    Worker worker{std::move(worker_config), std::move(keys), std::move(book), *containers};
    LateDoor door{settings, identity, worker, *containers};
    worker.on_chain([&](const Worker::Chain& chain) { door.open(chain); });
    worker.start();

    int signal = 0;
    ::sigwait(&signals, &signal);
    run_log.info("stopping; jobs go on, and the next run finds them");
    door.close();
    worker.stop();
    return {};
}

}  // namespace

int run(const std::string& config) { return said(try_run(config)); }

}  // namespace worker::app
