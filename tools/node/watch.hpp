#pragma once
// What an operator sees of the chain's life: one log line for each final block, and the metrics.

#include "chain/ledger/ledger.hpp"
#include "rpc/server/server.hpp"
#include "tools/metrics/node_metrics.hpp"

#include <atomic>
#include <filesystem>

namespace node {

class Watch {
public:
    /// All must outlive this; nobody may scrape afterwards.
    Watch(ledger::Ledger& ledger, const rpc::Server& rpc, std::filesystem::path data, metrics::NodeMetrics& metrics);

private:
    void on_finalized(const ledger::FinalizedBlocks& event);
    void log_block(const ledger::BlockRef& block, std::uint32_t extrinsics);
    void refresh();

    ledger::Ledger& ledger_;
    const rpc::Server& rpc_;
    std::filesystem::path data_;
    metrics::NodeMetrics& metrics_;
    std::atomic<std::uint64_t> last_final_ms_;
    ledger::Subscription finals_;
};

}  // namespace node
