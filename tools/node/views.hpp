#pragma once
// The engine and the network as JSON-RPC and the metrics show them.

#include "chain/relay/relay.hpp"
#include "chain/store/proofs.hpp"
#include "consensus/engine/engine.hpp"
#include "consensus/engine/stuck.hpp"
#include "rpc/methods/consensus.hpp"
#include "tools/application/block_sync_runner.hpp"
#include "tools/metrics/node_metrics.hpp"
#include "tools/node/mesh.hpp"

#include <filesystem>

namespace node {

/// All must outlive whoever calls the views.
rpc::NodeViews views_of(const consensus::Engine& engine, const Mesh& mesh, const BlockSyncRunner& sync,
                        std::size_t validators, const std::filesystem::path& data);

/// What a node knows beside its agreement, for consensus::causes_of.
consensus::Surroundings surroundings_of(const Mesh& mesh, const BlockSyncRunner& sync,
                                        const std::filesystem::path& data);

/// What the store keeps of one view.
rpc::ConsensusProofs::Result proofs_of(const store::Proofs& proofs, std::uint64_t epoch, std::uint64_t view);

/// Before a scrape.
void refresh(metrics::NodeMetrics& metrics, const consensus::Engine& engine, const Mesh& mesh,
             const BlockSyncRunner& sync, const relay::Relay& relay);

}  // namespace node
