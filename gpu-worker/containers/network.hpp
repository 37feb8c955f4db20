#pragma once
// A job's network: a link to the host only when it has a port to publish or may reach the Internet, and packet filter
// rules that allow exactly that. All names follow from the job's slot; the rules are one nftables table, so that a
// single delete takes them away. The link goes with the job's network namespace.

#include "gpu-worker/containers/containers.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace worker {

struct JobNetwork {
    std::uint32_t slot = 0;
    std::vector<PublishedPort> ports;
    NetworkPolicy policy = NetworkPolicy::Isolated;
};

/// False: loopback is all that the job has.
bool needs_link(const JobNetwork& network);

std::string link_name(std::uint32_t slot);   // on the host: "tephra17"
std::string table_name(std::uint32_t slot);  // "tephra_17"
std::string host_address(
    std::uint32_t slot);  // the host's end, of a /30 in 100.127.240.0/20 (carrier range: never routed)
std::string job_address(std::uint32_t slot);

/// The whole table, for `nft -f -`. It replaces an older one of its name.
std::string filter_rules(const JobNetwork& network);

/// Rules and link for the job whose first process is `pid`. On a fault nothing stays.
Result<void> connect_job(const JobNetwork& network, pid_t pid);

/// Takes away the table and, where the namespace outlived the job, the link. No fault where there is nothing.
Result<void> disconnect_job(std::uint32_t slot);

}  // namespace worker
