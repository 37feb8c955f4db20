#include "network.hpp"

#include <arpa/inet.h>
#include <boost/json/serialize.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

namespace tests {
namespace {

namespace json = boost::json;

// As long as nobody else binds in between, it stays free; nodes that fail to listen say so.
std::uint16_t free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket, reinterpret_cast<sockaddr*>(&at), sizeof at);
    socklen_t size = sizeof at;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&at), &size);
    ::close(socket);
    return ntohs(at.sin_port);
}

std::string output_of(const std::vector<std::string>& arguments) {
    std::string text;
    run_node(arguments, text);
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

const std::array names{"Alith", "Baltathar", "Charleth", "Dorothy", "Ethan", "Faith", "Validator7"};

}  // namespace

Network::Network(std::size_t validators, std::size_t followers, std::vector<std::string> more,
                 const std::vector<std::string>& chain)
    : validators_(validators), more_(std::move(more)), nodes_(validators + followers) {
    std::vector<std::string> new_chain{"new-chain", "--validators", std::to_string(validators)};
    new_chain.insert(new_chain.end(), chain.begin(), chain.end());
    std::ofstream{folder_.path() / "chain.json"} << output_of(new_chain) << "\n";
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const std::string key = (folder_.path() / ("network" + std::to_string(i))).string();
        output_of({"keys", "new", "--kind", "network", "--out", key});
        ids_.push_back(output_of({"keys", "show", key}).substr(2));
        ports_.push_back(free_port());
    }
}

void Network::init_all() {
    const auto made = folder_.path() / "made";
    output_of({"init", "--data", made.string(), "--chain", (folder_.path() / "chain.json").string()});
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        const auto data = folder_.path() / ("node" + std::to_string(i));
        std::filesystem::create_directories(data);
        // Not the keys, which are each node's own.
        for (const char* part : {"chain", "genesis"})
            std::filesystem::copy(made / part, data / part, std::filesystem::copy_options::recursive);
    }
}

void Network::start(std::size_t i) {
    std::vector<std::string> arguments{"--network-key", (folder_.path() / ("network" + std::to_string(i))).string(),
                                       "--listen", "127.0.0.1:" + std::to_string(ports_[i])};
    for (std::size_t j = 0; j < nodes_.size(); ++j)
        if (j != i)
            arguments.insert(arguments.end(), {"--reserved", ids_[j] + "@127.0.0.1:" + std::to_string(ports_[j])});
    if (i < validators_) arguments.insert(arguments.end(), {"--dev-validator", names[i]});
    arguments.insert(arguments.end(), more_.begin(), more_.end());
    nodes_[i] =
        std::make_unique<NodeProcess>(folder_.path() / ("node" + std::to_string(i)), arguments,
                                      NodeProcess::Return::WhenItListens, (folder_.path() / "chain.json").string());
}

void Network::start_all() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) start(i);
}

std::optional<std::uint32_t> Network::finalized(std::size_t i) const {
    const auto client = rpc::Client::connect(nodes_[i]->url());
    if (!client) return std::nullopt;
    rpc::ChainClient chain{**client};
    const auto head = chain.finalized_head();
    if (!head) return std::nullopt;
    const auto header = chain.header(*head);
    if (!header) return std::nullopt;
    return static_cast<std::uint32_t>(header->number.value);
}

std::optional<std::string> Network::hash_at(std::size_t i, std::uint32_t number) const {
    const auto client = rpc::Client::connect(nodes_[i]->url());
    if (!client) return std::nullopt;
    const auto answer = (*client)->call("chain_getBlockHash", {number}, 3'000);
    if (!answer) return std::nullopt;
    return json::serialize(*answer);
}

bool Network::wait_for(std::size_t i, std::uint32_t number, int seconds) const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{seconds};
    while (std::chrono::steady_clock::now() < end) {
        if (finalized(i).value_or(0) >= number) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
    return false;
}

std::string Network::state(std::size_t i, std::string_view member) const {
    const auto client = rpc::Client::connect(nodes_[i]->url());
    if (!client) return "";
    const auto answer = (*client)->call("consensus_state", {}, 3'000);
    return answer ? json::serialize(answer->at(member)) : "";
}

bool Network::agree() const {
    std::vector<std::size_t> running;
    std::uint32_t lowest = ~std::uint32_t{0};
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
        if (!nodes_[i] || !nodes_[i]->is_running()) continue;
        running.push_back(i);
        lowest = std::min(lowest, finalized(i).value_or(0));
    }
    for (std::uint32_t number = 1; number <= lowest; number += std::max(1u, lowest / 50)) {
        const auto first = hash_at(running.front(), number);
        for (const std::size_t i : running)
            if (!first || hash_at(i, number) != first) return false;
    }
    return lowest > 0;
}

bool Network::has_accusation() const {
    return std::ranges::any_of(nodes_, [](const auto& node) {
        if (!node) return false;
        const std::string log = node->log();
        return log.contains("broke the rules") || log.contains("Another machine signs") || log.contains("is bad here");
    });
}

}  // namespace tests
