#pragma once
// A chain of one validator without consensus: genesis/dev.json, the real runtime, ledger and store, and the methods
// over them. The test makes each block itself.

#include "chain/block/extrinsic.hpp"
#include "chain/crypto/dev_keys.hpp"
#include "chain/crypto/twox.hpp"
#include "genesis/builder/genesis.hpp"
#include "rpc/methods/node_methods.hpp"
#include "rpc/schema/session.hpp"
#include "runtime/appchain/executor.hpp"
#include "runtime/pallets/balances/calls.hpp"
#include "tests/support/fake_methods.hpp"
#include "tests/support/temp_folder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace test {

namespace json = boost::json;
using chain::Bytes;
using chain::Hash;

/// Between two blocks.
inline constexpr std::uint64_t block_ms = 6'000;

struct Node {
    tests::TempFolder folder;
    genesis::Genesis genesis = *genesis::load(TEPHRA_SOURCE_DIR "/genesis/dev.json");
    std::unique_ptr<chain::Executor> executor = runtime::make_executor();
    std::unique_ptr<store::Store> store = opened();
    // The test's clock: each block advances it.
    std::atomic<std::uint64_t> now_ms{1'900'000'000'000};
    ledger::Ledger ledger{*store, *executor, {}, [this] { return now_ms.load(); }};
    rpc::NodeMethods methods{ledger,
                             {.chain_name = genesis.chain_name, .chain_type = genesis.chain_type, .version = "1.2.3"}};
    rpc::MethodTable table{"1.2.3"};
    std::shared_ptr<RecordingOutlet> outlet = std::make_shared<RecordingOutlet>();
    rpc::Session session{table, outlet, rpc::Access::Public, {}};
    std::uint64_t view = 0;

    Node() { methods.add_to(table); }

    std::unique_ptr<store::Store> opened() {
        auto made = *store::Store::open(folder.path());
        chain::check(made->begin(genesis.hash, genesis.block, genesis.state).has_value());
        return made;
    }

    /// The answer's `result`; fails on an error.
    json::value call(std::string_view method, std::string_view params = "[]") {
        const json::value answer = ask(method, params);
        INFO(json::serialize(answer));
        REQUIRE(answer.as_object().contains("result"));
        return answer.at("result");
    }
    /// The answer's `error`.
    json::value error(std::string_view method, std::string_view params = "[]") {
        const json::value answer = ask(method, params);
        INFO(json::serialize(answer));
        REQUIRE(answer.as_object().contains("error"));
        return answer.at("error");
    }
    json::value ask(std::string_view method, std::string_view params) {
        const std::string request =
            fmt::format(R"({{"jsonrpc":"2.0","id":1,"method":"{}","params":{}}})", method, params);
        return json::parse(session.answer(request).value());
    }

    /// Builds and imports a block on top of the best one.
    Hash make_block() {
        now_ms += block_ms;
        const auto built = ledger.build(ledger.best().hash, chain::to_digest(chain::ConsensusDigest{.view = ++view}));
        INFO((built ? "" : built.error().text));
        REQUIRE(built);
        const auto imported = ledger.import(built->block);
        INFO((imported ? "" : imported.error().text));
        REQUIRE(imported);
        ledger.deliver_all();
        return built->hash;
    }
    void finalize(const Hash& block) {
        REQUIRE(ledger.finalize(block, Bytes{1}));
        ledger.deliver_all();
    }

    /// A transfer by a development account, as JSON-RPC carries it: hexadecimal in quotes.
    std::string transfer(std::string_view from, std::uint32_t nonce, chain::Balance value = chain::tph) const {
        return '"' + chain::to_hex(chain::with_length_prefix(transfer_bytes(from, nonce, value))) + '"';
    }
    Bytes transfer_bytes(std::string_view from, std::uint32_t nonce, chain::Balance value = chain::tph) const {
        const auto version = executor->version();
        Bytes call{2, 3};  // Balances, transfer_keep_alive
        scale::encode(balances::TransferKeepAlive{crypto::dev_key("Baltathar")->account(), {value}}, call);
        chain::Extra extra;
        extra.nonce = {nonce};
        return chain::sign_extrinsic(*crypto::dev_key(from), call, extra,
                                     {version.spec_version, version.transaction_version, genesis.hash, genesis.hash});
    }

    /// What was pushed since the last call.
    std::vector<std::string> pushed() {
        ledger.deliver_all();
        return std::exchange(outlet->sent, {});
    }
};

/// "0x…" of twox128(pallet) ‖ twox128(item).
inline std::string storage_key(std::string_view pallet, std::string_view item) {
    Bytes key;
    chain::append(key, crypto::twox128(pallet));
    chain::append(key, crypto::twox128(item));
    return chain::to_hex(key);
}

inline json::value text(std::string_view words) { return json::value(words); }

/// `["a","b"]`
inline std::string list(std::initializer_list<std::string> items) {
    json::array out;
    for (const std::string& item : items) out.push_back(json::value(item));
    return json::serialize(out);
}

}  // namespace test
