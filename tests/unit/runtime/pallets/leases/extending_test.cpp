#include "runtime/pallets/leases/extending.hpp"

#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/renting.hpp"
#include "runtime/pallets/leases/running.hpp"
#include "runtime/pallets/machines/market.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using leases::CloseReason;
using leases::Error;

namespace {

leases::Extend more(leases::LeaseId id, std::uint64_t ms, std::uint32_t version = 1) {
    return {.lease = id, .added_ms = ms, .max_price = 10 * tph, .card_version = version};
}

}  // namespace

TEST_CASE("an extension costs the present card, for the added time only") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.duration_ms = hour_ms});
    auto cheaper = usual_terms();
    cheaper.slot_hour = 4 * tph;
    REQUIRE(chain.apply(alice, machines::SetPriceCard{rig.id(), cheaper}).ok());
    CHECK(chain.apply(bob, more(id, hour_ms, 1)) == Error::CardVersionChanged);
    const Balance before = chain.free(bob);
    REQUIRE(chain.apply(bob, more(id, hour_ms, 2)).ok());
    CHECK(before - chain.free(bob) == 4 * tph);
    rig.live(2 * hour_ms);
    chain.next_block();
    const auto lease = lease_of(chain, id);
    CHECK(lease.closed->reason == CloseReason::Expired);
    CHECK(lease.closed->at_ms == lease.started_ms + 2 * hour_ms);
    CHECK(lease.ledger.burned + lease.ledger.owner == 14 * tph);
}

TEST_CASE("every argument of extend has its own refusal") {
    Chain chain{compute_world()};
    Rig rig{chain, alice};
    const auto starting = rig.rent(bob);
    CHECK(chain.apply(bob, more(starting, hour_ms)) == Error::LeaseNotActive);
    const auto id = rig.rent_started(bob);
    const auto refused = [&](const AccountId& who, const leases::Extend& call, auto error) {
        const auto before = chain.fingerprint();
        CHECK(chain.apply(who, call) == error);
        CHECK(chain.fingerprint() == before);
    };
    refused(bob, more({99}, hour_ms), Error::UnknownLease);
    refused(carol, more(id, hour_ms), Error::NotRenterOrSponsor);
    refused(alice, more(id, hour_ms), Error::NotRenterOrSponsor);
    refused(bob, more(id, 0), Error::DurationTooShort);
    refused(bob, more(id, ~0ULL), Error::Overflow);
    refused(bob, more(id, day_ms), Error::DurationTooLong);
    refused(bob, more(id, hour_ms, 0), Error::CardVersionChanged);
    refused(bob, {.lease = id, .added_ms = hour_ms, .max_price = 0, .card_version = 1}, Error::PriceTooHigh);
    REQUIRE(chain
                .apply(alice,
                       machines::AnnounceMaintenance{rig.id(),
                                                     {{chain.live_ms() + 2 * hour_ms, chain.live_ms() + 3 * hour_ms}}})
                .ok());
    refused(bob, more(id, hour_ms + 1), Error::MaintenanceAhead);
    CHECK(chain.apply(bob, more(id, hour_ms)).ok());
    chain.advance(2 * minute_ms + second_ms);
    refused(bob, more(id, minute_ms), Error::MachineSilent);
}

TEST_CASE("terms change a bounded number of times") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.duration_ms = hour_ms});
    REQUIRE(chain.apply(bob, more(id, hour_ms)).ok());
    CHECK(lease_of(chain, id).terms.value.size() == 1);  // the same terms are one stretch
    auto terms = usual_terms();
    for (std::uint32_t i = 1; i < leases::terms_max; ++i) {
        terms.slot_hour -= tph / 10;
        REQUIRE(chain.apply(alice, machines::SetPriceCard{rig.id(), terms}).ok());
        REQUIRE(chain.apply(bob, more(id, minute_ms, i + 1)).ok());
    }
    terms.slot_hour -= tph / 10;
    REQUIRE(chain.apply(alice, machines::SetPriceCard{rig.id(), terms}).ok());
    CHECK(chain.apply(bob, more(id, minute_ms, leases::terms_max + 1)) == Error::TooManyTerms);
    chain.next_block();
}

