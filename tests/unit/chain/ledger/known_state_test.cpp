#include "chain/ledger/known_state.hpp"

#include "toy_executor.hpp"

#include <catch2/catch.hpp>

TEST_CASE("the block's time is read from where clients read it") {
    state::MapState state;
    CHECK(ledger::timestamp_in(state) == 0);
    // twox128("Timestamp") ‖ twox128("Now"), as every Substrate client spells it.
    const auto key = chain::from_hex("0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb").value();
    state.entries[key] = scale::encode(std::uint64_t{1'234});
    CHECK(ledger::timestamp_in(state) == 1'234);
}

TEST_CASE("touched accounts are those whose record changed") {
    state::StateDiff diff;
    diff[tests::account_key(3)] = chain::Bytes{1};
    diff[tests::account_key(1)] = std::nullopt;
    diff[tests::key_of("System", "Number")] = chain::Bytes{1};
    diff[tests::value_key(9)] = chain::Bytes{1};
    CHECK(ledger::touched_accounts(diff) == std::vector{tests::account(1), tests::account(3)});
    CHECK(ledger::touched_accounts({}).empty());
}
