#pragma once
// Every bounded container of a node, for the metrics tephra_held and tephra_held_max and for
// docs/reference/metrics.md. Whoever owns one reports it under this name (chain/base/bound.hpp).

#include "chain/base/bound.hpp"

#include <array>
#include <string_view>

namespace metrics {

struct NodeMetrics;

struct BoundedThing {
    std::string_view what;
    std::string_view holds;
    std::string_view beyond;
};

inline constexpr std::array bounded_things{
    BoundedThing{"pool_transactions", "transactions of the pool", "the cheapest give way, or the new one is refused"},
    BoundedThing{"pool_bytes", "their bytes", "the same"},
    BoundedThing{"pool_bans", "hashes of transactions that were found invalid", "the oldest is forgotten"},
    BoundedThing{"kept_blocks", "blocks that others proposed and that are not final",
                 "the oldest goes; whoever notarized it has it"},
    BoundedThing{"kept_bytes", "their bytes", "the same"},
    BoundedThing{"unfinal_blocks", "executed blocks that wait for finality", "no more are executed before"},
    BoundedThing{"news", "events of the chain that wait to be told to who listens",
                 "no transactions are taken until they are told"},
    BoundedThing{"known_signatures", "signatures and proofs that were found good", "the older half is forgotten"},
    BoundedThing{"state_cache_bytes", "values and branches of the state that were used last",
                 "what was not used lately goes"},
    BoundedThing{"engine_inbox_bytes", "messages that wait for agreement's thread", "dropped; they come again"},
    BoundedThing{"agreement_inbox", "messages that wait for agreement's turn", "dropped; they come again"},
    BoundedThing{"agreement_views", "views with a place in memory", "certificates further ahead are ignored"},
    BoundedThing{"agreement_votes", "votes", "views far behind keep certificates only"},
    BoundedThing{"agreement_peers", "peers with a budget of their own", "the rest share one"},
    BoundedThing{"next_epoch_messages", "messages of the next epoch that wait for it", "dropped; they come again"},
    BoundedThing{"next_epoch_bytes", "bytes of the blocks among them", "the same"},
    BoundedThing{"deferred_votes", "votes that wait for the guard's end", "the oldest is not signed"},
    BoundedThing{"unstored_finals", "certificates of final blocks that are not stored here yet",
                 "the oldest is forgotten: its place in the journal is freed by a later one"},
    BoundedThing{"epoch_ends", "what ended earlier epochs", "the oldest is read from the store again"},
    BoundedThing{"outsider_checks", "votes of keys outside of the epoch that are being checked", "passed over"},
    BoundedThing{"short_proposal_bytes", "proposals in short form that wait for parts",
                 "the oldest is given up; the whole block is fetched"},
    BoundedThing{"relay_inbox_bytes", "peers' transactions that wait to be looked at",
                 "dropped; others announce them again"},
    BoundedThing{"gossip_seen", "hashes of transactions that were met", "the oldest is forgotten"},
    BoundedThing{"gossip_requests", "transactions that peers were asked for", "announcements are not heard"},
    BoundedThing{"sync_window_blocks", "fetched blocks that wait to be stored", "no more are asked for"},
    BoundedThing{"sync_window_bytes", "their bytes; what is under way may come on top", "the same"},
    BoundedThing{"sync_requests", "ranges of blocks under way", "no more are asked for"},
    BoundedThing{"sync_peers", "peers whose chain is known", "not asked"},
    BoundedThing{"sync_questions", "questions of peers that wait", "dropped; they ask again"},
    BoundedThing{"queue_control", "bytes that wait for the peer with the most, of this channel", "dropped"},
    BoundedThing{"queue_consensus", "the same for votes and certificates", "the oldest give way"},
    BoundedThing{"queue_proposal", "the same for blocks", "the oldest give way"},
    BoundedThing{"queue_sync_request", "the same for questions of block sync", "the sender waits"},
    BoundedThing{"queue_sync_response", "the same for its answers", "the sender waits"},
    BoundedThing{"queue_transactions", "the same for transactions", "dropped; they are announced again"},
    BoundedThing{"queue_discovery", "the same for addresses", "dropped"},
    BoundedThing{"partial_bytes", "unfinished messages of peers that are no validators",
                 "the peer with the most is cut off"},
    BoundedThing{"banned_peers", "peers under a ban", "the ban that ends first goes"},
    BoundedThing{"known_addresses", "addresses in the book", "untried ones give way"},
    BoundedThing{"rpc_connections", "JSON-RPC connections", "the newest is closed"},
    BoundedThing{"rpc_addresses", "addresses whose speed is watched", "those that rest are forgotten"},
    BoundedThing{"worker_streams", "workers that follow this node", "new ones are told to come back"},
    BoundedThing{"worker_answers", "answers that wait for workers to read them", "the line is cut"},
    BoundedThing{"worker_blocks_behind", "final blocks that the slowest worker has not read", "it skips to a snapshot"},
};

/// Whether somebody declared it.
bool is_declared(std::string_view what);
/// Both gauges of each.
void show(NodeMetrics& metrics, const chain::Bounds& bounds);

}  // namespace metrics
