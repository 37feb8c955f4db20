// The beginning and the end of a lease: what the machine says, what the renter says.
#include "runtime/pallets/leases/running.hpp"

#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/checks.hpp"
#include "runtime/pallets/machines/machines.hpp"

namespace leases {
namespace {

using machines::not_due;
using machines::Undue;

/// A lease of the machine that the signer speaks for, in the state that a machine call needs. The pool, the block
/// builder and the call itself ask this one function, so that what is free surely does something.
struct MachinesLease {
    AccountId machine;
    Lease lease;
};

chain::Result<MachinesLease, Error> find(const state::StateView& state, const AccountId& machine, LeaseId id,
                                         LeaseState wanted) {
    TRY(Lease lease, open_lease(state, id));
    if (lease.machine != machine) return std::unexpected{Error::NotThisMachine};
    if (lease.state != wanted)
        return std::unexpected{wanted == LeaseState::Starting ? Error::LeaseNotStarting : Error::LeaseNotActive};
    if (machines::live_now(state) >= lease.due_ms)
        return std::unexpected{wanted == LeaseState::Starting ? Error::LeaseNotStarting : Error::LeaseEnded};
    if (!machines::is_proven(machines::storage.machines.get(state, machine)->state))
        return std::unexpected{Error::MachineNotOnline};
    return MachinesLease{.machine = machine, .lease = std::move(lease)};
}

chain::Result<MachinesLease, Error> find_job(const state::StateView& state, const AccountId& machine, LeaseId id) {
    TRY(MachinesLease found, find(state, machine, id, LeaseState::Active));
    if (!runs_to_completion(found.lease.restart)) return std::unexpected{Error::NotAJob};
    return found;
}

Undue as_undue(Error error) {
    switch (error) {
        case Error::LeaseNotStarting: return Undue::LeaseNotStarting;
        case Error::LeaseNotActive:
        case Error::LeaseEnded: return Undue::LeaseNotActive;
        case Error::MachineNotOnline: return Undue::WrongState;
        case Error::NotAJob: return Undue::NotAJob;
        default: return Undue::NoSuchLease;
    }
}

chain::Result<void, frame::NotDue> as_due(const chain::Result<MachinesLease, Error>& found) {
    if (!found) return not_due(as_undue(found.error()));
    return {};
}

}  // namespace

chain::Result<void, frame::NotDue> ConfirmStart::check_due(const state::StateView& state,
                                                           const AccountId& signer) const {
    TRY(const AccountId id, machines::due_machine(state, signer));
    return as_due(find(state, id, lease, LeaseState::Starting));
}

DispatchResult ConfirmStart::operator()(Context& context) const {
    TRY(const AccountId signer, frame::ensure_signed(context));
    TRY(const AccountId id, machines::machine_of_signer(context.state, signer));
    TRY(MachinesLease found, find(context.state, id, lease, LeaseState::Starting));
    const std::uint64_t now = machines::live_now(context.state);

    Lease& started = found.lease;
    started.state = LeaseState::Active;
    started.started_ms = now;
    started.start_proof = start_proof;
    const std::uint64_t end = ends_ms(context.state, lease, started);
    save(context, lease, started, started.due_ms, end);
    count_started(context, started.renter);

    const auto before = machines::storage.machines.get(context.state, id);
    machines::Machine machine = *before;
    machine.standing.started = chain::saturating_add<std::uint32_t>(machine.standing.started, 1);
    machine.heartbeat.at_ms = now;  // a sign of life; the interval's heartbeat is still owed
    machines::save(context, id, before, machine);
    context.emit(
        LeaseStarted{.lease = lease, .machine = id, .start_proof = start_proof, .started_ms = now, .ends_ms = end});
    return {};
}

chain::Result<void, frame::NotDue> RejectStart::check_due(const state::StateView& state,
                                                          const AccountId& signer) const {
    TRY(const AccountId id, machines::due_machine(state, signer));
    return as_due(find(state, id, lease, LeaseState::Starting));
}

DispatchResult RejectStart::operator()(Context& context) const {
    TRY(const AccountId signer, frame::ensure_signed(context));
    TRY(const AccountId id, machines::machine_of_signer(context.state, signer));
    TRY(const MachinesLease found, find(context.state, id, lease, LeaseState::Starting));
    context.emit(StartRefused{.lease = lease, .machine = id, .reason = reason});
    close(context, lease, found.lease, Cause::Worker, CloseReason::StartRejected, machines::live_now(context.state),
          is_renters_fault(reason) ? StartFault::Renters : StartFault::None);
    return {};
}

chain::Result<void, frame::NotDue> ReportExit::check_due(const state::StateView& state, const AccountId& signer) const {
    TRY(const AccountId id, machines::due_machine(state, signer));
    return as_due(find_job(state, id, lease));
}

DispatchResult ReportExit::operator()(Context& context) const {
    TRY(const AccountId signer, frame::ensure_signed(context));
    TRY(const AccountId id, machines::machine_of_signer(context.state, signer));
    TRY(const MachinesLease found, find_job(context.state, id, lease));
    context.emit(JobReported{.lease = lease, .code = code, .output_root = output_root, .usage = usage});
    close(context, lease, found.lease, Cause::Worker, code == 0 ? CloseReason::Completed : CloseReason::WorkloadFailed,
          machines::live_now(context.state));
    return {};
}

DispatchResult EndLease::operator()(Context& context) const {
    TRY(const AccountId caller, frame::ensure_signed(context));
    TRY(const Lease ended, open_lease(context.state, lease));
    if (ended.renter != caller) return std::unexpected{Error::NotRenter};
    const std::uint64_t now = machines::live_now(context.state);
    if (now >= ended.due_ms) return std::unexpected{Error::LeaseEnded};
    close(context, lease, ended, Cause::Renter, CloseReason::EndedByRenter, now);
    return {};
}

DispatchResult SetParameters::operator()(Context& context) const {
    TRY_VOID(frame::ensure_root(context));
    if (!are_valid(parameters)) return std::unexpected{Error::BadParameters};
    if (parameters == storage.parameters.get(context.state)) return std::unexpected{Error::NothingChanges};
    storage.parameters.put(context.state, parameters);
    context.emit(ParametersSet{parameters});
    return {};
}

}  // namespace leases
