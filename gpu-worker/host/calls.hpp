#pragma once
// The machine's calls, encoded: pallet, call, arguments.

#include "runtime/pallets/leases/records.hpp"

#include <cstdint>

namespace worker::calls {

chain::Bytes heartbeat(std::uint64_t interval, std::uint8_t utilisation_percent);
chain::Bytes answer_probe(const chain::Hash& answer);
chain::Bytes confirm_start(leases::LeaseId lease, const chain::Hash& start_proof);
chain::Bytes reject_start(leases::LeaseId lease, leases::RejectReason reason);
chain::Bytes report_exit(leases::LeaseId lease, std::int32_t code, const chain::Hash& output_root,
                         const leases::Usage& usage);

}  // namespace worker::calls
