#pragma once
// Waiting for what the chain does with a lease.

#include "tools/cli/lease_view.hpp"

namespace CLI {
class App;
}

namespace cli {

struct WorkloadOptions;

/// Until the machine has confirmed. Fault: the lease closed instead; the text says why and whose fault it was.
Result<LeaseFacts> wait_until_started(Session& session, leases::LeaseId id);
/// Until the lease is closed and settled.
Result<LeaseFacts> wait_until_closed(Session& session, leases::LeaseId id);

/// --image, --env, --memory …, and the command after "--".
void add_workload_options(CLI::App& command, WorkloadOptions& options);

}  // namespace cli
