#pragma once
// One node's pool, ledger, runtime and store. A crash closes them and opens the store again: what LevelDB has synced is
// there, the pool and all that was not final is not.

#include "runtime/appchain/executor.hpp"
#include "tests/simulation/ledger/real_chain.hpp"
#include "tests/support/temp_folder.hpp"
#include "tools/application/final_piece.hpp"
#include "tools/application/ledger_application.hpp"
#include "tools/application/served_chain.hpp"

namespace simulation {

class RealApplication : public Application {
public:
    RealApplication(RealChain& chain, Checker& checker, const Seat& seat);

    Built propose(const consensus::Position& position, const Tip& parent, bool must_be_empty,
                  std::uint64_t wall_ms) override;
    consensus::event::BlockChecked check(const consensus::Position& position, const Tip& parent,
                                         const chain::Hash& hash, const Payload& payload,
                                         std::uint64_t wall_ms) override;
    Executed execute(const chain::Hash& hash, const chain::Hash& parent) override;
    bool is_executed(const chain::Hash& hash) const override { return ledger_->state_at(hash) != nullptr; }
    bool has(const chain::Hash& hash) const override { return ledger_->find(hash) != nullptr; }
    void keep(const chain::Hash& hash, const Payload& payload) override;
    Payload payload(const chain::Hash& hash) const override;

    std::vector<chain::Hash> path_to(const chain::Hash& hash) const override;
    bool finalize(const chain::Hash& hash, const consensus::CertificatePtr& certificate) override;
    void apply(const block_sync::Proved& proved) override;
    block_sync::Local local() const override { return node::local_of(*ledger_); }
    const block_sync::Source& served() const override { return *served_; }
    consensus::FinalBlock last_final() override { return application_->finalized(); }
    consensus::CertificatePtr boundary(std::uint64_t epoch) override { return application_->boundary(epoch); }
    std::uint32_t final_number() const override { return ledger_->finalized().number; }
    chain::Hash final_hash() const override { return ledger_->finalized().hash; }
    std::optional<chain::Hash> final_at(std::uint32_t number) const override;
    std::uint32_t number_of(const chain::Hash& hash) const override;
    chain::Hash state_root(const chain::Hash& hash) const override;
    consensus::EpochPtr epoch(std::uint64_t epoch) override { return application_->epoch(epoch); }

    void set_best(const chain::Hash& hash) override;
    bool submit(std::uint64_t transaction) override;
    std::vector<std::uint64_t> pending() const override;
    bool has_work() const override { return ledger_->has_work(); }
    bool is_final(std::uint64_t transaction) const override;
    std::optional<std::pair<chain::Hash, Payload>> variant(const Payload& block) override;
    std::optional<std::pair<chain::Hash, Payload>> child_of(const chain::Hash& parent,
                                                            const consensus::Position& position) override;
    void crash() override;
    std::string damage() const override;

private:
    void open();
    void forget_final();
    void learn(const chain::Hash& hash, const Payload& payload, bool executes, const consensus::Position& position);
    RealChain::Transfer sign(std::uint32_t nonce) const;
    std::uint32_t final_nonce(const crypto::AccountId& sender) const;

    RealChain& chain_;
    Checker& checker_;
    Seat seat_;
    crypto::SecretKey sender_;
    crypto::AccountId account_ = sender_.account();
    tests::TempFolder folder_;
    std::unique_ptr<chain::Executor> executor_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<ledger::Ledger> ledger_;
    std::unique_ptr<node::LedgerApplication> application_;
    std::optional<node::ServedChain> served_;
    std::vector<std::uint64_t> submitted_;  // and not known to be final
};

}  // namespace simulation