TEST_CASE("a lease with less money ends when it is used up, unless somebody adds more") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto poor = rig.rent_started(bob, {.duration_ms = 2 * hour_ms, .deposit = 5 * tph});
    const auto helped = rig.rent_started(bob, {.duration_ms = 2 * hour_ms, .deposit = 5 * tph});
    const auto top_up = [&](const AccountId& who, leases::LeaseId id, Balance amount) {
        return chain.apply(who, leases::TopUp{id, amount});
    };
    CHECK(top_up(carol, {99}, tph) == Error::UnknownLease);
    CHECK(top_up(carol, helped, 0) == Error::TopUpTooSmall);
    CHECK(top_up(carol, helped, 10 * tph / 60 - 1) == Error::TopUpTooSmall);
    REQUIRE(top_up(carol, helped, 5 * tph).ok());
    const Balance before = chain.free(dave);
    REQUIRE(top_up(dave, helped, chain::u128_max).ok());
    CHECK(before - chain.free(dave) == 10 * tph);  // what is lacking, and no more
    CHECK(top_up(dave, helped, tph) == Error::FullyFunded);

    rig.live(hour_ms);
    CHECK(lease_of(chain, poor).closed->reason == CloseReason::OutOfFunds);
    CHECK(lease_of(chain, poor).closed->at_ms == lease_of(chain, poor).started_ms + hour_ms / 2);
    CHECK(top_up(carol, poor, tph) == Error::LeaseClosed);
    REQUIRE(chain.apply(bob, leases::EndLease{helped}).ok());
    CHECK(before - chain.free(dave) == 5 * tph);  // each has paid half: 5 : 5 : 10 went in, half was used
    chain.next_block();
}

// ⚔ Crowder: fills the list of depositors with dust so that renter and sponsor can add nothing.
TEST_CASE("a crowder cannot keep the renter from his own lease") {
    auto world = compute_world();
    for (std::uint32_t i = 0; i < 20; ++i) world.accounts.emplace_back(account(1'000 + i), 1'000 * tph);
    Chain chain{world};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const leases::Allowance allowance{
        .left = 50 * tph, .per_lease = 50 * tph, .hour_max = 50 * tph, .expires_ms = day_ms};
    REQUIRE(chain.apply(carol, leases::SetAllowance{bob, allowance}).ok());
    const auto id = rig.rent_started(bob, {.duration_ms = 10 * hour_ms, .sponsor = carol, .deposit = 5 * tph});
    int crowded = 0;
    for (std::uint32_t i = 0; i < 20; ++i)
        crowded += chain.apply(account(1'000 + i), leases::TopUp{id, tph}) == escrow::Error::TooManyDepositors;
    CHECK(crowded == 7);
    CHECK(chain.apply(bob, leases::TopUp{id, tph}).ok());
    CHECK(chain.apply(carol, leases::TopUp{id, tph}).ok());
    CHECK(chain.apply(bob, leases::EndLease{id}).ok());
    chain.next_block();
    CHECK(escrow::money_of(chain.state(), id) == 0);
}

TEST_CASE("a lease is extended by itself while its rules hold, then ends") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.duration_ms = 10 * minute_ms});
    const auto set = [&](const AccountId& who, std::optional<leases::AutoExtendRules> rules) {
        return chain.apply(who, leases::SetAutoExtend{id, rules});
    };
    const leases::AutoExtendRules rules{.max_price = 10 * tph, .total = 4 * tph, .step_ms = 10 * minute_ms};
    CHECK(set(bob, std::nullopt) == Error::NoAutoExtend);
    CHECK(set(carol, rules) == Error::NotRenterOrSponsor);
    CHECK(set(bob, {{.max_price = 0, .total = 1, .step_ms = hour_ms}}) == Error::BadAutoExtend);
    CHECK(set(bob, {{.max_price = 1, .total = 0, .step_ms = hour_ms}}) == Error::BadAutoExtend);
    CHECK(set(bob, {{.max_price = 1, .total = 1, .step_ms = 0}}) == Error::BadAutoExtend);
    CHECK(set(bob, {{.max_price = 1, .total = 1, .step_ms = minute_ms - 1}}) == Error::BadAutoExtend);
    REQUIRE(set(bob, rules).ok());
    // Each step costs 10/6 TPH: two fit into 4 TPH, the third does not.
    rig.live(31 * minute_ms);
    const auto lease = lease_of(chain, id);
    REQUIRE(lease.closed.has_value());
    CHECK(lease.closed->reason == CloseReason::Expired);
    CHECK(lease.closed->at_ms == lease.started_ms + 30 * minute_ms);
    CHECK(lease.ledger.deposited <= 5 * tph + 3);
}

