#include "gpu-worker/host/job_spec.hpp"

#include "chain/base/check.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace worker {

namespace {

using leases::RejectReason;

constexpr std::string_view job_prefix = "lease-";

std::unexpected<Rejection> outside(const std::string& what, std::uint64_t asked, std::uint64_t most) {
    return std::unexpected{Rejection{
        RejectReason::OutsideLimits,
        what + ": " + std::to_string(asked) + " asked, at most " + std::to_string(most) + " for these slots"}};
}

/// The share of `count` slots in something that all slots of the machine have together.
std::uint64_t share(std::uint64_t whole, std::uint64_t per_slot, std::size_t count, std::uint8_t slots) {
    return per_slot != 0 ? per_slot * count : whole * count / std::max<std::uint8_t>(slots, 1);
}

/// Lines NAME=value.
Result<Secrets, Rejection> open_sealed(const leases::Workload& workload, const crypto::BoxSecret& box) {
    Secrets out;
    if (!workload.sealed_environment) return out;
    const auto opened = box.open(workload.sealed_environment->value);
    if (!opened)
        return std::unexpected{Rejection{RejectReason::BadSealedSecrets,
                                         "the sealed environment is not sealed to this machine's box key"}};
    std::string_view text = chain::as_text(*opened);
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty()) continue;
        const auto equals = line.find('=');
        if (equals == std::string_view::npos || equals == 0)
            return std::unexpected{
                Rejection{RejectReason::BadSealedSecrets, "the sealed environment has a line that is not NAME=value"}};
        out.emplace_back(line.substr(0, equals), line.substr(equals + 1));
    }
    return out;
}

Result<Limits, Rejection> limits_for(const leases::Workload& workload, std::size_t slots, const HostShare& host) {
    const auto& claims = host.claims;
    const auto memory = share(claims.memory_bytes, host.limits.memory_bytes, slots, claims.slots);
    const auto cpu = share(std::uint64_t{claims.cpu_threads} * 1'000, host.limits.cpu_milli, slots, claims.slots);
    const auto disk = share(claims.disk_bytes, host.limits.disk_bytes, slots, claims.slots);
    if (workload.memory_bytes > memory) return outside("memory in bytes", workload.memory_bytes, memory);
    if (workload.cpu_millis > cpu) return outside("cpu in thousandths of a core", workload.cpu_millis, cpu);
    if (workload.disk_bytes > disk) return outside("disk in bytes", workload.disk_bytes, disk);
    Limits out;
    out.memory_bytes = workload.memory_bytes;
    out.cpu_milli = workload.cpu_millis;
    // A root overlay of nothing cannot even hold a lock file; the least that ext4 makes sense with.
    out.disk_bytes = std::max<std::uint64_t>(workload.disk_bytes, 16ULL << 20);
    out.processes_max = static_cast<std::uint32_t>(host.limits.processes * slots);
    out.shared_memory_bytes = std::min(out.shared_memory_bytes, workload.memory_bytes / 2);
    out.deadline_ms = workload.deadline_ms.value_or(0);
    out.stop_grace_ms = host.stop_grace_ms;
    return out;
}

}  // namespace

JobId job_of(leases::LeaseId lease) { return {std::string{job_prefix} + std::to_string(lease.value)}; }

std::optional<leases::LeaseId> lease_of(const JobId& job) {
    std::string_view text = job.value;
    if (!text.starts_with(job_prefix)) return std::nullopt;
    text.remove_prefix(job_prefix.size());
    leases::LeaseId id;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional{id} : std::nullopt;
}

Result<Job, Rejection> job_for(leases::LeaseId id, const leases::Lease& lease, const leases::Workload& workload,
                               const HostShare& host, const crypto::BoxSecret& box) {
    Job out;
    JobSpec& spec = out.spec;
    spec.id = job_of(id);
    spec.image = workload.image.repository.value + "@sha256:" + chain::to_hex(workload.image.digest).substr(2);
    for (const auto& word : workload.command.value) spec.command.push_back(word.value);
    for (const auto& variable : workload.environment.value)
        spec.environment.emplace_back(variable.name.value, variable.value.value);
    for (const auto& port : workload.ports.value) {
        if (port.protocol != leases::Protocol::Tcp)
            return std::unexpected{Rejection{RejectReason::OutsideLimits, "this worker publishes TCP ports only"}};
        spec.ports.push_back(port.number);
    }
    for (const auto slot : lease.slots.value) {
        if (host.gpu_uuids.empty()) break;
        if (slot >= host.gpu_uuids.size())
            return std::unexpected{
                Rejection{RejectReason::SandboxFailed, "slot " + std::to_string(slot) + " has no GPU any more"}};
        spec.gpus.push_back(host.gpu_uuids[slot]);
    }
    spec.network =
        workload.network == leases::NetworkPolicy::Outbound ? NetworkPolicy::Internet : NetworkPolicy::Isolated;
    TRY(spec.limits, limits_for(workload, lease.slots.value.size(), host));
    TRY(out.secrets, open_sealed(workload, box));
    return out;
}

Rejection rejection_of(const Failure& failure) {
    const std::string text = failure.text.empty() ? std::string{text_of(failure.reason)}
                                                  : std::string{text_of(failure.reason)} + ": " + failure.text;
    switch (failure.reason) {
        case Reason::UnknownSource: return {RejectReason::SourceNotAllowed, text};
        case Reason::SourceUnreachable:
        case Reason::ImageDigestMismatch:  // the digest is the renter's; what the source sent for it is not
            return {RejectReason::SourceUnreachable, text};
        case Reason::ImageNotFound: return {RejectReason::ImageNotFound, text};
        case Reason::BadReference:
        case Reason::BadImage: return {RejectReason::ImageInvalid, text};
        case Reason::ImageTooLarge:
        case Reason::BadSpec: return {RejectReason::OutsideLimits, text};
        case Reason::NoFreePort:
        case Reason::NoRoom: return {RejectReason::MachineBusy, text};
        default: return {RejectReason::SandboxFailed, text};
    }
}

std::int32_t exit_code_of(const Failure& failure) { return failure.reason == Reason::StartFailed ? 127 : 125; }

}  // namespace worker
