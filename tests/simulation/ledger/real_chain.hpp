#pragma once
// The chain as nodes run it, behind the simulator's port: pool, ledger, runtime and LevelDB of every node, a genesis of
// development validators, signed transfers.

#include "chain/crypto/signature.hpp"
#include "genesis/builder/genesis.hpp"
#include "tests/simulation/application.hpp"
#include "tests/simulation/checker.hpp"
#include "tests/simulation/outcome.hpp"
#include "tests/simulation/scenario.hpp"

#include <map>

namespace simulation {

/// The scenario of a seed as a real chain can live it: four validators of equal weight, transfers now and then.
Scenario with_ledger(std::uint64_t seed);
/// Runs it.
Outcome run_ledger_seed(std::uint64_t seed);
/// Four validators with ledgers that nothing befalls, a view every 250 ms and four transfers a second.
Outcome run_ledgers_for_speed(std::uint64_t simulated_s);

/// What all nodes share, and what the world knows of every block and transfer.
class RealChain : public ChainMaker {
public:
    explicit RealChain(std::uint32_t validators, std::optional<std::uint32_t> epoch_length = {});

    chain::Hash genesis() const override { return genesis_.hash; }
    crypto::Ed25519Public key_of(std::uint32_t validator) const override;
    std::unique_ptr<Application> make(const Seat& seat, Checker& checker) override;

    struct Known {
        chain::Hash parent;
        std::uint32_t number = 0;
        Payload payload;
        consensus::Position position;
    };
    struct Transfer {
        crypto::AccountId sender;
        std::uint32_t nonce = 0;
        chain::Bytes extrinsic;
    };
    const genesis::Genesis& origin() const { return genesis_; }
    std::map<chain::Hash, Known>& blocks() { return blocks_; }
    std::map<std::uint64_t, Transfer>& transfers() { return transfers_; }

private:
    genesis::Genesis genesis_;
    std::map<chain::Hash, Known> blocks_;
    std::map<std::uint64_t, Transfer> transfers_;
};

}  // namespace simulation
