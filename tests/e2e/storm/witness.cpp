#include "witness.hpp"

#include "chain/base/bytes.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <chrono>

namespace tests {
namespace {

namespace json = boost::json;

constexpr rpc::Client::Options patience{.connect_timeout_ms = 1'000, .call_timeout_ms = 2'000};

/// The block's extrinsics in hex; nothing where the node does not have the block.
std::optional<std::vector<std::string>> extrinsics_of(rpc::Client& client, const std::string& hash) {
    const auto answer = client.call("chain_getBlock", {hash});
    if (!answer || !answer->is_object()) return std::nullopt;
    std::vector<std::string> out;
    for (const auto& extrinsic : answer->at("block").at("extrinsics").as_array())
        out.emplace_back(extrinsic.as_string());
    return out;
}

std::optional<std::string> hash_at(rpc::Client& client, std::uint32_t number) {
    const auto answer = client.call("chain_getBlockHash", {number});
    if (!answer || !answer->is_string()) return std::nullopt;
    return std::string{answer->as_string()};
}

}  // namespace

Witness::Witness(const Cluster& cluster) : cluster_(cluster), finalized_(cluster.size()), thread_([this] { run(); }) {}

void Witness::stop() {
    is_stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

void Witness::run() {
    while (!is_stopping_) {
        for (std::size_t node = 0; node < cluster_.size() && !is_stopping_; ++node)
            if (cluster_.is_reachable(node)) ask(node);
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
}

void Witness::ask(std::size_t node) {
    const auto client = rpc::Client::connect(cluster_.url(node), patience);
    if (!client) return;
    rpc::ChainClient chain{**client};
    const auto head = chain.finalized_head();
    const auto header = head ? chain.header(*head) : std::unexpected{head.error()};
    if (!header) return;
    const auto number = static_cast<std::uint32_t>(header->number.value);
    remember(node, number, chain::to_hex(head->value), **client);
    // What became final between two questions was reported too: a client could have read it.
    for (std::uint32_t below = number; below > 1 && !is_stopping_;) {
        {
            const std::lock_guard lock{mutex_};
            if (blocks_.contains(--below)) return;
        }
        const auto hash = hash_at(**client, below);
        if (!hash) return;
        remember(node, below, *hash, **client);
    }
}

void Witness::remember(std::size_t node, std::uint32_t number, std::string hash, rpc::Client& client) {
    bool is_known = false;
    {
        const std::lock_guard lock{mutex_};
        finalized_[node] = std::max(finalized_[node], number);
        const auto found = blocks_.find(number);
        is_known = found != blocks_.end();
        if (is_known && found->second.hash != hash)
            contradictions_.push_back(fmt::format("node {} calls {} final as number {}, and {} was final before", node,
                                                  hash, number, found->second.hash));
    }
    if (is_known) return;
    auto extrinsics = extrinsics_of(client, hash);
    if (!extrinsics) return;
    const std::lock_guard lock{mutex_};
    blocks_.emplace(number, Block{std::move(hash), *std::move(extrinsics)});
}

std::uint32_t Witness::highest() const {
    const std::lock_guard lock{mutex_};
    return std::ranges::max(finalized_);
}

std::uint32_t Witness::of(std::size_t node) const {
    const std::lock_guard lock{mutex_};
    return finalized_[node];
}

std::size_t Witness::transactions() const {
    const std::lock_guard lock{mutex_};
    std::size_t count = 0;
    for (const auto& [number, block] : blocks_) count += block.extrinsics.size() - 1;  // less the inherent
    return count;
}

std::vector<std::string> Witness::contradictions() const {
    const std::lock_guard lock{mutex_};
    return contradictions_;
}

std::vector<std::string> Witness::missing_at(std::size_t node) const {
    std::vector<std::string> out;
    const auto client = rpc::Client::connect(cluster_.url(node), patience);
    if (!client) return {fmt::format("node {} does not answer at the end", node)};
    const std::lock_guard lock{mutex_};
    for (const auto& [number, block] : blocks_) {
        if (hash_at(**client, number) != block.hash)
            out.push_back(fmt::format("node {} has another block {} than the one that was final", node, number));
        else if (extrinsics_of(**client, block.hash) != block.extrinsics)
            out.push_back(fmt::format("node {} lost transactions of block {}", node, number));
    }
    return out;
}

}  // namespace tests
