#include "gpu-worker/link/news.hpp"

#include "chain/codec/scale.hpp"

namespace worker {

namespace {

template <class T>
std::optional<T> read(const chain::Bytes& bytes) {
    auto value = scale::decode<T>(bytes);
    return value ? std::optional{*std::move(value)} : std::nullopt;
}

}  // namespace

std::optional<BlockNews> read_news(const rpc::worker_api::Finalized& in, const rpc::worker_api::Welcome& line) {
    BlockNews out{.number = in.number,
                  .hash = in.hash,
                  .genesis = line.genesis,
                  .machine_id = {line.machine},
                  .live_now_ms = in.live_now_ms,
                  .snapshot = in.snapshot};
    if (in.machine) {
        auto machine = read<machines::Machine>(*in.machine);
        if (!machine) return std::nullopt;
        out.machine = MachineNews{.machine = *std::move(machine), .heartbeat_interval_ms = in.heartbeat_interval_ms};
        if (in.probe) {
            out.machine->probe = read<machines::Probe>(*in.probe);
            if (!out.machine->probe) return std::nullopt;
        }
    }
    for (const auto& update : in.leases) {
        auto lease = read<leases::Lease>(update.record);
        if (!lease) return std::nullopt;
        auto& news = out.leases.emplace_back(LeaseNews{.id = {update.id}, .lease = *std::move(lease)});
        if (!update.workload) continue;
        news.workload = read<leases::Workload>(*update.workload);
        if (!news.workload) return std::nullopt;
    }
    for (const auto id : in.gone) out.gone.push_back({id});
    return out;
}

}  // namespace worker
