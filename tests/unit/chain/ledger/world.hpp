#pragma once
// A ledger over the toy rules, for the tests of its two halves.

#include "chain/ledger/ledger.hpp"
#include "chain/state/memory_nodes.hpp"
#include "tests/support/temp_folder.hpp"
#include "toy_executor.hpp"

#include <catch2/catch.hpp>

namespace tests {

using chain::Block;
using ledger::BuiltBlock;
using ledger::Ledger;

inline constexpr auto local = chain::TransactionSource::Local;

/// A ledger over the toy rules, with a clock that the test moves.
struct World {
    TempFolder folder;
    ToyExecutor executor;
    std::uint64_t now_ms = 1'000'000;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Ledger> ledger;

    World() { open(); }

    void open() {
        ledger.reset();
        store.reset();
        store = *store::Store::open(folder.path() / "chain");
        state::MapState state;
        state.entries[value_key(0)] = {7};
        const auto root = state::update_trie(state::MemoryNodes{}, state::MapState{}, {{value_key(0), Bytes{7}}}).root;
        const Block genesis{{.state_root = root, .extrinsics_root = chain::extrinsics_root({})}, {}};
        REQUIRE(store->begin(chain::hash_of(genesis.header), genesis, state));
        ledger = std::make_unique<Ledger>(*store, executor, pool::Limits{}, [this] { return now_ms; });
    }

    static chain::DigestItem item(std::uint64_t view) { return chain::to_digest({.view = view}); }

    BuiltBlock build(const Hash& parent, std::uint64_t view = 1) {
        now_ms += 500;
        auto built = ledger->build(parent, item(view));
        REQUIRE(built);
        return *built;
    }
    Hash build_and_import(const Hash& parent, std::uint64_t view = 1) {
        const auto built = build(parent, view);
        REQUIRE(ledger->import(built.block));
        return built.hash;
    }
    Hash next_block() {
        const Hash hash = build_and_import(ledger->best().hash);
        REQUIRE(ledger->finalize(hash, Bytes{1}));
        return hash;
    }
    std::uint8_t value_at(const Hash& hash, std::uint8_t key) const {
        return ledger->state_at(hash)->get(value_key(key)).value_or(Bytes{0}).front();
    }
    /// A block that this ledger did not build: the candidate's copy with something changed.
    chain::Result<void> import_changed(std::function<void(Block&)> change) {
        auto block = build(ledger->best().hash).block;
        change(block);
        return ledger->import(block);
    }
};

}  // namespace tests
