#include "tools/cli/session.hpp"

#include "rpc/client/chain_client.hpp"
#include "runtime/appchain/describe.hpp"
#include "runtime/pallets/system/system.hpp"

#include <fmt/core.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

namespace cli {

namespace {

using chain::Bytes;
using chain::ByteView;
using chain::fault;

constexpr std::uint32_t block_wait_ms = 60'000;

Fault fault_of(const rpc::Error& error) {
    std::string text = error.message;
    if (error.data && error.data->is_string()) text += ": " + std::string{error.data->get_string()};
    return Fault{std::move(text)};
}

/// The state behind a node. A StateView cannot fail, so what went wrong is kept until somebody asks.
class RemoteState final : public state::StateView {
public:
    explicit RemoteState(rpc::ChainClient& client) : client_(client) {}

    std::optional<Bytes> get(ByteView key) const override {
        auto value = client_.storage(key);
        if (value) return *std::move(value);
        failure_ = fault_of(value.error());
        return std::nullopt;
    }
    /// Scans stay below one storage item, whose prefix is the first 32 bytes.
    std::optional<Bytes> next_key(ByteView after) const override {
        const auto prefix = after.first(std::min<std::size_t>(after.size(), 32));
        auto keys = client_.keys(prefix, 1, chain::to_bytes(after));
        if (!keys) failure_ = fault_of(keys.error());
        if (!keys || keys->empty()) return std::nullopt;
        return keys->front();
    }

    mutable std::optional<Fault> failure_;

private:
    rpc::ChainClient& client_;
};

/// Reads without echo from the terminal, or takes TEPHRA_PASSPHRASE.
std::optional<std::string> ask_passphrase(const std::string& prompt) {
    if (const char* given = std::getenv("TEPHRA_PASSPHRASE")) return given;
    if (::isatty(STDIN_FILENO) == 0) return std::nullopt;
    std::cerr << prompt << std::flush;
    termios before{};
    ::tcgetattr(STDIN_FILENO, &before);
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &silent);
    std::string line;
    std::getline(std::cin, line);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
    std::cerr << "\n";
    return line;
}

}  // namespace

struct Chain::Impl {
    std::unique_ptr<rpc::Client> client;
    std::unique_ptr<rpc::ChainClient> chain;
    std::unique_ptr<RemoteState> state;
};

Chain::Chain(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Chain::~Chain() = default;

Result<std::unique_ptr<Chain>> Chain::connect(const std::string& node) {
    auto client = rpc::Client::connect(node);
    if (!client)
        return fault("no node at " + node + " (" + client.error().message +
                     "): start one with `tephra-node run`, or name another with --node or TEPHRA_NODE");
    auto impl = std::make_unique<Impl>();
    impl->client = *std::move(client);
    impl->chain = std::make_unique<rpc::ChainClient>(*impl->client);
    impl->state = std::make_unique<RemoteState>(*impl->chain);
    return std::unique_ptr<Chain>{new Chain{std::move(impl)}};
}

const state::StateView& Chain::state() const { return *impl_->state; }

Result<void> Chain::failure() {
    if (auto failure = std::exchange(impl_->state->failure_, std::nullopt)) return std::unexpected{*std::move(failure)};
    return {};
}

Result<chain::Hash> Chain::genesis() {
    const auto hash = impl_->chain->genesis_hash();
    if (!hash) return std::unexpected{fault_of(hash.error())};
    return *hash;
}

Result<Bytes> Chain::runtime_call(const std::string& method, const Bytes& arguments) {
    auto answer = impl_->chain->runtime_call(method, arguments);
    if (!answer) return std::unexpected{fault_of(answer.error())};
    return *std::move(answer);
}

Result<Done> Chain::submit(const crypto::SecretKey& key, const frame::Call& call) {
    const auto extrinsic = impl_->chain->sign(key, call.encoded, {});
    if (!extrinsic) return std::unexpected{fault_of(extrinsic.error())};
    const auto included = impl_->chain->submit_and_wait(*extrinsic, rpc::Until::InBlock, block_wait_ms);
    if (!included) return std::unexpected{fault_of(included.error())};
    const auto records = scale::decode<std::vector<frame::EventRecord>>(included->events);
    if (!records) return fault("the node's events are not of this version of the runtime: use the node's own `tephra`");
    Done done{.extrinsic = included->extrinsic, .block = included->block, .block_number = included->block_number};
    for (const auto& record : *records) {
        const auto* phase = std::get_if<frame::ApplyExtrinsic>(&record.phase.value);
        if (phase == nullptr || phase->value != included->index) continue;
        done.events.push_back(record.event.encoded);
    }
    if (const auto failed = event_of<frame_system::ExtrinsicFailed>(done)) {
        const auto why = runtime::describe_error(failed->dispatch_error);
        return fault(why.doc + " (" + why.name + ")");
    }
    return done;
}

Result<Chain*> Session::chain() {
    if (!chain_) {
        TRY(chain_, Chain::connect(globals.node));
    }
    return chain_.get();
}

Result<crypto::SecretKey> Session::key(const std::string& name) const { return keys.open(name, ask_passphrase); }

void Session::print(const std::string& text) const { fmt::print("{}", text); }

void Session::progress(const std::string& text) const {
    if (!globals.quiet && !globals.json) fmt::print(stderr, "{}\n", text);
}

Result<crypto::AccountId> parse_account(const Session& session, const std::string& text) {
    return session.keys.account(text);
}

}  // namespace cli
