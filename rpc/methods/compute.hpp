#pragma once
// Bodies of compute_*: the compute pallets' storage, read at a block.

#include "chain/ledger/ledger.hpp"
#include "rpc/schema/compute.hpp"
#include "rpc/schema/table.hpp"

namespace rpc {

class Compute {
public:
    explicit Compute(ledger::Ledger& ledger) : ledger_(ledger) {}

    Answer<MachinePage> answer(const ComputeMachines::Params& params) const;
    Answer<ComputeMachine::Result> answer(const ComputeMachine::Params& params) const;
    Answer<ComputeLease::Result> answer(const ComputeLease::Params& params) const;
    Answer<LeasePage> answer(const ComputeLeases::Params& params) const;
    Answer<QuotePageView> answer(const ComputeQuote::Params& params) const;
    Answer<ComputeBurnStats::Result> answer(const ComputeBurnStats::Params& params) const;

private:
    ledger::Ledger& ledger_;
};

}  // namespace rpc
