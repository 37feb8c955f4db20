#pragma once
// What the calls of this pallet share; nobody else needs it.

#include "runtime/pallets/machines/machines.hpp"

namespace machines {

/// The machine, if the signer owns it: BadOrigin, UnknownMachine, NotOwner.
chain::Result<Machine, frame::DispatchError> owned_machine(const Context& context, const AccountId& id);

/// The machine, if the signer owns or controls it: BadOrigin, UnknownMachine, NotController.
chain::Result<Machine, frame::DispatchError> controlled_machine(const Context& context, const AccountId& id);

/// What is wrong with the terms; nothing if they are in order.
std::optional<Error> card_error(const CardTerms& terms, DeviceClass device_class, const Parameters& parameters);

/// The highest card version that this machine ever had.
std::uint32_t latest_version(const Machine& machine);

/// Drops the open probe, if there is one.
void forget_probe(Context& context, const AccountId& id, Machine& machine);

/// What a machine that is not proven any more leaves behind: silence that counted, an open probe.
void leave_market(Context& context, const AccountId& id, Machine& machine);

/// Ends the open probe as failed: back to Bonded, with a growing back-off.
void fail_probe(Context& context, const AccountId& id, Machine& machine, ProbeFailure reason);

/// Returns the bond of a machine whose unbonding time is over.
void finish_exit(Context& context, const AccountId& id, Machine& machine);

}  // namespace machines
