#include "tools/node/watch.hpp"

#include "chain/base/log_event.hpp"
#include "chain/block/digest.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "tools/metrics/process.hpp"

namespace node {
namespace {

constexpr chain::log::Channel chain_log{"chain"};

double seconds_since(std::uint64_t then_ms, std::uint64_t now_ms) {
    return now_ms > then_ms ? static_cast<double>(now_ms - then_ms) / 1'000 : 0;
}

}  // namespace

Watch::Watch(ledger::Ledger& ledger, const rpc::Server& rpc, std::filesystem::path data, metrics::NodeMetrics& metrics)
    : ledger_(ledger), rpc_(rpc), data_(std::move(data)), metrics_(metrics), last_final_ms_(ledger::system_clock()()) {
    metrics_.up.set(1);
    metrics_.start_seconds.set(static_cast<double>(last_final_ms_.load()) / 1'000);
    metrics_.registry.before_scrape([this] { refresh(); });
    finals_ = ledger_.on_finalized([this](const ledger::FinalizedBlocks& event) { on_finalized(event); });
}

void Watch::on_finalized(const ledger::FinalizedBlocks& event) {
    last_final_ms_ = ledger::system_clock()();
    metrics_.pruned_blocks.add(event.pruned.size());
    for (std::size_t i = 0; i < event.finalized.size(); ++i) {
        metrics_.finalized_extrinsics.add(event.extrinsics[i]);
        log_block(event.finalized[i], event.extrinsics[i]);
    }
}

void Watch::log_block(const ledger::BlockRef& block, std::uint32_t extrinsics) {
    std::vector<chain::log::Field> fields{
        {"number", block.number}, {"hash", chain::to_hex(block.hash)}, {"extrinsics", extrinsics}};
    const auto header = ledger_.header(block.hash);
    if (const auto place = header ? chain::consensus_digest(header->digest) : std::nullopt) {
        fields.push_back({"epoch", place->epoch});
        fields.push_back({"view", place->view});
        fields.push_back({"proposer", place->proposer});
    }
    if (const auto state = ledger_.state_at(block.hash)) {
        const double delay = seconds_since(timestamp::storage.now.get(*state), last_final_ms_);
        metrics_.block_delay_seconds.set(delay);
        fields.push_back({"delay_ms", delay * 1'000});
    }
    chain::log::event(chain::log::Level::Info, chain_log, "final", fields);
}

void Watch::refresh() {
    const auto process = metrics::read_process();
    metrics_.resident_bytes.set(static_cast<double>(process.resident_bytes));
    metrics_.cpu_seconds.set(process.cpu_seconds);
    metrics_.threads.set(static_cast<double>(process.threads));
    metrics_.open_files.set(static_cast<double>(process.open_files));
    metrics_.open_files_max.set(static_cast<double>(process.open_files_max));
    metrics_.store_bytes.set(static_cast<double>(metrics::folder_bytes(data_)));
    metrics_.disk_free_bytes.set(static_cast<double>(metrics::free_bytes(data_)));
    metrics_.finalized_number.set(ledger_.finalized().number);
    metrics_.best_number.set(ledger_.best().number);
    metrics_.finalized_age_seconds.set(seconds_since(last_final_ms_, ledger::system_clock()()));
    const auto pool = ledger_.pool_usage();
    metrics_.pool_ready.set(static_cast<double>(pool.ready));
    metrics_.pool_future.set(static_cast<double>(pool.future));
    metrics_.pool_bytes.set(static_cast<double>(pool.bytes));
    metrics_.pool_bytes_max.set(static_cast<double>(pool.bytes_max));
    metrics_.rpc_connections.set(static_cast<double>(rpc_.connections()));
    metrics_.rpc_connections_max.set(static_cast<double>(rpc::ServerLimits{}.connections_max));
}

}  // namespace node
