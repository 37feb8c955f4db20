#pragma once
// The chain as nodes run it, behind the simulator's port: pool, ledger, runtime and LevelDB of every node, a genesis of
// development validators, signed transfers.

#include "chain/crypto/signature.hpp"
#include "chain/execution/signature_cache.hpp"
#include "genesis/builder/genesis.hpp"
#include "tests/simulation/application.hpp"
#include "tests/simulation/checker.hpp"
#include "tests/simulation/outcome.hpp"
#include "tests/simulation/scenario.hpp"

#include <map>

namespace simulation {

/// Whether a signature holds is the same to all who look at the same bytes. Shared: the first who finds one good spares
/// the others the work; each still decodes, hashes and looks for itself. Own: each node computes everything, as it does
/// outside.
enum class Verdicts : std::uint8_t { Shared, Own };

/// The scenario of a seed as a real chain can live it: four validators of equal weight, transfers now and then.
Scenario with_ledger(std::uint64_t seed);
/// Runs it.
Outcome run_ledger_seed(std::uint64_t seed);
Outcome run_unshared_ledger_seed(std::uint64_t seed);
/// scenario.hpp's newcomer, with ledgers.
Outcome run_ledger_newcomer(std::uint64_t seed);
/// Four validators with ledgers that nothing befalls, a view every 250 ms and four transfers a second.
Outcome run_ledgers_for_speed(std::uint64_t simulated_s);

/// What all nodes share, and what the world knows of every block and transfer.
class RealChain : public ChainMaker {
public:
    RealChain(std::uint32_t validators, std::optional<std::uint32_t> epoch_length, Verdicts verdicts);

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
    /// Where a node remembers which signatures and VRF proofs hold.
    std::shared_ptr<chain::SignatureCache> verdicts() const {
        return shared_ ? shared_ : std::make_shared<chain::SignatureCache>();
    }
    const genesis::Genesis& origin() const { return genesis_; }
    std::map<chain::Hash, Known>& blocks() { return blocks_; }
    std::map<std::uint64_t, Transfer>& transfers() { return transfers_; }

private:
    genesis::Genesis genesis_;
    std::shared_ptr<chain::SignatureCache> shared_;
    std::map<chain::Hash, Known> blocks_;
    std::map<std::uint64_t, Transfer> transfers_;
};

}  // namespace simulation
