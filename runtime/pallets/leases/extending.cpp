// More time and more money for a lease that exists.
#include "runtime/pallets/leases/extending.hpp"

#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/checks.hpp"
#include "runtime/pallets/leases/terms.hpp"
#include "runtime/pallets/machines/machines.hpp"

#include <algorithm>
#include <utility>

namespace leases {
namespace {

bool is_renter_or_sponsor(const Lease& lease, const AccountId& who) {
    return who == lease.renter || who == lease.sponsor;
}

escrow::Place place_of(const Lease& lease, const AccountId& payer) {
    return is_renter_or_sponsor(lease, payer) ? escrow::Place::Reserved : escrow::Place::Free;
}

/// What a lease lacks to run to its agreed end.
Balance lacking(const state::StateView& state, LeaseId id, const Lease& lease) {
    const auto& terms = lease.terms.value;
    const Balance cost = earned(terms, slot_count(lease), lease.settled_ms, duration_ms(terms));
    return chain::saturating_sub(cost, escrow::money_of(state, id));
}

/// The refusals that concern a lease which has its slots already.
std::optional<Error> extension_error(const machines::Machine& machine, std::uint64_t now, std::uint64_t left_ms,
                                     std::uint64_t end_ms) {
    for (const Refusal refusal : refusals(machine, 1, left_ms, now, end_ms))
        if (refusal != Refusal::NotEnoughSlots && refusal != Refusal::DurationTooShort) return as_error(refusal);
    return std::nullopt;
}

bool are_valid(const AutoExtendRules& rules, std::uint64_t step_ms_max) {
    return rules.step_ms >= constants.auto_extend_step_ms_min && rules.step_ms <= step_ms_max && rules.max_price != 0 &&
           rules.total != 0;
}

bool are_same_terms(const Term& a, const Term& b) {
    return a.slot_hour == b.slot_hour && a.burn_ppm == b.burn_ppm && a.frontend_ppm == b.frontend_ppm;
}

}  // namespace

chain::Result<Balance, Error> add_term(Context& context, LeaseId id, Lease& lease, std::uint64_t added_ms,
                                       Balance max_price) {
    const auto machine = machines::storage.machines.get(context.state, lease.machine);
    chain::check(machine.has_value());
    const std::uint64_t now = machines::live_now(context.state);
    // What is past and need not be withheld is paid by those who have paid in so far.
    settle(context, id, lease);
    auto& terms = lease.terms.value;
    const auto until = chain::checked_add(duration_ms(terms), added_ms);
    const auto end = until ? chain::checked_add(lease.started_ms, *until) : std::nullopt;
    if (!end) return std::unexpected{Error::Overflow};
    if (added_ms == 0 || *end <= now) return std::unexpected{Error::DurationTooShort};
    if (const auto error = extension_error(*machine, now, *end - now, *end)) return std::unexpected{*error};
    const machines::PriceCard& card = card_in_force(*machine, now);
    if (card.terms.slot_hour > max_price) return std::unexpected{Error::PriceTooHigh};

    const Term term{.until_ms = *until,
                    .slot_hour = card.terms.slot_hour,
                    .burn_ppm = escrow::present_burn_ppm(context.state),
                    .frontend_ppm = lease.frontend ? card.terms.frontend_share_ppm : 0,
                    .card_version = card.version};
    if (are_same_terms(terms.back(), term)) terms.back() = term;
    else if (terms.size() < terms_max) terms.push_back(term);
    else return std::unexpected{Error::TooManyTerms};
    return lacking(context.state, id, lease);
}

DispatchResult Extend::operator()(Context& context) const {
    TRY(const AccountId payer, frame::ensure_signed(context));
    TRY(Lease extended, running_lease(context.state, lease));
    if (!is_renter_or_sponsor(extended, payer)) return std::unexpected{Error::NotRenterOrSponsor};
    const std::uint64_t settled_before_ms = extended.settled_ms;
    TRY(const Balance cost, add_term(context, lease, extended, added_ms, max_price));
    if (extended.settled_ms == settled_before_ms) context.unused = weights::settle;
    if (extended.terms.value.back().card_version != card_version) return std::unexpected{Error::CardVersionChanged};

    TRY_VOID(escrow::put_in(context, lease, payer, cost, escrow::Place::Reserved));
    extended.ledger.deposited += cost;
    const std::uint64_t end = ends_ms(context.state, lease, extended);
    save(context, lease, extended, extended.due_ms, end);
    context.emit(LeaseExtended{.lease = lease, .term = extended.terms.value.back(), .ends_ms = end});
    return {};
}

DispatchResult SetAutoExtend::operator()(Context& context) const {
    TRY(const AccountId payer, frame::ensure_signed(context));
    TRY(Lease changed, open_lease(context.state, lease));
    if (!is_renter_or_sponsor(changed, payer)) return std::unexpected{Error::NotRenterOrSponsor};
    if (!rules && !changed.auto_extend) return std::unexpected{Error::NoAutoExtend};
    if (rules && !are_valid(*rules, machines::storage.parameters.get(context.state).duration_max_ms))
        return std::unexpected{Error::BadAutoExtend};

    const auto before = std::exchange(changed.auto_extend, std::nullopt);
    if (rules)
        changed.auto_extend = AutoExtend{
            .payer = payer, .max_slot_hour = rules->max_price, .left = rules->total, .step_ms = rules->step_ms};
    if (changed.auto_extend == before) return std::unexpected{Error::NothingChanges};
    save(context, lease, changed, changed.due_ms, changed.due_ms);
    context.emit(AutoExtendSet{.lease = lease, .rules = changed.auto_extend});
    return {};
}

DispatchResult TopUp::operator()(Context& context) const {
    TRY(const AccountId payer, frame::ensure_signed(context));
    TRY(Lease funded, open_lease(context.state, lease));
    const bool is_active = funded.state == LeaseState::Active;
    if (is_active && machines::live_now(context.state) >= funded.due_ms) return std::unexpected{Error::LeaseEnded};
    const Balance lacks = lacking(context.state, lease, funded);
    if (lacks == 0) return std::unexpected{Error::FullyFunded};
    const Parameters parameters = storage.parameters.get(context.state);
    const auto least = escrow::rent(funded.terms.value.back().slot_hour, slot_count(funded), parameters.top_up_min_ms);
    if (amount < std::min(lacks, least.value_or(lacks))) return std::unexpected{Error::TopUpTooSmall};

    // What is past and need not be withheld is paid by those who have paid in so far.
    if (!is_active || !settle(context, lease, funded)) context.unused = weights::settle;
    const Balance added = std::min(amount, lacks);
    TRY_VOID(escrow::put_in(context, lease, payer, added, place_of(funded, payer)));
    funded.ledger.deposited += added;
    const std::uint64_t due = is_active ? ends_ms(context.state, lease, funded) : funded.due_ms;
    save(context, lease, funded, funded.due_ms, due);
    context.emit(ToppedUp{.lease = lease, .payer = payer, .amount = added, .ends_ms = due});
    return {};
}

DispatchResult Settle::operator()(Context& context) const {
    TRY_VOID(frame::ensure_signed(context));
    TRY(Lease settled, running_lease(context.state, lease));
    if (!settle(context, lease, settled)) return std::unexpected{Error::NothingToSettle};
    save(context, lease, settled, settled.due_ms, settled.due_ms);
    return {};
}

}  // namespace leases
