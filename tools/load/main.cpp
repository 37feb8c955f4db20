// tephra-load: transfers from many accounts through the nodes' JSON-RPC, counted when they are final.

#include "genesis/builder/config.hpp"
#include "genesis/builder/development.hpp"
#include "rpc/client/chain_client.hpp"
#include "tools/load/feeder.hpp"
#include "tools/load/follower.hpp"
#include "tools/load/report.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <csignal>

namespace {

using namespace load;

constexpr auto examples =
    R"(The chain must know the senders: `tephra-node new-chain --load-senders 2000`, or `tools/localnet --load-senders 2000`.
Nodes answer only so many calls a second from one address: start them with --rpc-calls-per-second 100000.

Examples:
  tephra-load                                              30 s through ws://127.0.0.1:9944
  tephra-load --node ws://127.0.0.1:9944 --node ws://127.0.0.1:9945 --seconds 300
  tephra-load --rate 1000 --json                           a steady pace, one line of JSON at the end
  tephra-load --sign-before 500000 --pid 4711 --pid 4712   signing does not count; CPU and memory of two nodes does
)";

volatile std::sig_atomic_t was_told_to_stop = 0;

void add_options(CLI::App& app, Options& options) {
    app.add_option("--node", options.nodes, "A node's JSON-RPC; may repeat: the senders are dealt out among them")
        ->capture_default_str();
    app.add_option("--senders", options.senders, "Accounts to send from")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    app.add_option("--recipients", options.recipients,
                   "Send to so many of the chain's numbered accounts [0: from sender to sender]");
    app.add_option("--seconds", options.seconds, "How long, without the warm-up")->capture_default_str();
    app.add_option("--warm-up", options.warm_up, "Seconds before the clock starts")->capture_default_str();
    app.add_option("--rate", options.rate, "Transfers a second [0: as many as the window lets through]");
    app.add_option("--window", options.window, "Transfers submitted and not final, at most")->capture_default_str();
    app.add_option("--batch", options.batch, "Calls in one message")->check(CLI::Range(1, 100))->capture_default_str();
    app.add_option("--sign-before", options.signed_before, "So many are signed before anything is sent");
    app.add_option("--pid", options.pids, "A process whose CPU time and memory to report; may repeat");
    app.add_flag("--json", options.is_json, "One object at the end");
    app.add_flag("--quiet", options.is_quiet, "No line each second on standard error");
}

crypto::AccountId spread(std::uint64_t i, const Options& options, const std::vector<crypto::AccountId>& senders) {
    // An odd factor visits all accounts before it comes back, in no order that a cache could like.
    const std::uint64_t scattered = (i + 1) * 0x9e3779b97f4a7c15 >> 20;
    if (options.recipients > 0) return genesis::numbered_account(scattered % options.recipients);
    return senders[scattered % senders.size()];
}

/// Everything of a run; members in the order of dependence.
class Run {
public:
    explicit Run(const Options& options) : options_(options), flight_(options.window) {}

    chain::Result<void> prepare() {
        auto client = rpc::Client::connect(options_.nodes.front());
        if (!client) return chain::fault(client.error().message);
        client_ = *std::move(client);
        rpc::ChainClient chain{*client_};
        const auto genesis = chain.genesis_hash();
        if (!genesis) return chain::fault(genesis.error().message);
        const auto version = chain.runtime_version();
        if (!version) return chain::fault(version.error().message);
        const chain::SigningContext context{version->spec_version, version->transaction_version, *genesis, *genesis};
        TRY(auto senders, make_senders(chain));
        for (std::size_t i = 0; i < options_.nodes.size(); ++i) {
            TRY(auto socket, Socket::connect(options_.nodes[i]));
            std::vector<Sender> own;
            for (std::size_t j = i; j < senders.size(); j += options_.nodes.size())
                own.push_back(std::move(senders[j]));
            transfers_.push_back(std::make_unique<Transfers>(
                std::move(own), context, [this](std::uint64_t n) { return spread(n, options_, accounts_); }));
            const Pace pace{options_.batch, options_.rate / static_cast<double>(options_.nodes.size())};
            feeders_.push_back(std::make_unique<Feeder>(std::move(socket), *transfers_.back(), flight_, pace));
        }
        sign_before();
        follower_ = std::make_unique<Follower>(*client_, flight_);
        return follower_->start();
    }

