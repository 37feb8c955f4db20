#pragma once
// Messages of node.proto as plain values: what a worker makes of what its node sends. Any message is read; nothing here
// trusts a length.

#include "rpc/worker_api/node_client.hpp"

namespace tephra::node::v1 {
class Down;
class Finalized;
}  // namespace tephra::node::v1

namespace rpc::worker_api {

/// A node that is not the pinned one cannot speak here, so a wrong length is a bug of the node: zeros then match
/// nothing.
chain::Hash hash_of(const std::string& bytes);

Finalized from_proto(const tephra::node::v1::Finalized& in);

/// Nothing: a message of a newer protocol.
std::optional<Incoming> from_proto(const tephra::node::v1::Down& in);

}  // namespace rpc::worker_api
