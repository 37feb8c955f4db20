#pragma once
// The chain as agreement sees it: the ledger and the runtime's epochs behind the port consensus::Application.
// A library of its own, so that the simulator runs what the node runs.

#include "chain/crypto/vrf.hpp"
#include "chain/ledger/ledger.hpp"
#include "chain/store/proofs.hpp"
#include "consensus/engine/application.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace node {

/// The epoch that the block after this state belongs to. `root` is the block that the epoch begins on; its hash is
/// taken from here. Null where the state has no validators.
consensus::EpochPtr next_epoch_in(const state::StateView& state, const consensus::Tip& root);

class LedgerApplication : public consensus::Application {
public:
    struct Hooks {
        /// A final block cannot be stored, because blocks below it are not here: fetch them, then tell the engine.
        std::function<void(const chain::Hash& block, const consensus::CertificatePtr& certificate)> blocks_missing;
        std::function<void(const crypto::Ed25519Public& leader)> forward_work;
        /// Where what is known of a bad final block is written to; empty: nowhere.
        std::filesystem::path bad_blocks;
        /// Where certificates are kept that a vote relied on; null: nowhere.
        store::Proofs* proofs;
    };

    /// How long a vote can be held against its signer, of the chain's time: what is staked stays bonded so long.
    static constexpr std::uint64_t evidence_ms = 7 * 24 * 3'600 * 1'000ULL;
    /// After so many kept proofs up to twice as many old ones go.
    static constexpr std::uint32_t proofs_per_sweep = 64;

    /// Epochs whose validators are remembered; older ones are read from the state, as far as it is kept.
    static constexpr std::size_t epochs_kept = 16;

    /// `vrf`: the key with which this node proposes; none for one that only follows. The ledger must outlive this.
    LedgerApplication(ledger::Ledger& ledger, std::optional<crypto::VrfKey> vrf, Hooks hooks = {});

    consensus::FinalBlock finalized() override;
    consensus::EpochPtr epoch(std::uint64_t epoch) override;
    /// What made the last block of an ended epoch final; null where that epoch has not ended here.
    consensus::CertificatePtr boundary(std::uint64_t epoch) override;
    bool has_work() const override { return ledger_.has_work(); }

    void recovered(const votes::Statement& notarized, const consensus::Payload& block) override;
    consensus::Result<consensus::Proposed> propose(const consensus::Position& position, const consensus::Tip& parent,
                                                   bool must_be_empty) override;
    consensus::Checked check(const consensus::Position& position, const consensus::Tip& parent,
                             const chain::Hash& block, const consensus::Payload& payload) override;
    consensus::Result<consensus::Executed> execute(const chain::Hash& block, const consensus::Tip& parent) override;
    consensus::Payload block(const chain::Hash& hash) override;
    consensus::Result<std::optional<std::uint32_t>> finalize(const chain::Hash& block,
                                                             const consensus::CertificatePtr& certificate) override;
    consensus::Result<void> keep(const consensus::CertificatePtr& certificate) override;
    consensus::Result<void> sync_kept() override;
    void certified(const consensus::Tip& tip) override;
    void forward_work(const crypto::Ed25519Public& leader) override;

    std::string bad_final(const chain::Hash& block) override;

    /// Peers are believed to hold what the pool took so long ago.
    static constexpr std::uint64_t known_after_ms = 200;
    /// A block that does not become smaller by so much goes whole: a missing part would cost a round trip.
    static constexpr std::size_t spared_bytes_min = 4'096;
    consensus::Payload shorten(const chain::Hash& block) override;
    consensus::Restored restore(const chain::Hash& block, const consensus::Payload& shortened,
                                const std::map<std::uint32_t, chain::Bytes>& parts) override;
    std::optional<std::vector<chain::Bytes>> parts(const chain::Hash& block,
                                                   const std::vector<std::uint32_t>& places) override;

private:
    consensus::EpochPtr read_epoch(std::uint64_t epoch) const;

    ledger::Ledger& ledger_;
    std::optional<crypto::VrfKey> vrf_;
    Hooks hooks_;
    // Guards the map below: epoch() comes from any thread. Held for one look-up.
    std::mutex mutex_;
    std::map<std::uint64_t, consensus::EpochPtr> epochs_;
    std::uint32_t proofs_until_sweep_ = 0;  ///< the thread that calls keep() alone
};

}  // namespace node
