#pragma once
// Every metric of a node, in the order in which a scrape shows them.

#include "tools/metrics/registry.hpp"

namespace metrics {

struct NodeMetrics {
    explicit NodeMetrics(Registry& r) : registry(r) {}
    Registry& registry;

    // ---- process
    Gauge& up = registry.gauge("tephra_up", "1 while the node runs.");
    Gauge& resident_bytes = registry.gauge("process_resident_memory_bytes", "Memory in RAM.");
    Gauge& cpu_seconds = registry.gauge("process_cpu_seconds_total", "CPU time of all threads.");
    Gauge& threads = registry.gauge("process_threads", "Threads.");
    Gauge& open_files = registry.gauge("process_open_fds", "Open file descriptors.");
    Gauge& open_files_max = registry.gauge("process_max_fds", "File descriptors that may be open.");
    Gauge& start_seconds = registry.gauge("process_start_time_seconds", "When the node started, seconds since 1970.");

    // ---- disk
    Gauge& store_bytes = registry.gauge("tephra_store_bytes", "Size of the data folder.");
    Gauge& disk_free_bytes = registry.gauge("tephra_disk_free_bytes", "Room left on the data folder's disk.");

    // ---- ledger
    Gauge& finalized_number = registry.gauge("tephra_finalized_number", "Number of the last final block.");
    Gauge& best_number = registry.gauge("tephra_best_number", "Number of the best block.");
    Gauge& finalized_age_seconds =
        registry.gauge("tephra_finalized_age_seconds", "Time since a block became final here. Alert above 30.");
    Counter& finalized_extrinsics =
        registry.counter("tephra_finalized_extrinsics_total", "Extrinsics in final blocks, inherents included.");
    Counter& pruned_blocks =
        registry.counter("tephra_pruned_blocks_total", "Blocks that lost to a final one of the same number.");
    Gauge& block_delay_seconds = registry.gauge("tephra_finalized_block_delay_seconds",
                                                "From the last final block's own time to its becoming final here.");

    // ---- pool
    Gauge& pool_ready = registry.gauge("tephra_pool_ready", "Transactions that a block could take now.");
    Gauge& pool_future = registry.gauge("tephra_pool_future", "Transactions that wait for an earlier nonce.");
    Gauge& pool_bytes = registry.gauge("tephra_pool_bytes", "Bytes of the pool's transactions.");
    Gauge& pool_bytes_max = registry.gauge("tephra_pool_bytes_max", "The bound of tephra_pool_bytes.");

    // ---- doors
    Gauge& rpc_connections = registry.gauge("tephra_rpc_connections", "Open JSON-RPC connections.");
    Gauge& rpc_connections_max = registry.gauge("tephra_rpc_connections_max", "The bound of tephra_rpc_connections.");
};

/// docs/reference/metrics.md.
std::string reference_page();

}  // namespace metrics
