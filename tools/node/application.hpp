#pragma once
// The chain as agreement sees it: the ledger behind the port consensus::SoloApplication.

#include "chain/ledger/ledger.hpp"
#include "consensus/engine/solo_application.hpp"

namespace node {

class LedgerApplication : public consensus::SoloApplication {
public:
    explicit LedgerApplication(ledger::Ledger& ledger) : ledger_(ledger) {}

    consensus::Tip finalized() const override;
    bool has_work() const override { return ledger_.has_work(); }
    consensus::Result<chain::Hash> propose(const consensus::Tip& parent, const consensus::Position& position) override;
    consensus::Result<chain::Hash> verify(const consensus::Tip& parent, const consensus::Position& position,
                                          const chain::Bytes& encoded_block) override;
    consensus::Result<void> finalize(const chain::Hash& block, const chain::Bytes& certificate) override;

private:
    ledger::Ledger& ledger_;
};

}  // namespace node
