// Coming, changing and leaving: what only the owner may do.
#include "runtime/pallets/machines/registry.hpp"

#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/machines/access.hpp"
#include "runtime/pallets/machines/messages.hpp"
#include "runtime/pallets/system/accounts.hpp"

namespace machines {
namespace {

constexpr auto bond_reason = balances::HoldReason::MachineBond;

/// The owner's next signature number; it is used up.
std::uint32_t take_counter(Context& context, const AccountId& owner) {
    const std::uint32_t counter = storage.registrations.get(context.state, owner);
    storage.registrations.put(context.state, owner, counter + 1);
    return counter;
}

bool is_signed_by(const AccountId& signer, const Hash& digest, const crypto::Signature& signature) {
    const auto recovered = crypto::recover(digest, signature);
    return recovered && *recovered == signer;
}

Balance bond_for(const Parameters& parameters, std::uint8_t slots) {
    return parameters.bond_per_slot * slots;  // are_valid(Parameters) has bounded the product
}

/// Holds or returns the difference between two bonds.
DispatchResult change_bond(Context& context, const AccountId& owner, Balance from, Balance to) {
    if (from < to) return balances::hold(context, owner, bond_reason, to - from);
    return balances::release(context, owner, bond_reason, from - to);
}

/// The key's account lives without a balance from now on, and for good: were it forgotten, its nonce would start again
/// and everything it ever signed could be sent a second time.
void adopt_signer(Context& context, const AccountId& id, const AccountId& signer) {
    storage.machine_of_signer.put(context.state, signer, id);
    if (frame_system::account(context.state, signer).sufficients == 0) frame_system::inc_sufficients(context, signer);
}

DispatchResult check_card(const CardTerms& terms, DeviceClass device_class, const Parameters& parameters) {
    const auto error = card_error(terms, device_class, parameters);
    if (error) return std::unexpected{*error};
    return {};
}

Registration registration_of(const Context& context, const AccountId& machine, const AccountId& owner,
                             std::uint32_t counter, const Claims& claims) {
    return {.genesis = frame_system::genesis_hash(context.state),
            .machine = machine,
            .owner = owner,
            .counter = counter,
            .claims_hash = hash_of(claims)};
}

}  // namespace

DispatchResult RegisterMachine::operator()(Context& context) const {
    TRY(const AccountId owner, frame::ensure_signed(context));
    const Parameters parameters = storage.parameters.get(context.state);
    if (!are_valid(claims)) return std::unexpected{Error::BadClaims};
    const DeviceClass device_class = class_of(claims);
    TRY_VOID(check_card(price_card, device_class, parameters));
    const auto former = storage.machines.get(context.state, machine);
    if (former && former->state != MachineState::Exited) return std::unexpected{Error::AlreadyRegistered};
    if (storage.machine_of_signer.contains(context.state, machine)) return std::unexpected{Error::SignerInUse};

    Registration message = registration_of(context, machine, owner, take_counter(context, owner), claims);
    message.tls_key = tls_key;
    message.box_key = box_key;
    if (!is_signed_by(machine, registration_digest(message), machine_signature))
        return std::unexpected{Error::BadMachineSignature};

    const Balance bond = bond_for(parameters, claims.slots);
    TRY_VOID(balances::hold(context, owner, bond_reason, bond));
    if (former) storage.machines_of_owner.remove(context.state, former->owner, machine);
    storage.machines_of_owner.put(context.state, owner, machine, {});
    storage.claims.put(context.state, machine, claims);
    adopt_signer(context, machine, machine);
    // A card version never comes back: an order for a former life of this key must not fit the new one.
    const std::uint32_t version = former ? latest_version(*former) + 1 : 1;
    save(context, machine, former,
         {.owner = owner,
          .controller = owner,
          .receiver = owner,
          .keys = {.signer = machine, .tls_key = tls_key, .box_key = box_key},
          .state = MachineState::Bonded,
          .device_class = device_class,
          .slots = claims.slots,
          .bond = bond,
          .claims_hash = message.claims_hash,
          .card = {.version = version, .terms = price_card}});
    context.emit(Registered{
        .machine = machine, .owner = owner, .device_class = device_class, .slots = claims.slots, .bond = bond});
    return {};
}

DispatchResult RotateMachineKey::operator()(Context& context) const {
    TRY(const Machine before, owned_machine(context, machine));
    if (before.state == MachineState::Exited) return std::unexpected{Error::WrongState};
    if (storage.machine_of_signer.contains(context.state, keys.signer) ||
        (keys.signer != machine && storage.machines.contains(context.state, keys.signer)))
        return std::unexpected{Error::SignerInUse};
    const Rotation message{.genesis = frame_system::genesis_hash(context.state),
                           .machine = machine,
                           .new_signer = keys.signer,
                           .owner = before.owner,
                           .counter = take_counter(context, before.owner),
                           .tls_key = keys.tls_key,
                           .box_key = keys.box_key};
    if (!is_signed_by(keys.signer, rotation_digest(message), signature))
        return std::unexpected{Error::BadMachineSignature};

    adopt_signer(context, machine, keys.signer);
    storage.machine_of_signer.remove(context.state, before.keys.signer);
    Machine after = before;
    after.keys = keys;
    after.orders.frozen = false;
    save(context, machine, before, after);
    context.emit(SignerRotated{.machine = machine, .signer = keys.signer});
    return {};
}

DispatchResult Freeze::operator()(Context& context) const {
    TRY(const Machine before, owned_machine(context, machine));
    if (before.state == MachineState::Exited) return std::unexpected{Error::WrongState};
    if (before.orders.frozen) return std::unexpected{Error::AlreadyFrozen};
    Machine after = before;
    after.orders.frozen = true;
    save(context, machine, before, after);
    context.emit(Frozen{machine});
    return {};
}

DispatchResult Exit::operator()(Context& context) const {
    TRY(const Machine before, owned_machine(context, machine));
    if (before.orders.exiting || before.state >= MachineState::Unbonding) return std::unexpected{Error::AlreadyLeaving};
    if (before.state == MachineState::Jailed) return std::unexpected{Error::WrongState};
    Machine after = before;
    after.orders.exiting = true;
    if (before.occupied == 0) after.state = MachineState::Unbonding;
    else if (is_proven(before.state)) after.state = MachineState::Draining;
    forget_probe(context, machine, after);
    save(context, machine, before, after);
    return {};
}

DispatchResult ChangeHardware::operator()(Context& context) const {
    TRY(const Machine before, owned_machine(context, machine));
    if (before.orders.exiting || before.state >= MachineState::Jailed) return std::unexpected{Error::WrongState};
    if (before.occupied != 0) return std::unexpected{Error::HasLeases};
    if (before.orders.frozen) return std::unexpected{Error::MachineFrozen};
    if (!are_valid(claims)) return std::unexpected{Error::BadClaims};
    const Parameters parameters = storage.parameters.get(context.state);
    const std::uint64_t now = live_now(context.state);
    TRY_VOID(check_card(card_in_force(before, now).terms, class_of(claims), parameters));
    Registration message =
        registration_of(context, before.keys.signer, before.owner, take_counter(context, before.owner), claims);
    message.tls_key = tls_key;
    message.box_key = box_key;
    if (!is_signed_by(before.keys.signer, registration_digest(message), machine_signature))
        return std::unexpected{Error::BadMachineSignature};

    const Balance bond = bond_for(parameters, claims.slots);
    TRY_VOID(change_bond(context, before.owner, before.bond, bond));
    Machine after = before;
    leave_market(context, machine, after);
    after.state = MachineState::Bonded;
    after.device_class = class_of(claims);
    after.slots = claims.slots;
    after.bond = bond;
    after.claims_hash = message.claims_hash;
    after.keys.tls_key = tls_key;
    after.keys.box_key = box_key;
    after.maintenance.reset();
    after.orders.needs_probe = false;
    storage.claims.put(context.state, machine, claims);
    save(context, machine, before, after);
    context.emit(
        HardwareChanged{.machine = machine, .claims_hash = message.claims_hash, .slots = claims.slots, .bond = bond});
    return {};
}

void finish_exit(Context& context, const AccountId& id, Machine& machine) {
    chain::check(machine.state == MachineState::Unbonding && machine.occupied == 0);
    const auto returned = balances::release(context, machine.owner, bond_reason, machine.bond);
    chain::check(returned.has_value());
    storage.machine_of_signer.remove(context.state, machine.keys.signer);
    context.emit(BondReturned{.machine = id, .owner = machine.owner, .amount = machine.bond});
    machine.bond = 0;
    machine.state = MachineState::Exited;
    machine.orders = {};
}

}  // namespace machines
