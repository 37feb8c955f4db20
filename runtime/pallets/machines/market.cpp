// What a machine asks and who decides about it.
#include "runtime/pallets/machines/market.hpp"

#include "runtime/pallets/machines/access.hpp"

#include <algorithm>

namespace machines {

chain::Result<Machine, frame::DispatchError> owned_machine(const Context& context, const AccountId& id) {
    TRY(const AccountId caller, frame::ensure_signed(context));
    auto machine = storage.machines.get(context.state, id);
    if (!machine) return std::unexpected{Error::UnknownMachine};
    if (machine->owner != caller) return std::unexpected{Error::NotOwner};
    return *std::move(machine);
}

chain::Result<Machine, frame::DispatchError> controlled_machine(const Context& context, const AccountId& id) {
    TRY(const AccountId caller, frame::ensure_signed(context));
    auto machine = storage.machines.get(context.state, id);
    if (!machine) return std::unexpected{Error::UnknownMachine};
    if (machine->owner != caller && machine->controller != caller) return std::unexpected{Error::NotController};
    return *std::move(machine);
}

std::optional<Error> card_error(const CardTerms& terms, DeviceClass device_class, const Parameters& parameters) {
    if (are_valid(terms, device_class, parameters)) return std::nullopt;
    const Balance least =
        device_class == DeviceClass::Gpu ? parameters.gpu_slot_hour_min : parameters.cpu_slot_hour_min;
    if (terms.slot_hour < least || terms.slot_hour > parameters.slot_hour_max) return Error::PriceOutOfRange;
    if (terms.frontend_share_ppm > parameters.frontend_share_max_ppm) return Error::FrontendShareTooHigh;
    return Error::DurationOutOfRange;
}

std::uint32_t latest_version(const Machine& machine) {
    return machine.next_card ? std::max(machine.card.version, machine.next_card->card.version) : machine.card.version;
}

DispatchResult SetPriceCard::operator()(Context& context) const {
    TRY(const Machine before, controlled_machine(context, machine));
    if (before.state >= MachineState::Unbonding) return std::unexpected{Error::WrongState};
    const Parameters parameters = storage.parameters.get(context.state);
    if (const auto error = card_error(terms, before.device_class, parameters)) return std::unexpected{*error};
    const std::uint64_t now = live_now(context.state);
    const PriceCard present = card_in_force(before, now);
    const bool waits = before.next_card && now < before.next_card->from_ms;
    // What is said again would else begin its minute anew.
    if ((waits ? before.next_card->card.terms : present.terms) == terms) return std::unexpected{Error::NothingChanges};
    if (latest_version(before) == ~std::uint32_t{0}) return std::unexpected{Error::Overflow};

    const PriceCard card{.version = latest_version(before) + 1, .terms = terms};
    const bool raise = terms.slot_hour > present.terms.slot_hour;
    const std::uint64_t from = raise ? now + parameters.price_raise_delay_ms : now;
    Machine after = before;
    after.card = raise ? present : card;
    after.next_card = raise ? std::optional{NextCard{.from_ms = from, .card = card}} : std::nullopt;
    save(context, machine, before, after);
    context.emit(PriceCardSet{.machine = machine, .card = card, .from_ms = from});
    return {};
}

DispatchResult SetReceiver::operator()(Context& context) const {
    TRY(const Machine before, owned_machine(context, machine));
    if (before.state == MachineState::Exited) return std::unexpected{Error::WrongState};
    if (receiver == AccountId{}) return std::unexpected{Error::NobodysAccount};
    if (receiver == before.receiver) return std::unexpected{Error::NothingChanges};
    Machine after = before;
    after.receiver = receiver;
    save(context, machine, before, after);
    context.emit(ReceiverSet{.machine = machine, .receiver = receiver});
    return {};
}

DispatchResult SetController::operator()(Context& context) const {
    TRY(const Machine before, owned_machine(context, machine));
    if (before.state == MachineState::Exited) return std::unexpected{Error::WrongState};
    if (controller == AccountId{}) return std::unexpected{Error::NobodysAccount};
    if (controller == before.controller) return std::unexpected{Error::NothingChanges};
    Machine after = before;
    after.controller = controller;
    save(context, machine, before, after);
    context.emit(ControllerSet{.machine = machine, .controller = controller});
    return {};
}

DispatchResult AnnounceMaintenance::operator()(Context& context) const {
    TRY(const Machine before, controlled_machine(context, machine));
    if (!is_proven(before.state) || before.orders.exiting) return std::unexpected{Error::WrongState};
    if (!window && !before.maintenance) return std::unexpected{Error::NoMaintenance};
    if (window && (window->from_ms < live_now(context.state) || window->to_ms <= window->from_ms))
        return std::unexpected{Error::BadMaintenance};
    if (window && window == before.maintenance) return std::unexpected{Error::NothingChanges};

    Machine after = before;
    after.maintenance = window;
    if (window) after.state = MachineState::Draining;
    else after.state = before.heartbeat.missing ? MachineState::Degraded : MachineState::Online;
    save(context, machine, before, after);
    context.emit(MaintenanceAnnounced{.machine = machine, .window = window});
    return {};
}

DispatchResult SetAuditors::operator()(Context& context) const {
    TRY_VOID(frame::ensure_root(context));
    auto sorted = auditors.value;
    std::ranges::sort(sorted);
    if (std::ranges::adjacent_find(sorted) != sorted.end()) return std::unexpected{Error::DuplicateAuditor};
    if (!sorted.empty() && sorted.front() == AccountId{}) return std::unexpected{Error::NobodysAccount};
    if (auditors.value == storage.auditors.get(context.state).value) return std::unexpected{Error::NothingChanges};
    storage.auditors.put(context.state, auditors);
    context.emit(AuditorsSet{auditors});
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

}  // namespace machines