    void start() {
        for (auto& transfers : transfers_) transfers->start();
        for (auto& feeder : feeders_) feeder->start();
    }

    /// Until so many seconds are over or somebody presses Ctrl-C.
    void wait(double seconds) {
        const auto end = Clock::now() + std::chrono::duration<double>(seconds);
        auto before = read_now(options_, flight_);
        while (Clock::now() < end && was_told_to_stop == 0) {
            std::this_thread::sleep_for(std::min<Clock::duration>(
                std::chrono::seconds{1}, std::chrono::duration_cast<Clock::duration>(end - Clock::now())));
            const auto now = read_now(options_, flight_);
            if (!options_.is_quiet) show_progress(before, now, options_.window - flight_.room());
            before = now;
        }
    }

    chain::Result<void> stop() {
        for (auto& feeder : feeders_) feeder->stop();
        // What is under way lands, or its pool has forgotten it.
        const auto end = Clock::now() + std::chrono::seconds{20};
        while (flight_.room() < options_.window && Clock::now() < end)
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        for (auto& feeder : feeders_)
            if (!feeder->fault().empty()) return chain::fault(feeder->fault());
        return {};
    }

    Reading now() const { return read_now(options_, flight_); }
    void print(const Reading& from, const Reading& to) const { print_report(options_, from, to, flight_); }

private:
    chain::Result<std::vector<Sender>> make_senders(rpc::ChainClient& chain) {
        std::vector<Sender> out;
        for (std::size_t i = 0; i < options_.senders; ++i) {
            auto key = genesis::load_sender(i);
            const auto account = key.account();
            const auto nonce = chain.next_nonce(account);
            if (!nonce) return chain::fault(nonce.error().message);
            accounts_.push_back(account);
            out.push_back({std::move(key), account, *nonce});
        }
        return out;
    }

    void sign_before() {
        if (options_.signed_before == 0) return;
        if (!options_.is_quiet) fmt::print(stderr, "signing {} transfers\n", options_.signed_before);
        std::vector<std::jthread> threads;
        for (auto& transfers : transfers_)
            threads.emplace_back(
                [&, one = transfers.get()] { one->sign_before(options_.signed_before / options_.nodes.size()); });
    }

    const Options& options_;
    Flight flight_;
    std::vector<crypto::AccountId> accounts_;
    std::unique_ptr<rpc::Client> client_;
    std::vector<std::unique_ptr<Transfers>> transfers_;
    std::vector<std::unique_ptr<Feeder>> feeders_;
    std::unique_ptr<Follower> follower_;
};

chain::Result<void> measure(const Options& options) {
    Run run{options};
    TRY_VOID(run.prepare());
    run.start();
    run.wait(options.warm_up);
    const auto from = run.now();
    run.wait(options.seconds);
    const auto to = run.now();
    TRY_VOID(run.stop());
    run.print(from, to);
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Sends transfers from many accounts through nodes' JSON-RPC and counts those that become final.",
                 "tephra-load"};
    app.footer(examples);
    Options options;
    add_options(app, options);
    CLI11_PARSE(app, argc, argv);
    std::signal(SIGINT, [](int) { was_told_to_stop = 1; });
    std::signal(SIGTERM, [](int) { was_told_to_stop = 1; });
    if (const auto measured = measure(options); !measured) {
        fmt::print(stderr, "tephra-load: {}\n", measured.error().text);
        return 1;
    }
    return 0;
}
