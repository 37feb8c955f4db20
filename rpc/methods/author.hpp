#pragma once
// Bodies of author_*.

#include "chain/ledger/ledger.hpp"
#include "rpc/schema/author.hpp"
#include "rpc/schema/table.hpp"

namespace rpc {

class Author {
public:
    explicit Author(ledger::Ledger& ledger) : ledger_(ledger) {}

    Answer<Hash> answer(const SubmitExtrinsic::Params& params) const;
    Answer<PendingExtrinsics::Result> answer(const PendingExtrinsics::Params& params) const;
    Answer<Keep> follow(const SubmitAndWatchExtrinsic::Params& params, Sink<WatchStatus> sink) const;

private:
    ledger::Ledger& ledger_;
};

}  // namespace rpc
