#include "runtime/pallets/leases/checks.hpp"

#include "runtime/pallets/machines/machines.hpp"

namespace leases {

Error as_error(Refusal refusal) {
    switch (refusal) {
        case Refusal::NotOnline: return Error::MachineNotOnline;
        case Refusal::Silent: return Error::MachineSilent;
        case Refusal::Frozen: return Error::MachineFrozen;
        case Refusal::NeedsProbe: return Error::MachineNeedsProbe;
        case Refusal::NotEnoughSlots: return Error::NotEnoughSlots;
        case Refusal::DurationTooShort: return Error::DurationTooShort;
        case Refusal::DurationTooLong: return Error::DurationTooLong;
        case Refusal::MaintenanceAhead: return Error::MaintenanceAhead;
        case Refusal::PriceTooHigh: return Error::PriceTooHigh;
        case Refusal::OtherClass:
        case Refusal::TooLittleMemory:
        case Refusal::OtherRegion: break;  // filters of quotes: a rent names its machine
    }
    std::unreachable();
}

chain::Result<Lease, Error> open_lease(const state::StateView& state, LeaseId id) {
    auto lease = storage.leases.get(state, id);
    if (!lease) return std::unexpected{Error::UnknownLease};
    if (lease->state == LeaseState::Closed) return std::unexpected{Error::LeaseClosed};
    return *std::move(lease);
}

chain::Result<Lease, Error> running_lease(const state::StateView& state, LeaseId id) {
    TRY(Lease lease, open_lease(state, id));
    if (lease.state != LeaseState::Active) return std::unexpected{Error::LeaseNotActive};
    if (machines::live_now(state) >= lease.due_ms) return std::unexpected{Error::LeaseEnded};
    return lease;
}

}  // namespace leases
