#include "tools/application/block_sync_runner.hpp"

#include "world.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

using namespace tests;
using network::PeerId;

namespace {

/// Two runners joined back to back; what one sends the other receives.
struct Pair {
    Network network{2, 5};
    PeerId full{{1}};
    PeerId fresh{{2}};
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<consensus::Tip> stored;
    std::string fault;
    std::vector<network::Conduct> reports;
    std::unique_ptr<node::BlockSyncRunner> server;
    std::unique_ptr<node::BlockSyncRunner> client;

    void start() {
        server = std::make_unique<node::BlockSyncRunner>(
            network.ledger(1),
            node::BlockSyncPorts{.send = [this](const PeerId&, auto channel,
                                                Bytes bytes) { client->receive(full, channel, std::move(bytes)); },
                                 .report = [](const PeerId&, network::Conduct) {},
                                 .stored = [](const consensus::Tip&) {},
                                 .fault = [](const chain::Fault&) {}});
        client = std::make_unique<node::BlockSyncRunner>(
            network.ledger(0),
            node::BlockSyncPorts{.send = [this](const PeerId&, auto channel,
                                                Bytes bytes) { server->receive(fresh, channel, std::move(bytes)); },
                                 .report =
                                     [this](const PeerId&, network::Conduct conduct) {
                                         const std::lock_guard lock{mutex};
                                         reports.push_back(conduct);
                                     },
                                 .stored =
                                     [this](const consensus::Tip& tip) {
                                         const std::lock_guard lock{mutex};
                                         stored = tip;
                                         changed.notify_all();
                                     },
                                 .fault =
                                     [this](const chain::Fault& news) {
                                         const std::lock_guard lock{mutex};
                                         fault = news.text;
                                         changed.notify_all();
                                     }});
        server->start();
        client->start();
        server->peer_up(fresh);
        client->peer_up(full);
    }

    void wait_for(std::uint32_t number) {
        std::unique_lock lock{mutex};
        changed.wait_for(lock, std::chrono::seconds{120},
                         [&] { return !fault.empty() || (stored && stored->number >= number); });
    }

    ~Pair() {
        client->stop();
        server->stop();
    }
};

}  // namespace

TEST_CASE("a node that slept through epochs gets their blocks, executes and stores them") {
    Pair pair;
    pair.network.run(23, 1);
    pair.start();
    pair.wait_for(23);
    CHECK(pair.fault.empty());
    CHECK(pair.network.ledger(0).finalized() == pair.network.ledger(1).finalized());
    CHECK(pair.stored == pair.network.application(1).finalized().tip);
    CHECK(pair.network.application(0).finalized().certificate != nullptr);
    CHECK(pair.network.validators[0]->store->verify_state());
    const std::lock_guard lock{pair.mutex};
    CHECK_FALSE(pair.reports.empty());
    CHECK(std::ranges::count(pair.reports, network::Conduct::UsefulBlock) ==
          static_cast<std::ptrdiff_t>(pair.reports.size()));
}