// ⚔ PriceCreeper: raises the card under a lease that extends itself.
TEST_CASE("a price creeper cannot push an automatic extension beyond its price") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.duration_ms = 10 * minute_ms});
    REQUIRE(chain.apply(bob, leases::SetAutoExtend{id, {{10 * tph, 100 * tph, 10 * minute_ms}}}).ok());
    auto dearer = usual_terms();
    dearer.slot_hour += 1;
    REQUIRE(chain.apply(alice, machines::SetPriceCard{rig.id(), dearer}).ok());
    rig.live(10 * minute_ms);
    chain.next_block();
    REQUIRE(chain.all<leases::AutoExtendRefused>().size() == 1);
    CHECK(chain.all<leases::AutoExtendRefused>().front().error == frame::DispatchError{Error::PriceTooHigh});
    CHECK(lease_of(chain, id).closed->reason == CloseReason::Expired);
}

TEST_CASE("a payer without money ends the lease, and nothing of the try stays behind") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto id = rig.rent_started(bob, {.duration_ms = 10 * minute_ms});
    REQUIRE(chain.apply(bob, leases::SetAutoExtend{id, {{10 * tph, 100 * tph, hour_ms}}}).ok());
    REQUIRE(chain
                .run([&](frame::Context& context) {
                    return balances::transfer(context, bob, carol, chain.free(bob) - tph,
                                              balances::Existence::KeepAlive);
                })
                .ok());
    rig.live(10 * minute_ms);
    chain.next_block();
    CHECK(lease_of(chain, id).closed->reason == CloseReason::Expired);
    CHECK(lease_of(chain, id).terms.value.size() == 1);
    CHECK(lease_of(chain, id).terms.value.front().until_ms == 10 * minute_ms);
}

TEST_CASE("who extends a sponsored lease does not pay for what the sponsor has used") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const leases::Allowance allowance{
        .left = 100 * tph, .per_lease = 100 * tph, .hour_max = 10 * tph, .expires_ms = day_ms};
    REQUIRE(chain.apply(carol, leases::SetAllowance{bob, allowance}).ok());
    const auto id = rig.rent_started(bob, {.duration_ms = 6 * hour_ms, .sponsor = carol});
    rig.live(5 * hour_ms);
    const Balance renter = chain.free(bob);
    REQUIRE(chain.apply(bob, more(id, hour_ms)).ok());
    const auto deposits = escrow::storage.deposits.get(chain.state(), id).value;
    REQUIRE(deposits.size() == 2);
    CHECK(deposits[0].payer == carol);
    CHECK(deposits[0].amount < 31 * tph);  // three hours are paid, two withheld, one to come
    CHECK(deposits[1] == escrow::Deposit{.payer = bob, .amount = 10 * tph});
    CHECK(renter - chain.free(bob) == 10 * tph);
    chain.next_block();
}
