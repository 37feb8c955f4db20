#include "tools/node/views.hpp"

#include "chain/network/address_book.hpp"
#include "consensus/engine/explain.hpp"
#include "tools/metrics/bounds.hpp"
#include "tools/metrics/process.hpp"

#include <algorithm>

namespace node {
namespace {

using consensus::EngineReport;

std::string_view name(network::Direction direction) {
    return direction == network::Direction::Inbound ? "inbound" : "outbound";
}

std::vector<std::string> names_of(const std::vector<consensus::Cause>& causes) {
    std::vector<std::string> out;
    for (const consensus::Cause cause : causes) out.emplace_back(consensus::text_of(cause).name);
    return out;
}

rpc::ConsensusState::Result state_of(const EngineReport& report, const consensus::Surroundings& around) {
    const consensus::ViewReport& view = report.replica.view;
    rpc::ConsensusState::Result out{
        .epoch = view.epoch,
        .view = view.view,
        .leader = view.leader,
        .me = report.me,
        .signing = std::string{consensus::name(report.replica.signing)},
        .progress = {.entered_ms_ago = report.now_ms - std::min(report.now_ms, view.entered_at_ms),
                     .timers_run = view.timers_since_ms.has_value(),
                     .views_since_final = view.backoff_views,
                     .has_proposal = view.has_proposal},
        .final_view = view.floor_view,
        .stored_view = view.durable_view,
        .stored_number = view.durable_number,
        .since_final_ms = report.since_finalized_ms,
        .reasons = names_of(consensus::causes_of(report.replica, *report.epoch, around)),
        .waits_for = report.why,
        .validators = {}};
    for (std::uint32_t i = 0; i < view.validators.size(); ++i) {
        const auto& heard = view.validators[i];
        const auto& validator = report.epoch->table[i];
        out.validators.push_back({.index = i,
                                  .key = {validator.key.value},
                                  .weight = validator.weight,
                                  .is_connected = heard.is_connected,
                                  .notarized = heard.notarized,
                                  .nullified = heard.nullified,
                                  .finalized = heard.finalized,
                                  .last_active = heard.last_active});
    }
    return out;
}

rpc::ConsensusParticipation::Result participation_of(const EngineReport& report) {
    rpc::ConsensusParticipation::Result out{
        .epoch = report.replica.view.epoch, .views = report.participation_views, .validators = {}};
    for (std::uint32_t i = 0; i < report.participation.size(); ++i) {
        const auto& row = report.participation[i];
        const auto& validator = report.epoch->table[i];
        out.validators.push_back({.index = i,
                                  .key = {validator.key.value},
                                  .weight = validator.weight,
                                  .voted = row.voted,
                                  .led = row.led,
                                  .missed = row.missed});
    }
    return out;
}

rpc::PeerView view_of(const network::PeerStatus& peer) {
    rpc::PeerView out{.peer_id = network::to_text(peer.info.peer),
                      .roles = peer.info.validator ? "AUTHORITY" : "FULL",
                      .best_hash = {},
                      .address = network::to_text(peer.info.address),
                      .direction = std::string{name(peer.info.direction)},
                      .agent = peer.info.agent,
                      .score = peer.score,
                      .rtt_us = peer.rtt_us,
                      .connected_ms = peer.connected_ms};
    if (peer.info.validator) out.validator = chain::Hash{peer.info.validator->value};
    for (const auto& channel : peer.channels) {
        out.bytes_in += channel.bytes_in;
        out.bytes_out += channel.bytes_out;
        out.dropped += channel.dropped_in + channel.dropped_out;
    }
    return out;
}

void refresh_agreement(metrics::NodeMetrics& metrics, const EngineReport& report) {
    const auto& view = report.replica.view;
    metrics.epoch.set(static_cast<double>(view.epoch));
    metrics.view.set(static_cast<double>(view.view));
    metrics.floor_view.set(static_cast<double>(view.floor_view));
    metrics.backoff_views.set(static_cast<double>(view.backoff_views));
    metrics.signing.set(report.replica.signing == consensus::SigningState::Signs ? 1 : 0);
    metrics.validators.set(static_cast<double>(view.validators.size()));
    metrics.validators_connected.set(
        static_cast<double>(std::ranges::count(view.validators, true, &consensus::ValidatorReport::is_connected)));
    metrics.journal_bytes.set(static_cast<double>(report.replica.journal_bytes));
    metrics.journal_commits.set(report.replica.commits);
    metrics.agreement_views.set(static_cast<double>(report.replica.footprint.views));
    metrics.agreement_votes.set(static_cast<double>(report.replica.footprint.slots));
    metrics.agreement_blocks.set(static_cast<double>(report.replica.footprint.payloads));
    metrics.agreement_inbox.set(static_cast<double>(report.replica.inbox));
    metrics.agreement_dropped.set(report.replica.dropped + report.inbox_dropped);
    metrics.short_proposals.with({"at_once"}).set(report.courier.at_once);
    metrics.short_proposals.with({"with_parts"}).set(report.courier.with_parts);
    metrics.short_proposals.with({"as_whole"}).set(report.courier.as_whole);
    metrics.short_proposals.with({"given_up"}).set(report.courier.given_up);
    metrics.short_proposal_bytes.set(static_cast<double>(report.courier.waiting_bytes));
    metrics.chain_jobs.set(static_cast<double>(report.jobs_waiting));
    metrics.participation_views.set(static_cast<double>(report.participation_views));
    metrics.votes_in_time.clear();
    metrics.proposals_missed.clear();
    for (std::size_t i = 0; i < report.participation.size(); ++i) {
        const auto& row = report.participation[i];
        metrics.votes_in_time.with({std::to_string(i)}).set(static_cast<double>(row.voted));
        metrics.proposals_missed.with({std::to_string(i)}).set(static_cast<double>(row.missed));
    }
    metrics::show(metrics, report.bounds);
}

void refresh_channels(metrics::NodeMetrics& metrics, const std::vector<network::PeerStatus>& peers) {
    for (std::size_t i = 0; i < network::channel_count; ++i) {
        network::ChannelCounts sum;
        for (const auto& peer : peers) {
            const auto& counts = peer.channels[i];
            sum.bytes_in += counts.bytes_in;
            sum.bytes_out += counts.bytes_out;
            sum.dropped_in += counts.dropped_in;
            sum.dropped_out += counts.dropped_out;
            sum.queued_bytes += counts.queued_bytes;
        }
        const std::string channel{network::name(static_cast<network::Channel>(i))};
        metrics.channel_bytes.with({channel, "in"}).set(static_cast<double>(sum.bytes_in));
        metrics.channel_bytes.with({channel, "out"}).set(static_cast<double>(sum.bytes_out));
        metrics.channel_dropped.with({channel, "in"}).set(static_cast<double>(sum.dropped_in));
        metrics.channel_dropped.with({channel, "out"}).set(static_cast<double>(sum.dropped_out));
        metrics.channel_queued.with({channel}).set(static_cast<double>(sum.queued_bytes));
    }
}

void refresh_peers(metrics::NodeMetrics& metrics, const Mesh& mesh) {
    const auto status = mesh.network().status();
    metrics.peers.with({"inbound"}).set(status.inbound);
    metrics.peers.with({"outbound"}).set(status.outbound);
    metrics.refused_peers.set(status.refused);
    metrics.failed_handshakes.set(status.failed_handshakes);
    metrics.banned_peers.set(static_cast<double>(status.banned));
    metrics.known_addresses.set(static_cast<double>(status.known_addresses));
    metrics.partial_bytes.set(static_cast<double>(status.partial_bytes));
    metrics.missing_peers.set(static_cast<double>(mesh.network().missing().size()));
    const auto peers = mesh.network().peers();
    std::uint32_t slowest_us = 0;
    for (const auto& peer : peers)
        if (peer.is_validator) slowest_us = std::max(slowest_us, peer.rtt_us);
    metrics.slowest_peer_seconds.set(static_cast<double>(slowest_us) / 1e6);
    refresh_channels(metrics, peers);
}

/// Of each channel the longest queue that any peer has.
chain::Bounds bounds_of(const network::Network& network) {
    static constexpr std::array<std::string_view, network::channel_count> names{
        "queue_control",       "queue_consensus",    "queue_proposal", "queue_sync_request",
        "queue_sync_response", "queue_transactions", "queue_discovery"};
    const auto status = network.status();
    chain::Bounds out{
        {"partial_bytes", status.partial_bytes, network::NetworkLimits{}.partial_bytes_max},
        {"banned_peers", status.banned, network::Bans::peers_max},
        {"known_addresses", status.known_addresses, network::AddressBook::new_max + network::AddressBook::tried_max}};
    const auto peers = network.peers();
    for (std::size_t i = 0; i < names.size(); ++i) {
        std::uint64_t longest = 0;
        for (const auto& peer : peers) longest = std::max(longest, peer.channels[i].queued_bytes);
        out.push_back({names[i], longest, network::rules(static_cast<network::Channel>(i)).queue_bytes_max});
    }
    return out;
}

}  // namespace

consensus::Surroundings surroundings_of(const Mesh& mesh, const BlockSyncRunner& sync,
                                        const std::filesystem::path& data) {
    const auto status = mesh.network().status();
    const auto fetched = sync.report();
    consensus::Surroundings out{.peers = status.inbound + status.outbound,
                                .missing = {},
                                .banned = status.banned,
                                .highest_block = fetched.target,
                                .is_sync_halted = fetched.is_halted,
                                .disk_free_bytes = metrics::free_bytes(data)};
    for (const auto& peer : mesh.network().missing()) out.missing.push_back(peer.reason);
    return out;
}

rpc::ConsensusProofs::Result proofs_of(const store::Proofs& proofs, std::uint64_t epoch, std::uint64_t view) {
    rpc::ConsensusProofs::Result out;
    for (const auto& [kind, name] : {std::pair{votes::Kind::Notarize, "notarize"}, {votes::Kind::Nullify, "nullify"}})
        if (auto found = proofs.find({epoch, view, static_cast<std::uint8_t>(kind)}))
            out.push_back({view, name, {*std::move(found)}});
    return out;
}

rpc::NodeViews views_of(const consensus::Engine& engine, const Mesh& mesh, const BlockSyncRunner& sync,
                        std::size_t validators, const std::filesystem::path& data) {
    rpc::NodeViews out;
    out.consensus = [&engine, &mesh, &sync, data]() -> std::optional<rpc::ConsensusState::Result> {
        const auto report = engine.report();
        if (!report) return std::nullopt;
        return state_of(*report, surroundings_of(mesh, sync, data));
    };
    out.participation = [&engine]() -> std::optional<rpc::ConsensusParticipation::Result> {
        const auto report = engine.report();
        if (!report) return std::nullopt;
        return participation_of(*report);
    };
    out.peers = [&mesh] {
        rpc::SystemPeers::Result peers;
        for (const auto& peer : mesh.network().peers()) peers.push_back(view_of(peer));
        return peers;
    };
    out.peer_count = [&mesh] {
        const auto status = mesh.network().status();
        return status.inbound + status.outbound;
    };
    out.highest_block = [&sync] { return sync.report().target; };
    out.should_have_peers = validators > 1;
    return out;
}

void refresh(metrics::NodeMetrics& metrics, const consensus::Engine& engine, const Mesh& mesh,
             const BlockSyncRunner& sync, const relay::Relay& relay) {
    if (const auto report = engine.report()) refresh_agreement(metrics, *report);
    refresh_peers(metrics, mesh);
    const auto fetched = sync.report();
    metrics.sync_target.set(fetched.target);
    metrics.sync_window_bytes.set(static_cast<double>(fetched.window_bytes));
    metrics.sync_requests.set(static_cast<double>(fetched.requests));
    metrics.synced_blocks.set(fetched.applied);
    const auto relayed = relay.counts();
    metrics.relayed.set(relayed.received);
    metrics.relay_refused.set(relayed.refused);
    metrics.relay_dropped.set(relayed.dropped);
    metrics::show(metrics, sync.bounds());
    metrics::show(metrics, relay.bounds());
    metrics::show(metrics, bounds_of(mesh.network()));
}

}  // namespace node
