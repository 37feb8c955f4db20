#pragma once
// How leases end: who may cause which reason, which reasons fine the owner, and the one function that ends a lease.

#include "runtime/frame/context.hpp"
#include "runtime/pallets/leases/records.hpp"

namespace leases {

/// On whose doing a lease ends.
enum class Cause : std::uint8_t {
    Time,    ///< its time, its money or its start deadline ran out
    Renter,  ///< the renter asked for it
    Worker,  ///< the machine's key said so
    Owner,   ///< the machine went away: silence, or maintenance that was announced
};

/// The table: each reason has its causes, and nobody else can bring it about. Reasons of later market forms have none.
constexpr bool may_cause(Cause cause, CloseReason reason) {
    switch (reason) {
        case CloseReason::Expired:
        case CloseReason::OutOfFunds:
        case CloseReason::StartTimeout: return cause == Cause::Time;
        case CloseReason::EndedByRenter: return cause == Cause::Renter;
        case CloseReason::StartRejected:
        case CloseReason::Completed:
        case CloseReason::WorkloadFailed: return cause == Cause::Worker;
        case CloseReason::MachineOffline: return cause == Cause::Owner;
        case CloseReason::Reclaimed:
        case CloseReason::Outbid:
        case CloseReason::Disputed:
        case CloseReason::Evicted: return false;
    }
    return false;
}

/// Whether the owner owes a penalty: wherever a lease ends early and the owner could have brought that about. A report
/// of a job's end is not among them, because only jobs that asked to end with their command can end so.
constexpr bool carries_penalty(CloseReason reason) {
    return reason == CloseReason::StartTimeout || reason == CloseReason::StartRejected ||
           reason == CloseReason::MachineOffline || reason == CloseReason::Evicted;
}

/// The moment up to which rent is owed if a lease ends at `at_ms`: a machine that is silent or gone earns nothing after
/// its last sign of life.
std::uint64_t rent_ends_ms(const machines::Machine& machine, std::uint64_t at_ms);

/// What the machine's reasons for not starting cost the renter: nothing, or rent for some time where the order itself
/// was at fault. All of it is burned, so that no machine gains by finding fault with orders.
enum class StartFault : std::uint8_t { None, Renters };

/// Ends an open lease: pays what is earned up to `at_ms`, takes the penalty, refunds the rest, frees the slots. The
/// record stays readable for the parameters' time.
void close(frame::Context& context, LeaseId id, Lease lease, Cause cause, CloseReason reason, std::uint64_t at_ms,
           StartFault fault = StartFault::None);

/// Pays out what is earned and old enough not to be withheld. Returns whether that was anything. The caller saves.
bool settle(frame::Context& context, LeaseId id, Lease& lease);

}  // namespace leases
