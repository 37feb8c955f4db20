#pragma once
// Bodies of payment_*: the runtime's TransactionPaymentApi, in JSON.

#include "chain/ledger/ledger.hpp"
#include "rpc/schema/payment.hpp"
#include "rpc/schema/table.hpp"

namespace rpc {

class Payment {
public:
    explicit Payment(ledger::Ledger& ledger) : ledger_(ledger) {}

    Answer<QueryInfo::Result> answer(const QueryInfo::Params& params) const;
    Answer<QueryFeeDetails::Result> answer(const QueryFeeDetails::Params& params) const;

private:
    ledger::Ledger& ledger_;
};

}  // namespace rpc
