#include "gpu-worker/host/calls.hpp"

#include "runtime/pallets/leases/running.hpp"
#include "runtime/pallets/machines/liveness.hpp"
#include "runtime/pallets/machines/probes.hpp"

namespace worker::calls {

chain::Bytes heartbeat(std::uint64_t interval, std::uint8_t utilisation_percent) {
    return frame::to_call(machines::Heartbeat{.interval = interval, .utilisation_percent = utilisation_percent})
        .encoded;
}

chain::Bytes answer_probe(const chain::Hash& answer) {
    return frame::to_call(machines::AnswerProbe{.answer = answer}).encoded;
}

chain::Bytes confirm_start(leases::LeaseId lease, const chain::Hash& start_proof) {
    return frame::to_call(leases::ConfirmStart{.lease = lease, .start_proof = start_proof}).encoded;
}

chain::Bytes reject_start(leases::LeaseId lease, leases::RejectReason reason) {
    return frame::to_call(leases::RejectStart{.lease = lease, .reason = reason}).encoded;
}

chain::Bytes report_exit(leases::LeaseId lease, std::int32_t code, const chain::Hash& output_root,
                         const leases::Usage& usage) {
    return frame::to_call(leases::ReportExit{.lease = lease, .code = code, .output_root = output_root, .usage = usage})
        .encoded;
}

}  // namespace worker::calls
