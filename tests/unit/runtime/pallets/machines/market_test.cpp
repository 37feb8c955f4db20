// Prices and the say of owner and controller.
#include "runtime/pallets/machines/market.hpp"

#include "runtime/pallets/leases/renting.hpp"
#include "runtime/pallets/machines/probes.hpp"
#include "runtime/pallets/machines/registry.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using machines::Error;
using machines::MachineState;

namespace {

machines::CardTerms at_price(Balance slot_hour) {
    auto terms = usual_terms();
    terms.slot_hour = slot_hour;
    return terms;
}

}  // namespace

TEST_CASE("a raise waits a minute, anything else holds at once, and no version comes twice") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto set = [&](const machines::CardTerms& terms) {
        return chain.apply(alice, machines::SetPriceCard{rig.id(), terms});
    };
    const auto in_force = [&] { return machines::card_in_force(rig.machine(), chain.live_ms()); };

    CHECK(set(at_price(10 * tph)) == Error::NothingChanges);
    REQUIRE(set(at_price(20 * tph)).ok());
    CHECK(in_force().version == 1);
    CHECK(in_force().terms.slot_hour == 10 * tph);
    chain.advance(minute_ms - second_ms);
    CHECK(in_force().version == 1);
    chain.advance(second_ms);
    CHECK(in_force().version == 2);
    CHECK(in_force().terms.slot_hour == 20 * tph);

    REQUIRE(set(at_price(30 * tph)).ok());  // version 3 waits
    REQUIRE(set(at_price(15 * tph)).ok());  // version 4 holds and 3 never will
    CHECK(in_force().version == 4);
    chain.advance(2 * minute_ms);
    CHECK(in_force().version == 4);

    REQUIRE(set(at_price(30 * tph)).ok());
    CHECK(set(at_price(15 * tph)).ok());  // the same terms as now take the raise back
    CHECK(in_force().version == 6);
}

// ⚔ PriceJumper: raises the price when he sees an order coming. The order names the version that it read.
TEST_CASE("a price jumper cannot charge an order that is on its way more than it agreed to") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const auto order = rig.order({});
    REQUIRE(chain.apply(alice, machines::SetPriceCard{rig.id(), at_price(1'000 * tph)}).ok());
    CHECK(chain.apply(bob, order).ok());
    CHECK(lease_of(chain, {0}).terms.value.front().slot_hour == 10 * tph);
    chain.advance(minute_ms);
    CHECK(chain.apply(bob, order) == leases::Error::CardVersionChanged);
    auto blind = rig.order({});
    blind.max_price = 10 * tph;
    CHECK(chain.apply(bob, blind) == leases::Error::PriceTooHigh);
}

TEST_CASE("only owner and controller decide, each about what is theirs") {
    Chain chain{compute_world()};
    Rig rig{chain, alice};
    const machines::SetPriceCard cheaper{rig.id(), at_price(5 * tph)};
    CHECK(chain.apply(bob, cheaper) == Error::NotController);
    CHECK(chain.apply(rig.id(), cheaper) == Error::NotController);
    CHECK(chain.apply(bob, machines::SetController{rig.id(), bob}) == Error::NotOwner);
    REQUIRE(chain.apply(alice, machines::SetController{rig.id(), bob}).ok());
    CHECK(chain.apply(bob, cheaper).ok());
    CHECK(chain.apply(bob, machines::SetReceiver{rig.id(), bob}) == Error::NotOwner);
    CHECK(chain.apply(bob, machines::SetController{rig.id(), bob}) == Error::NotOwner);
    CHECK(chain.apply(bob, machines::Exit{rig.id()}) == Error::NotOwner);
    CHECK(chain.apply(alice, machines::SetReceiver{rig.id(), carol}).ok());
    CHECK(rig.machine().receiver == carol);
    for (const auto& unknown : {carol, AccountId{}}) {
        CHECK(chain.apply(alice, machines::SetPriceCard{unknown, usual_terms()}) == Error::UnknownMachine);
        CHECK(chain.apply(alice, machines::SetReceiver{unknown, alice}) == Error::UnknownMachine);
        CHECK(chain.apply(alice, machines::SetController{unknown, alice}) == Error::UnknownMachine);
        CHECK(chain.apply(alice, machines::Freeze{unknown}) == Error::UnknownMachine);
        CHECK(chain.apply(alice, machines::Exit{unknown}) == Error::UnknownMachine);
        CHECK(chain.apply(alice, machines::AnnounceMaintenance{unknown, std::nullopt}) == Error::UnknownMachine);
    }
}

TEST_CASE("an announcement drains the machine, and can be taken back") {
    Chain chain{compute_world()};
    check_compute_invariants(chain);
    Rig rig{chain, alice};
    const std::uint64_t now = chain.live_ms();
    const auto announce = [&](std::optional<machines::Maintenance> window) {
        return chain.apply(alice, machines::AnnounceMaintenance{rig.id(), window});
    };
    CHECK(announce(std::nullopt) == Error::NoMaintenance);
    if (now > 0) CHECK(announce({{.from_ms = now - 1, .to_ms = now + hour_ms}}) == Error::BadMaintenance);
    CHECK(announce({{.from_ms = now + 5, .to_ms = now + 5}}) == Error::BadMaintenance);
    REQUIRE(announce({{.from_ms = now + hour_ms, .to_ms = ~0ULL}}).ok());
    CHECK(rig.state() == MachineState::Draining);

    CHECK(rig.try_rent(bob, {.duration_ms = hour_ms}) == leases::Error::MaintenanceAhead);
    CHECK(rig.try_rent(bob, {.duration_ms = hour_ms / 2}).ok());
    REQUIRE(announce(std::nullopt).ok());
    CHECK(rig.state() == MachineState::Online);
    CHECK(rig.try_rent(bob, {.duration_ms = hour_ms}).ok());
    chain.next_block();
}

TEST_CASE("root lists auditors and sets parameters, and nobody else") {
    Chain chain{compute_world()};
    const machines::SetAuditors list{.auditors = {{alice, bob}}};
    CHECK(chain.apply(alice, list) == frame::failure::BadOrigin{});
    CHECK(chain.as_root(machines::SetAuditors{.auditors = {{alice, alice}}}) == Error::DuplicateAuditor);
    REQUIRE(chain.as_root(list).ok());
    Rig rig{chain, carol, {.online = false}};
    REQUIRE(rig.register_machine().ok());
    CHECK(rig.open_probe() == Error::NotAuditor);
    CHECK(chain.apply(bob, machines::OpenProbe{.machine = rig.id()}).ok());

    machines::Parameters rules;
    rules.heartbeat_interval_ms = 0;
    CHECK(chain.apply(alice, machines::SetParameters{rules}) == frame::failure::BadOrigin{});
    CHECK(chain.as_root(machines::SetParameters{rules}) == Error::BadParameters);
}
