#include "tools/cli/waiting.hpp"

#include "tools/cli/words.hpp"

#include <chrono>
#include <thread>

namespace cli {

namespace {

using chain::fault;
using leases::CloseReason;
using leases::LeaseState;

constexpr std::chrono::milliseconds wait_poll{100};

/// Reads the lease until `done`. The chain's own deadlines end every state, so there is none here.
template <class Done>
Result<LeaseFacts> wait(Session& session, leases::LeaseId id, Done done) {
    for (;;) {
        TRY(LeaseFacts facts, find_lease(session, id.value));
        if (done(facts.lease)) return facts;
        std::this_thread::sleep_for(wait_poll);
    }
}

std::string explain(CloseReason reason) {
    switch (reason) {
        case CloseReason::StartRejected:
            return "the machine refused to start it: for an image that it cannot get or a workload beyond its limits "
                   "the order is at fault; the events of "
                   "the closing block and the worker's log name the reason";
        case CloseReason::StartTimeout: return "the machine did not start it in time; the deposit came back";
        case CloseReason::MachineOffline: return "the machine went away; what was not used came back, with a penalty";
        default: return "the lease ended before it started";
    }
}

}  // namespace

Result<LeaseFacts> wait_until_started(Session& session, leases::LeaseId id) {
    TRY(LeaseFacts facts,
        wait(session, id, [](const leases::Lease& lease) { return lease.state != LeaseState::Starting; }));
    // A short job may have ended between two looks: it did start.
    if (facts.lease.state == LeaseState::Closed && facts.lease.started_ms == 0 && facts.lease.closed)
        return fault("lease " + std::to_string(id.value) + " closed with " + word(facts.lease.closed->reason) + ": " +
                     explain(facts.lease.closed->reason));
    return facts;
}

Result<LeaseFacts> wait_until_closed(Session& session, leases::LeaseId id) {
    return wait(session, id,
                [](const leases::Lease& lease) { return lease.state == LeaseState::Closed && lease.closed; });
}

}  // namespace cli
