// The table of reasons: a name, a sentence for the renter, and who pays.

#include "chain/base/check.hpp"
#include "gpu-worker/containers/containers.hpp"

#include <algorithm>
#include <array>

namespace worker {
namespace {

struct Row {
    Reason reason;
    std::string_view name;
    Culprit culprit;
    std::string_view text;
};

constexpr std::array<Row, reason_count> rows{{
    {Reason::BadReference, "BadReference", Culprit::Renter,
     "the image must be named source/repository@sha256:digest; tags are not accepted"},
    {Reason::UnknownSource, "UnknownSource", Culprit::Renter, "this provider offers no image source of that name"},
    {Reason::SourceUnreachable, "SourceUnreachable", Culprit::Provider, "the image source does not answer"},
    {Reason::ImageNotFound, "ImageNotFound", Culprit::Renter, "the image source holds no image of this digest"},
    {Reason::ImageDigestMismatch, "ImageDigestMismatch", Culprit::Provider,
     "the image that the source sent does not match its digest"},
    {Reason::ImageTooLarge, "ImageTooLarge", Culprit::Renter, "the image exceeds the provider's bounds"},
    {Reason::BadImage, "BadImage", Culprit::Renter, "the image cannot be unpacked here"},
    {Reason::BadSpec, "BadSpec", Culprit::Renter, "the workload asks for something out of bounds"},
    {Reason::NoSuchGpu, "NoSuchGpu", Culprit::Provider, "the GPU is not available on this machine"},
    {Reason::NoFreePort, "NoFreePort", Culprit::Provider, "the machine has no free port to publish"},
    {Reason::NoRoom, "NoRoom", Culprit::Provider, "the machine has no room for another job"},
    {Reason::StartFailed, "StartFailed", Culprit::Renter, "the program could not be started"},
    {Reason::HostFault, "HostFault", Culprit::Provider, "the machine failed to set up the job"},
    {Reason::Exited, "Exited", Culprit::Nobody, "the program ended"},
    {Reason::Stopped, "Stopped", Culprit::Nobody, "the program was stopped on request"},
    {Reason::Timeout, "Timeout", Culprit::Renter, "the program ran past its deadline"},
    {Reason::OutOfMemory, "OutOfMemory", Culprit::Renter, "the program used more memory than its limit"},
    {Reason::DiskFull, "DiskFull", Culprit::Renter, "the program filled its disk"},
    {Reason::Lost, "Lost", Culprit::Provider, "the machine lost the job"},
}};

consteval bool rows_are_in_order() {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].reason != static_cast<Reason>(i)) return false;
    return true;
}
static_assert(rows_are_in_order());

const Row& row_of(Reason reason) {
    const auto index = static_cast<std::size_t>(reason);
    chain::check(index < rows.size());
    return rows[index];
}

}  // namespace

std::string_view text_of(Reason reason) { return row_of(reason).text; }
std::string_view name_of(Reason reason) { return row_of(reason).name; }
Culprit culprit_of(Reason reason) { return row_of(reason).culprit; }

std::optional<Reason> reason_from_name(std::string_view name) {
    const auto found = std::ranges::find(rows, name, &Row::name);
    if (found == rows.end()) return std::nullopt;
    return found->reason;
}

bool is_valid(const JobId& id) {
    const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !id.value.empty() && id.value.size() <= 48 && id.value.front() != '-' &&
           std::ranges::all_of(id.value, allowed);
}

}  // namespace worker
