// A transfer's whole way through the runtime: decoding, signature, nonce, fee and its shares, the call, events, hooks,
// extrinsics root and state root. One recovery alone stands beside it, because no runtime can do without it.

#include "chain/base/check.hpp"
#include "chain/block/extrinsic.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/state/memory_nodes.hpp"
#include "genesis/builder/development.hpp"
#include "genesis/builder/genesis.hpp"
#include "runtime/appchain/executor.hpp"
#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/system/version.hpp"
#include "tests/bench/bench.hpp"

#include <fmt/format.h>

#include <random>
#include <unordered_map>

namespace {

using chain::Bytes;

constexpr std::size_t transfers = 1'000;

crypto::SecretKey key_of(std::size_t i) {
    const auto seed = crypto::blake2b_256(chain::to_bytes(fmt::format("bench/{}", i)));
    return *crypto::SecretKey::from_bytes(seed.value);
}

crypto::AccountId stranger(std::size_t i) {
    const auto hash = crypto::blake2b_256(chain::to_bytes(fmt::format("stranger/{}", i)));
    crypto::AccountId account{};
    std::copy_n(hash.value.begin(), account.value.size(), account.value.begin());
    return account;
}

genesis::Config config_with(std::size_t strangers) {
    genesis::Config config{.chain = {.name = "Bench", .id = "bench", .type = genesis::ChainType::Local},
                           .token = {.symbol = "TPH", .decimals = 18, .is_ethereum = true},
                           .accounts = {},
                           .validators = {},
                           .sudo = std::nullopt,
                           .auditors = {},
                           .parameters = {}};
    const auto add = [&](const crypto::AccountId& account) {
        config.accounts.push_back(
            {.name = std::nullopt, .account = account, .balance = 1'000 * chain::Balance{chain::tph}});
    };
    for (std::size_t i = 0; i < transfers; ++i) add(key_of(i).account());
    for (std::size_t i = 0; i < strangers; ++i) add(stranger(i));
    config.validators.push_back({.account = stranger(0),
                                 .consensus_key = genesis::dev_consensus_key("Alith")->public_key(),
                                 .vrf_key = genesis::dev_vrf_key("Alith")->public_key(),
                                 .weight = 1});
    return config;
}

/// The state of block zero by a hash index: as near to no cost as a flat state in memory gets, so that the runtime is
/// what is measured and not a store.
class IndexedState : public state::StateView {
public:
    explicit IndexedState(const state::MapState& all) : all_(all) {
        index_.reserve(all.entries.size());
        for (const auto& [key, value] : all.entries) index_.emplace(chain::as_text(key), &value);
    }
    std::optional<Bytes> get(chain::ByteView key) const override {
        const auto found = index_.find(chain::as_text(key));
        return found == index_.end() ? std::nullopt : std::optional{*found->second};
    }
    bool contains(chain::ByteView key) const override { return index_.contains(chain::as_text(key)); }
    std::optional<Bytes> next_key(chain::ByteView after) const override { return all_.next_key(after); }

private:
    const state::MapState& all_;
    std::unordered_map<std::string_view, const Bytes*> index_;
};

/// Block zero with its trie, and a block's worth of transfers from as many accounts to strangers.
struct World {
    explicit World(std::size_t strangers) : genesis(genesis::build(config_with(strangers))), flat(genesis.state) {
        state::StateDiff all;
        for (const auto& [key, value] : genesis.state.entries) all.emplace_hint(all.end(), key, value);
        nodes.apply(state::update_trie(state::MemoryNodes{}, state::MapState{}, all).nodes);

        context = {.spec_version = frame_system::spec_version,
                   .transaction_version = frame_system::transaction_version,
                   .genesis = genesis.hash,
                   .birth_block = genesis.hash};
        std::mt19937_64 random{1};
        for (std::size_t i = 0; i < transfers; ++i) {
            const auto call = frame::to_call(balances::TransferKeepAlive{.dest = stranger(random() % strangers),
                                                                         .value = {chain::Balance{chain::tph} + i}});
            extrinsics.push_back(chain::sign_extrinsic(key_of(i), call.encoded, {}, context));
        }
        start = {.parent_hash = genesis.hash,
                 .number = 1,
                 .digest = {{chain::to_digest(chain::ConsensusDigest{.epoch = 0, .view = 1})}},
                 .timestamp_ms = 1'700'000'000'000};
    }

    /// A block with all of them, and its state root.
    chain::Hash build(const chain::Executor& executor) const {
        const auto builder = executor.build(flat, start);
        for (const Bytes& extrinsic : extrinsics)
            chain::check(builder->apply(extrinsic) == chain::DispatchOutcome::Success);
        const chain::Built built = builder->finish();
        return state::update_trie(nodes, flat, built.diff).root;
    }

    genesis::Genesis genesis;
    IndexedState flat;
    state::MemoryNodes nodes;
    chain::SigningContext context;
    std::vector<Bytes> extrinsics;
    chain::BlockStart start;
};

void transfer(bench::Recorder& recorder) {
    const World world{recorder.scaled(100'000)};
    std::unique_ptr<chain::Executor> executor;
    const auto fresh = [&] { executor = runtime::make_executor(); };
    const auto name = [](std::string_view what) { return fmt::format("runtime/transfer/{}/n={}", what, transfers); };

    std::vector<std::pair<chain::Hash, crypto::Signature>> signed_digests;
    for (const Bytes& extrinsic : world.extrinsics) {
        const auto decoded = *chain::decode_extrinsic(extrinsic);
        const Bytes payload = chain::signing_payload(decoded.call, decoded.signed_part->extra, world.context);
        signed_digests.emplace_back(crypto::ethereum_message_digest(payload), decoded.signed_part->signature);
    }
    const auto recover_all = [&] {
        for (const auto& [digest, signature] : signed_digests)
            chain::check(crypto::recover(digest, signature).has_value());
    };
    recorder.time({.name = name("recover"), .operation = "transfer", .operations = transfers}, [] {}, recover_all);

    recorder.time({.name = name("check"), .operation = "transfer", .operations = transfers}, fresh, [&] {
        for (const Bytes& extrinsic : world.extrinsics)
            chain::check(executor->check(world.flat, world.genesis.hash, extrinsic, chain::TransactionSource::External)
                             .has_value());
    });

    recorder.time_beyond(
        {.name = name("block"), .operation = "transfer", .operations = transfers},
        {.name = name("block beyond recovery"), .operation = "transfer", .operations = transfers, .target_us = 25},
        fresh, recover_all, [&] { bench::keep(world.build(*executor)); });

    const auto checked = [&] {
        fresh();
        for (const Bytes& extrinsic : world.extrinsics)
            static_cast<void>(
                executor->check(world.flat, world.genesis.hash, extrinsic, chain::TransactionSource::External));
    };
    recorder.time(
        {.name = name("block/signatures known"), .operation = "transfer", .operations = transfers, .target_us = 25},
        checked, [&] { bench::keep(world.build(*executor)); });
}

const bench::Group group{"runtime/transfer", transfer};

}  // namespace
