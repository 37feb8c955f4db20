#pragma once
// Leases as people and programs see them.

#include "runtime/pallets/leases/leases.hpp"
#include "tools/cli/session.hpp"

#include <boost/json.hpp>

namespace cli {

struct LeaseFacts {
    leases::LeaseId id;
    leases::Lease lease;
};

/// By number: "17". Fault: no such lease, or its record is gone.
Result<LeaseFacts> find_lease(Session& session, std::uint64_t id);

boost::json::value as_json(const LeaseFacts& facts);

/// Where the money went, to the last unit: "paid = burned + to the owner + frontend + refunded". For an open lease what
/// has been settled so far, and what is still held.
std::string money_table(const LeaseFacts& facts);
boost::json::value money_json(const LeaseFacts& facts);

/// "Active", "Closed: Completed".
std::string state_text(const leases::Lease& lease);

}  // namespace cli
