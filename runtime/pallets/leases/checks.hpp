#pragma once
// What the calls of this pallet share; nobody else needs it.

#include "runtime/pallets/leases/closing.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/leases/quote.hpp"

namespace leases {

/// The error that `rent` and `extend` answer with where a quote would give this reason.
Error as_error(Refusal refusal);

/// The lease, if it is open: UnknownLease, LeaseClosed.
chain::Result<Lease, Error> open_lease(const state::StateView& state, LeaseId id);

/// The lease, if it runs and its time is not up: also LeaseNotActive, LeaseEnded.
chain::Result<Lease, Error> running_lease(const state::StateView& state, LeaseId id);

/// One lease fewer of this renter waits for its start.
void count_started(Context& context, const AccountId& renter);

/// What speaks against adding `added_ms` to a running lease at the machine's present card. On success the lease is
/// settled as far as it can be, its terms are extended, and the Result is what it then lacks. Run it where an error
/// rolls back.
chain::Result<Balance, Error> add_term(Context& context, LeaseId id, Lease& lease, std::uint64_t added_ms,
                                       Balance max_price);

}  // namespace leases
