// A rent's whole way through the runtime, beside the transfer's: decoding, signature, fee, the order's checks, slots,
// deposit on hold, queue entry, events, hooks, extrinsics root and state root.

#include "chain/base/check.hpp"
#include "chain/block/extrinsic.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/state/memory_nodes.hpp"
#include "genesis/builder/development.hpp"
#include "genesis/builder/genesis.hpp"
#include "runtime/appchain/executor.hpp"
#include "runtime/pallets/leases/renting.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/system/version.hpp"
#include "tests/bench/bench.hpp"

#include <fmt/format.h>

namespace {

using chain::Bytes;

constexpr std::size_t rents = 500;

crypto::AccountId account_of(std::string_view what, std::size_t i) {
    const auto hash = crypto::blake2b_256(chain::to_bytes(fmt::format("{}/{}", what, i)));
    crypto::AccountId account{};
    std::copy_n(hash.value.begin(), account.value.size(), account.value.begin());
    return account;
}

crypto::SecretKey renter_key(std::size_t i) {
    return *crypto::SecretKey::from_bytes(crypto::blake2b_256(chain::to_bytes(fmt::format("renter/{}", i))).value);
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
        config.accounts.push_back({.name = std::nullopt, .account = account, .balance = 1'000 * chain::tph});
    };
    for (std::size_t i = 0; i < rents; ++i) add(renter_key(i).account());
    for (std::size_t i = 0; i < strangers; ++i) add(account_of("stranger", i));
    config.validators.push_back({.account = account_of("stranger", 0),
                                 .consensus_key = genesis::dev_consensus_key("Alith")->public_key(),
                                 .vrf_key = genesis::dev_vrf_key("Alith")->public_key(),
                                 .weight = 1});
    return config;
}

/// Sixteen slots, online, with a heartbeat that is not due for days.
void put_machine(frame::Context& context, const crypto::AccountId& id) {
    machines::Claims claims{
        .slots = 16, .cpu = {"a cpu"}, .cpu_threads = 64, .memory_bytes = 1ULL << 39, .disk_bytes = 1ULL << 42};
    machines::storage.claims.put(context.state, id, claims);
    machines::save(context, id, std::nullopt,
                   {.owner = account_of("stranger", 1),
                    .receiver = account_of("stranger", 1),
                    .keys = {.signer = id, .tls_key = {}, .box_key = {}},
                    .state = machines::MachineState::Online,
                    .device_class = machines::DeviceClass::Cpu,
                    .slots = 16,
                    .card = {.version = 1,
                             .terms = {.slot_hour = 10 * chain::tph,
                                       .minimum_duration_ms = 60'000,
                                       .maximum_duration_ms = 86'400'000}},
                    .heartbeat = {.next_interval = 10'000}});
}

leases::Workload workload() {
    leases::Workload job{.image = {.repository = {"registry.example/team/job"}},
                         .command = {{{"run"}, {"--fast"}}},
                         .memory_bytes = 1ULL << 30,
                         .cpu_millis = 1'000};
    job.image.digest.fill(7);
    return job;
}

/// Block zero with machines enough, and a block's worth of rents from as many accounts.
struct World {
    explicit World(std::size_t strangers) : genesis(genesis::build(config_with(strangers))) {
        state::Overlay overlay{genesis.state};
        frame::EventLog events;
        const frame::BlockInfo block;
        frame::Context hooks{overlay, events, block, frame::Root{}};
        for (std::size_t i = 0; i * 16 < rents; ++i) put_machine(hooks, account_of("machine", i));
        genesis.state.apply(overlay.take());

        state::StateDiff all;
        for (const auto& [key, value] : genesis.state.entries) all.emplace_hint(all.end(), key, value);
        nodes.apply(state::update_trie(state::MemoryNodes{}, state::MapState{}, all).nodes);
        const chain::SigningContext signing{.spec_version = frame_system::spec_version,
                                            .transaction_version = frame_system::transaction_version,
                                            .genesis = genesis.hash,
                                            .birth_block = genesis.hash};
        for (std::size_t i = 0; i < rents; ++i) {
            const auto call = frame::to_call(leases::Rent{.machine = account_of("machine", i / 16),
                                                          .slots = 1,
                                                          .duration_ms = 3'600'000,
                                                          .max_price = 10 * chain::tph,
                                                          .card_version = 1,
                                                          .workload = workload()});
            extrinsics.push_back(chain::sign_extrinsic(renter_key(i), call.encoded, {}, signing));
        }
        start = {.parent_hash = genesis.hash,
                 .number = 1,
                 .digest = {{chain::to_digest(chain::ConsensusDigest{.epoch = 0, .view = 1})}},
                 .timestamp_ms = 1'700'000'000'000};
    }

    /// A block with all of them, and its state root.
    chain::Hash build(const chain::Executor& executor) const {
        const auto builder = executor.build(genesis.state, start);
        for (const Bytes& extrinsic : extrinsics)
            chain::check(builder->apply(extrinsic) == chain::DispatchOutcome::Success);
        const chain::Built built = builder->finish();
        return state::update_trie(nodes, genesis.state, built.diff).root;
    }

    genesis::Genesis genesis;
    state::MemoryNodes nodes;
    std::vector<Bytes> extrinsics;
    chain::BlockStart start;
};

void rent(bench::Recorder& recorder) {
    const World world{recorder.scaled(100'000)};
    std::unique_ptr<chain::Executor> executor;
    const auto signatures_known = [&] {
        executor = runtime::make_executor();
        for (const Bytes& extrinsic : world.extrinsics)
            chain::check(
                executor->check(world.genesis.state, world.genesis.hash, extrinsic, chain::TransactionSource::External)
                    .has_value());
    };
    const auto name = [](std::string_view what) { return fmt::format("runtime/rent/{}/n={}", what, rents); };
    recorder.time(
        {.name = name("block"), .operation = "rent", .operations = rents}, [&] { executor = runtime::make_executor(); },
        [&] { bench::keep(world.build(*executor)); });
    recorder.time({.name = name("block/signatures known"), .operation = "rent", .operations = rents}, signatures_known,
                  [&] { bench::keep(world.build(*executor)); });
}

const bench::Group group{"runtime/rent", rent};

}  // namespace
