#pragma once
// Validators of one development chain, each with a ledger of its own over the real runtime. The test plays agreement:
// it says who proposes in which view, and signs certificates with the validators' keys.

#include "chain/block/extrinsic.hpp"
#include "chain/crypto/dev_keys.hpp"
#include "genesis/builder/development.hpp"
#include "genesis/builder/genesis.hpp"
#include "runtime/appchain/executor.hpp"
#include "runtime/pallets/balances/calls.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/application/ledger_application.hpp"

#include <catch2/catch.hpp>

namespace tests {

using chain::Bytes;
using chain::Hash;
using consensus::event::Verdict;

inline genesis::Genesis development_genesis(std::size_t validators, std::optional<std::uint32_t> epoch_length = {}) {
    auto loaded =
        genesis::load_text(genesis::development_chain({.validators = validators, .epoch_length = epoch_length}));
    REQUIRE(loaded);
    return *std::move(loaded);
}

struct Validator {
    TempFolder folder;
    std::unique_ptr<chain::Executor> executor = runtime::make_executor();
    std::unique_ptr<store::Store> store;
    std::uint64_t& now_ms;
    std::unique_ptr<ledger::Ledger> ledger;
    std::unique_ptr<node::LedgerApplication> application;
    std::vector<Hash> missing;

    Validator(const genesis::Genesis& genesis, std::size_t index, std::uint64_t& clock) : now_ms(clock) {
        store = *store::Store::open(folder.path() / "chain");
        REQUIRE(store->begin(genesis.hash, genesis.block, genesis.state));
        ledger = std::make_unique<ledger::Ledger>(*store, *executor, pool::Limits{}, [this] { return now_ms; });
        application = std::make_unique<node::LedgerApplication>(
            *ledger, genesis::dev_vrf_key(genesis::dev_validator_name(index)),
            node::LedgerApplication::Hooks{
                .blocks_missing = [this](const Hash& hash, const auto&) { missing.push_back(hash); },
                .proofs = &store->proofs()});
    }
};

/// A network of validators whose agreement the test plays.
struct Network {
    std::uint64_t now_ms = 1'900'000'000'000;
    genesis::Genesis genesis;
    std::vector<std::unique_ptr<Validator>> validators;

    explicit Network(std::size_t count = 4, std::optional<std::uint32_t> epoch_length = {})
        : genesis(development_genesis(count, epoch_length)) {
        for (std::size_t i = 0; i < count; ++i) validators.push_back(std::make_unique<Validator>(genesis, i, now_ms));
    }

    node::LedgerApplication& application(std::size_t i) { return *validators[i]->application; }
    ledger::Ledger& ledger(std::size_t i) { return *validators[i]->ledger; }

    /// Transfers of Alith's, from her first nonce on, enter at this validator.
    void give_transfers(std::size_t validator, std::uint32_t count) {
        const auto version = validators[validator]->executor->version();
        for (std::uint32_t nonce = 0; nonce < count; ++nonce) {
            Bytes call{2, 3};  // Balances, transfer_keep_alive
            scale::encode(balances::TransferKeepAlive{crypto::dev_key("Baltathar")->account(), {chain::tph}}, call);
            chain::Extra extra;
            extra.nonce = {nonce};
            REQUIRE(ledger(validator).submit(
                chain::sign_extrinsic(*crypto::dev_key("Alith"), call, extra,
                                      {version.spec_version, version.transaction_version, genesis.hash, genesis.hash}),
                chain::TransactionSource::External));
        }
    }

    consensus::CertificatePtr finality_of(const Hash& block, std::uint64_t epoch, std::uint64_t view,
                                          std::uint64_t parent_view) const {
        const votes::Statement statement{votes::Kind::Finalize, epoch, view, parent_view, block};
        std::vector<votes::Vote> made;
        std::vector<votes::Validator> table;
        for (std::uint32_t i = 0; i < validators.size(); ++i) {
            const auto key = genesis::dev_consensus_key(genesis::dev_validator_name(i));
            table.push_back({key->public_key(), 1});
            made.push_back(votes::sign(statement, genesis.hash, i, *key));
        }
        return std::make_shared<const votes::Certificate>(votes::certify(made, votes::ValidatorTable{table}));
    }

    consensus::Proposed propose(std::uint32_t proposer, const consensus::Tip& parent, std::uint64_t view) {
        now_ms += 500;
        const consensus::Position position{parent.epoch, view, parent.view, proposer};
        auto proposed = application(proposer).propose(position, parent, false);
        INFO((proposed ? "" : proposed.error().text));
        REQUIRE(proposed);
        return *std::move(proposed);
    }

    /// One view in which everything goes well for the validators from `first` on: the new tip.
    consensus::Tip good_view(const consensus::Tip& parent, std::uint64_t view, std::size_t first = 0) {
        const auto proposer = static_cast<std::uint32_t>(first + view % (validators.size() - first));
        const auto proposed = propose(proposer, parent, view);
        const consensus::Position position{parent.epoch, view, parent.view, proposer};
        const consensus::Tip tip{proposed.block, parent.number + 1, parent.epoch, view};
        for (std::size_t i = first; i < validators.size(); ++i) {
            const auto checked = application(i).check(position, parent, proposed.block, proposed.payload);
            INFO(checked.why);
            REQUIRE(checked.verdict == Verdict::Good);
            REQUIRE(application(i).execute(proposed.block, parent)->is_good);
            application(i).certified(tip);
            const auto done =
                application(i).finalize(proposed.block, finality_of(proposed.block, parent.epoch, view, parent.view));
            REQUIRE(done);
            REQUIRE(*done == tip.number);
        }
        return tip;
    }

    /// So many good views from the last final block of `first`, over epochs as they come.
    void run(std::size_t views, std::size_t first = 0) {
        for (std::size_t i = 0; i < views; ++i) {
            auto tip = application(first).finalized().tip;
            // After an epoch's last block the next one begins at view 0.
            for (std::uint64_t e = tip.epoch + 1; const auto next = application(first).epoch(e); ++e) tip = next->root;
            good_view(tip, tip.view + 1, first);
        }
    }
};

}  // namespace tests
