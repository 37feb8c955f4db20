#include "cluster.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <thread>

namespace tests {
namespace {

constexpr auto port = "30333";
const std::array names{"Alith", "Baltathar", "Charleth", "Dorothy", "Ethan", "Faith", "Validator7"};

std::string output_of(const std::vector<std::string>& arguments) {
    std::string text;
    run_node(arguments, text);
    while (text.ends_with('\n')) text.pop_back();
    return text;
}

/// Environment of what is started meanwhile.
class Environment {
public:
    explicit Environment(std::vector<std::pair<std::string, std::string>> values) : values_(std::move(values)) {
        for (const auto& [name, value] : values_) ::setenv(name.c_str(), value.c_str(), 1);
    }
    ~Environment() {
        for (const auto& [name, value] : values_) ::unsetenv(name.c_str());
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

private:
    std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace

Cluster::Cluster(std::size_t validators, const std::vector<std::size_t>& clocks)
    : validators_(validators),
      clocks_(clocks),
      nodes_(validators + 1),
      past_logs_(validators + 1),
      reachable_(validators + 1) {
    std::ofstream{folder_ / "chain.json"} << output_of({"new-chain", "--validators", std::to_string(validators)})
                                          << "\n";
    for (std::size_t i = 0; i < size(); ++i) {
        const std::string key = (folder_ / ("network" + std::to_string(i))).string();
        output_of({"keys", "new", "--kind", "network", "--out", key});
        ids_.push_back(output_of({"keys", "show", key}).substr(2));
        houses_.push_back(std::make_unique<House>(i, data(i)));
        set_clock(i, 0);
    }
}

std::vector<std::string> Cluster::arguments_of(std::size_t i) const {
    std::vector<std::string> out{"--network-key",
                                 (folder_ / ("network" + std::to_string(i))).string(),
                                 "--listen",
                                 House::address(i) + ":" + port,
                                 "--block-interval-ms",
                                 "250",
                                 "--empty-block-interval-ms",
                                 "1000"};
    for (std::size_t j = 0; j < size(); ++j)
        if (j != i) out.insert(out.end(), {"--reserved", ids_[j] + "@" + House::address(j) + ":" + port});
    if (i < validators_) out.insert(out.end(), {"--dev-validator", names[i]});
    return out;
}

bool Cluster::start(std::size_t i) {
    if (nodes_[i]) past_logs_[i] += nodes_[i]->log();
    std::vector<std::pair<std::string, std::string>> environment;
    if (std::ranges::find(clocks_, i) != clocks_.end())
        environment = {{"LD_PRELOAD", WRONG_CLOCK_LIBRARY},
                       {"WRONG_CLOCK_FILE", (folder_ / ("clock" + std::to_string(i))).string()}};
    const Environment set{std::move(environment)};
    houses_[i]->inside([&] {
        nodes_[i] = std::make_unique<NodeProcess>(data(i), arguments_of(i), NodeProcess::Return::WhenItListens,
                                                  (folder_ / "chain.json").string());
    });
    reachable_[i] = nodes_[i]->is_running();
    return reachable_[i];
}

void Cluster::signal(std::size_t i, int number) {
    reachable_[i] = number == SIGCONT;
    nodes_[i]->signal(number);
}

std::optional<int> Cluster::wait(std::size_t i, int seconds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{seconds};
    while (nodes_[i]->is_running()) {
        if (std::chrono::steady_clock::now() > end) return std::nullopt;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    reachable_[i] = false;
    return nodes_[i]->wait();
}

void Cluster::forget_follower() {
    for (const auto& entry : std::filesystem::directory_iterator{data(follower())})
        std::filesystem::remove_all(entry.path());
}

void Cluster::set_clock(std::size_t i, std::int32_t by_s) const {
    const auto file = folder_ / ("clock" + std::to_string(i));
    std::ofstream{file.string() + ".new"} << by_s << '\n';
    std::filesystem::rename(file.string() + ".new", file);
}

bool Cluster::shows_clock(std::size_t i, std::int32_t by_s) const {
    constexpr double off_by_s = 10;
    std::string text = nodes_[i]->log();
    const auto last = text.rfind('\n', text.empty() ? 0 : text.size() - 2);
    std::tm time{};
    time.tm_isdst = -1;
    if (::strptime(text.c_str() + (last == std::string::npos ? 0 : last + 1), "%Y-%m-%dT%H:%M:%S", &time) == nullptr)
        return false;
    const double shown = static_cast<double>(std::mktime(&time));
    return std::abs(shown - static_cast<double>(std::time(nullptr)) - by_s) < off_by_s;
}

std::string Cluster::log(std::size_t i) const { return past_logs_[i] + (nodes_[i] ? nodes_[i]->log() : ""); }

}  // namespace tests
