#include "rpc/schema/all.hpp"

#include "rpc/schema/author.hpp"
#include "rpc/schema/chain.hpp"
#include "rpc/schema/compute.hpp"
#include "rpc/schema/consensus.hpp"
#include "rpc/schema/payment.hpp"
#include "rpc/schema/rpc.hpp"
#include "rpc/schema/state.hpp"
#include "rpc/schema/system.hpp"

#include <iterator>

namespace rpc {

std::vector<MethodInfo> all_methods() {
    std::vector<MethodInfo> out;
    const auto add = [&](std::vector<MethodInfo> more) { std::ranges::move(more, std::back_inserter(out)); };
    add(describe_methods(AuthorMethods{}));
    add(describe_methods(ChainMethods{}));
    add(describe_methods(ComputeMethods{}));
    add(describe_methods(ConsensusMethods{}));
    add(describe_methods(PaymentMethods{}));
    add(describe_methods(RpcOwnMethods{}));
    add(describe_methods(StateMethods{}));
    add(describe_methods(SystemMethods{}));
    return out;
}

}  // namespace rpc
