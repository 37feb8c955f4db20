#pragma once
// The renter at the machine's door: requests signed for one lease, TLS pinned to the key that the chain names.

#include "rpc/worker_api/door_client.hpp"
#include "tools/cli/lease_view.hpp"

#include <memory>
#include <string>

namespace cli {

/// `endpoint`: host:port, or empty for the one that the machine claims on the chain.
Result<std::unique_ptr<rpc::worker_api::DoorClient>> open_door(Session& session, const LeaseFacts& lease,
                                                               const crypto::SecretKey& renter,
                                                               const std::string& endpoint);

/// The workload's output to this program's: its standard output to ours, the rest to standard error. Waits for a
/// workload that has not started, and goes on after a broken connection. With `follow` until the workload has ended.
Result<void> stream_logs(rpc::worker_api::DoorClient& door, bool follow);

/// Downloads and unpacks the results below `folder`, and compares them with the root that the worker names.
Result<std::uint32_t> download_results(Session& session, rpc::worker_api::DoorClient& door, const std::string& folder);

}  // namespace cli
