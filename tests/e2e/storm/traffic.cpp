#include "traffic.hpp"

#include "chain/crypto/dev_keys.hpp"

#include <array>
#include <chrono>
#include <random>

namespace tests {
namespace {

constexpr rpc::Client::Options patience{.connect_timeout_ms = 1'000, .call_timeout_ms = 2'000};
constexpr std::array senders{"Alith", "Baltathar", "Charleth"};

/// Balances.transfer_keep_alive(Dorothy, 1 milli-TPH).
chain::Bytes transfer() {
    chain::Bytes call{2, 3};
    chain::append(call, crypto::dev_key("Dorothy")->account().value);
    scale::encode_compact(chain::tph / 1'000, call);
    return call;
}

/// As many as the node takes in a second, from all senders in turn.
std::size_t send_to(const std::string& url, const std::atomic<bool>& is_stopping) {
    const auto client = rpc::Client::connect(url, patience);
    if (!client) return 0;
    rpc::ChainClient chain{**client};
    std::size_t accepted = 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{1};
    for (std::size_t i = 0; !is_stopping && std::chrono::steady_clock::now() < end; ++i) {
        const auto key = crypto::dev_key(senders[i % senders.size()]).value();
        const auto extrinsic = chain.sign(key, transfer(), {.period = 0});
        if (!extrinsic) return accepted;
        if (chain.submit(*extrinsic)) ++accepted;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return accepted;
}

}  // namespace

Traffic::Traffic(const Cluster& cluster, std::uint64_t seed)
    : cluster_(cluster), thread_([this, seed] { run(seed); }) {}

void Traffic::stop() {
    is_stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

void Traffic::run(std::uint64_t seed) {
    std::mt19937_64 draw{seed};
    while (!is_stopping_) {
        const std::size_t node = draw() % cluster_.size();
        const std::size_t accepted = cluster_.is_reachable(node) ? send_to(cluster_.url(node), is_stopping_) : 0;
        accepted_ += accepted;
        if (accepted == 0) std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

}  // namespace tests
