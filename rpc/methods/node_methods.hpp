#pragma once
// Every method of a node, over its ledger.

#include "rpc/methods/author.hpp"
#include "rpc/methods/chain.hpp"
#include "rpc/methods/compute.hpp"
#include "rpc/methods/consensus.hpp"
#include "rpc/methods/payment.hpp"
#include "rpc/methods/state.hpp"
#include "rpc/methods/system.hpp"

namespace rpc {

class NodeMethods {
public:
    /// The ledger and whatever the views refer to must outlive this; this must outlive the table that it is added to.
    NodeMethods(ledger::Ledger& ledger, NodeInfo info, NodeViews views = {});
    NodeMethods(const NodeMethods&) = delete;
    NodeMethods& operator=(const NodeMethods&) = delete;
    void add_to(MethodTable& table);

private:
    NodeViews views_;
    Author author_;
    Chain chain_;
    Compute compute_;
    Consensus consensus_;
    Payment payment_;
    State state_;
    System system_;
};

}  // namespace rpc
