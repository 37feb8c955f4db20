#pragma once
// The engine and the network as JSON-RPC and the metrics show them.

#include "chain/relay/relay.hpp"
#include "consensus/engine/engine.hpp"
#include "rpc/methods/consensus.hpp"
#include "tools/application/block_sync_runner.hpp"
#include "tools/metrics/node_metrics.hpp"
#include "tools/node/mesh.hpp"

namespace node {

/// All must outlive whoever calls the views.
rpc::NodeViews views_of(const consensus::Engine& engine, const Mesh& mesh, const BlockSyncRunner& sync,
                        std::size_t validators);

/// Before a scrape.
void refresh(metrics::NodeMetrics& metrics, const consensus::Engine& engine, const Mesh& mesh,
             const BlockSyncRunner& sync, const relay::Relay& relay);

}  // namespace node
