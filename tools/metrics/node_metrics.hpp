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

    // ---- bounds (tools/metrics/bounds.hpp)
    Family<Gauge>& held =
        registry.gauges("tephra_held", {"what"}, "What a bounded container holds; they are listed below.");
    Family<Gauge>& held_max =
        registry.gauges("tephra_held_max", {"what"}, "The bound of tephra_held. Alert above nine tenths of it.");

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

    // ---- agreement
    Counter& epochs = registry.counter("tephra_epochs_total", "Epochs entered since the start.");
    Gauge& epoch = registry.gauge("tephra_epoch", "The running epoch.");
    Gauge& view = registry.gauge("tephra_view", "The running view of the epoch.");
    Gauge& floor_view = registry.gauge("tephra_final_view", "The highest view of the epoch that is known to be final.");
    Gauge& backoff_views =
        registry.gauge("tephra_backoff_views", "Views since the last final one: timers grow with them. Alert above 8.");
    Gauge& signing = registry.gauge(
        "tephra_signing", "1 while this node signs votes; 0 where it follows, listens, is silent or has stopped.");
    Gauge& validators_connected = registry.gauge("tephra_validators_connected",
                                                 "Validators of the epoch that are connected, this node included.");
    Gauge& validators = registry.gauge("tephra_validators", "Validators of the epoch.");
    Family<Histogram>& view_seconds = registry.histograms(
        "tephra_view_seconds", {"outcome"}, "How long views took: notarized, nullified (skipped) or overtaken.");
    Family<Counter>& skipped_views =
        registry.counters("tephra_skipped_views_total", {"leader"}, "Views that ended without their leader's block.");
    Gauge& participation_views = registry.gauge(
        "tephra_participation_views", "Views that participation is counted over: the last 1,000 of the epoch.");
    Family<Gauge>& votes_in_time = registry.gauges(
        "tephra_votes_in_time", {"validator"}, "Of these views, those with a vote of the validator that came in time.");
    Family<Gauge>& proposals_missed =
        registry.gauges("tephra_proposals_missed", {"validator"},
                        "Of these views, those that it led and that ended without its block.");
    Histogram& finality_seconds =
        registry.histogram("tephra_finality_seconds", "From seeing a proposal to knowing that its block is final.");
    Family<Histogram>& chain_work_seconds = registry.histograms(
        "tephra_chain_work_seconds", {"what"}, "Building, checking, executing and storing blocks for agreement.");
    Histogram& journal_sync_seconds =
        registry.histogram("tephra_journal_sync_seconds", "Syncs of the journal: a vote waits for one.");
    Gauge& journal_bytes = registry.gauge("tephra_journal_bytes", "Size of the journal.");
    Counter& journal_commits = registry.counter("tephra_journal_commits_total", "Turns that wrote to the journal.");
    Family<Counter>& signer_refusals =
        registry.counters("tephra_signer_refusals_total", {"kind"}, "Votes that the signer refused to sign.");
    Family<Counter>& evidence =
        registry.counters("tephra_evidence_total", {"kind"}, "Contradictions of other validators. Alert above 0.");
    Gauge& proofs = registry.gauge("tephra_proofs",
                                   "Certificates kept for as long as a vote that relies on them can be held against "
                                   "its signer.");
    Gauge& proof_bytes = registry.gauge("tephra_proof_bytes", "Their bytes.");
    Counter& own_key_elsewhere = registry.counter("tephra_own_key_elsewhere_total",
                                                  "Votes of this node's key that it did not cast. Alert above 0.");
    Counter& state_mismatches = registry.counter(
        "tephra_state_mismatches_total", "Blocks that a quorum calls good and that are bad here. Alert above 0.");
    Gauge& agreement_views = registry.gauge("tephra_agreement_views", "Views held in memory.");
    Gauge& agreement_votes = registry.gauge("tephra_agreement_votes", "Votes held in memory.");
    Gauge& agreement_blocks = registry.gauge("tephra_agreement_blocks", "Proposed blocks held in memory.");
    Gauge& agreement_inbox = registry.gauge("tephra_agreement_inbox", "Messages that wait for agreement.");
    Counter& agreement_dropped =
        registry.counter("tephra_agreement_dropped_total", "Messages that found no room there.");
    Family<Counter>& short_proposals = registry.counters(
        "tephra_short_proposals_total", {"filled"},
        "Proposals in short form: filled in at_once, with_parts or as_whole from the leader, or given_up.");
    Gauge& short_proposal_bytes =
        registry.gauge("tephra_short_proposal_bytes", "Short proposals that wait for parts or for the whole block.");
    Gauge& chain_jobs = registry.gauge("tephra_chain_jobs", "Checks and executions that wait for a thread.");

    // ---- peers
    Family<Gauge>& peers = registry.gauges("tephra_peers", {"direction"}, "Connected peers.");
    Counter& refused_peers =
        registry.counter("tephra_peers_refused_total", "Inbound connections that a limit turned away.");
    Counter& failed_handshakes = registry.counter("tephra_handshakes_failed_total", "Handshakes that failed.");
    Gauge& banned_peers = registry.gauge("tephra_peers_banned", "Peers under a ban.");
    Gauge& known_addresses = registry.gauge("tephra_known_addresses", "Addresses in the book.");
    Gauge& partial_bytes = registry.gauge("tephra_network_partial_bytes", "Unfinished messages of peers.");
    Gauge& missing_peers =
        registry.gauge("tephra_peers_missing", "Validators and reserved peers that are not connected.");
    Family<Gauge>& channel_bytes = registry.gauges("tephra_network_bytes", {"channel", "direction"},
                                                   "Bytes exchanged with the peers that are connected now.");
    Family<Gauge>& channel_dropped = registry.gauges("tephra_network_dropped", {"channel", "direction"},
                                                     "Messages dropped of the peers that are connected now.");
    Family<Gauge>& channel_queued =
        registry.gauges("tephra_network_queued_bytes", {"channel"}, "Bytes that wait to be sent.");
    Gauge& slowest_peer_seconds =
        registry.gauge("tephra_peer_rtt_seconds_max", "Round trip to the slowest connected validator.");
    Counter& relayed = registry.counter("tephra_transactions_received_total", "Transactions that peers delivered.");
    Counter& relay_refused =
        registry.counter("tephra_transactions_refused_total", "Of these, what the pool did not take.");
    Counter& relay_dropped =
        registry.counter("tephra_transactions_dropped_total", "Messages with transactions that found no room.");

    // ---- block sync
    Gauge& sync_target = registry.gauge("tephra_sync_target", "The highest final block that a peer speaks of.");
    Gauge& sync_window_bytes = registry.gauge("tephra_sync_window_bytes", "Fetched blocks that wait to be stored.");
    Gauge& sync_requests = registry.gauge("tephra_sync_requests", "Ranges of blocks under way.");
    Counter& synced_blocks = registry.counter("tephra_sync_blocks_total", "Blocks that came by block sync.");

    // ---- doors
    Gauge& rpc_connections = registry.gauge("tephra_rpc_connections", "Open JSON-RPC connections.");
    Gauge& rpc_connections_max = registry.gauge("tephra_rpc_connections_max", "The bound of tephra_rpc_connections.");
};

/// docs/reference/metrics.md.
std::string reference_page();

}  // namespace metrics
