#include "tools/load/feeder.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace load {
namespace {

namespace json = boost::json;

constexpr std::string_view before = R"({"jsonrpc":"2.0","id":)";
constexpr std::string_view method = R"(,"method":"author_submitExtrinsic","params":["0x)";

/// JSON-RPC 1013: the pool has it already, and 1010 with a nonce that a block has used: it went through before.
bool is_there_already(const json::object& error) {
    const json::value* code = error.if_contains("code");
    const json::value* data = error.if_contains("data");
    if (code != nullptr && *code == 1013) return true;
    return data != nullptr && data->is_string() && data->get_string().find("outdated") != json::string::npos;
}

/// Positions of the calls in a batch that were refused. Nothing where the answer is none to a batch.
std::optional<std::vector<std::size_t>> refused_calls(std::string_view answer, std::size_t calls) {
    std::vector<std::size_t> out;
    if (!answer.starts_with('[')) return std::nullopt;
    if (answer.find(R"("error")") == std::string_view::npos) return out;
    boost::system::error_code failed;
    const json::value all = json::parse(answer, failed);
    if (failed || !all.is_array()) return std::nullopt;
    for (const json::value& one : all.get_array()) {
        const json::object* object = one.if_object();
        const json::value* error = object != nullptr ? object->if_contains("error") : nullptr;
        const json::value* id = object != nullptr ? object->if_contains("id") : nullptr;
        if (error == nullptr || !error->is_object() || id == nullptr || !id->is_number()) continue;
        const auto at = id->to_number<std::size_t>(failed);
        if (at < calls && !is_there_already(error->get_object())) out.push_back(at);
    }
    return out;
}

}  // namespace

Feeder::Feeder(Socket socket, Transfers& transfers, Flight& flight, Pace pace)
    : socket_(std::move(socket)), transfers_(transfers), flight_(flight), pace_(pace) {}

void Feeder::start() {
    thread_ = std::thread{[this] { run(); }};
}

void Feeder::stop() {
    is_stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

/// How many may go now, by the window and by the rate.
std::size_t Feeder::wanted(Clock::time_point start, std::uint64_t sent) const {
    std::size_t count = std::min(pace_.batch, flight_.room());
    if (pace_.rate > 0) {
        const auto due = std::chrono::duration<double>(Clock::now() - start).count() * pace_.rate;
        count = std::min(count, static_cast<std::size_t>(std::max(0.0, due - static_cast<double>(sent))));
    }
    return count;
}

void Feeder::run() {
    const auto start = Clock::now();
    std::uint64_t sent = 0;
    std::vector<Transfer> again;
    while (!is_stopping_) {
        // A few at a time are not worth a message, unless somebody asked for a slow pace.
        const std::size_t worth = pace_.rate > 0 ? 1 : pace_.batch / 2;
        const std::size_t count = wanted(start, sent);
        auto batch = std::exchange(again, {});
        const bool had_refused = !batch.empty();
        if (count >= worth && batch.size() < count) {
            const auto fresh = transfers_.take(count - batch.size());
            batch.insert(batch.end(), fresh.begin(), fresh.end());
            sent += fresh.size();
        }
        if (batch.empty()) {
            std::this_thread::sleep_for(std::chrono::milliseconds{2});
            continue;
        }
        flight_.submitted(batch);
        auto refused = submit(batch);
        if (!refused) {
            fault_ = refused.error().text;
            return;
        }
        again = *std::move(refused);
        flight_.refused(again);
        // A pool that refuses is full: leave it a moment.
        if (had_refused || !again.empty()) std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

chain::Result<std::vector<Transfer>> Feeder::submit(const std::vector<Transfer>& transfers) {
    static constexpr std::string_view digits = "0123456789abcdef";
    text_.assign("[");
    for (std::size_t i = 0; i < transfers.size(); ++i) {
        if (i > 0) text_.push_back(',');
        text_.append(before).append(std::to_string(i)).append(method);
        for (const std::uint8_t byte : transfers[i].view()) {
            text_.push_back(digits[byte >> 4]);
            text_.push_back(digits[byte & 15]);
        }
        text_.append(R"("]})");
    }
    text_.push_back(']');
    TRY(const std::string answer, socket_.exchange(text_));
    const auto refused = refused_calls(answer, transfers.size());
    if (!refused) return chain::fault("the node does not take the batch: " + answer.substr(0, 300));
    std::vector<Transfer> out;
    for (const std::size_t i : *refused) out.push_back(transfers[i]);
    return out;
}

}  // namespace load
