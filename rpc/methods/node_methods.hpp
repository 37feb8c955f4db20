#pragma once
// Every method of a node, over its ledger.

#include "rpc/methods/author.hpp"
#include "rpc/methods/chain.hpp"
#include "rpc/methods/compute.hpp"
#include "rpc/methods/payment.hpp"
#include "rpc/methods/state.hpp"
#include "rpc/methods/system.hpp"

namespace rpc {

class NodeMethods {
public:
    /// The ledger must outlive this; this must outlive the table that it is added to.
    NodeMethods(ledger::Ledger& ledger, NodeInfo info);
    void add_to(MethodTable& table);

private:
    Author author_;
    Chain chain_;
    Compute compute_;
    Payment payment_;
    State state_;
    System system_;
};

}  // namespace rpc
