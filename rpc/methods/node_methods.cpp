#include "rpc/methods/node_methods.hpp"

namespace rpc {

NodeMethods::NodeMethods(ledger::Ledger& ledger, NodeInfo info, NodeViews views)
    : views_(std::move(views)),
      author_(ledger),
      chain_(ledger),
      compute_(ledger),
      consensus_(views_),
      payment_(ledger),
      state_(ledger),
      system_(ledger, std::move(info), views_) {}

void NodeMethods::add_to(MethodTable& table) {
    table.add(AuthorMethods{}, author_);
    table.add(ChainMethods{}, chain_);
    table.add(ComputeMethods{}, compute_);
    table.add(ConsensusMethods{}, consensus_);
    table.add(PaymentMethods{}, payment_);
    table.add(StateMethods{}, state_);
    table.add(SystemMethods{}, system_);
}

}  // namespace rpc
