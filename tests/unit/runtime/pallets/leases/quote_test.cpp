#include "runtime/pallets/leases/quote.hpp"

#include "runtime/pallets/machines/market.hpp"
#include "runtime/pallets/machines/registry.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <deque>

using namespace tests;
using leases::Order;
using leases::Refusal;

namespace {

constexpr Order one_hour{.slots = 1, .duration_ms = hour_ms};

leases::Quote only(const Chain& chain, const Order& order) {
    const auto page = leases::quote(chain.state(), order, std::nullopt, 10);
    REQUIRE(page.quotes.size() == 1);
    return page.quotes.front();
}

std::vector<Refusal> why_not(const Chain& chain, auto change) {
    Order order = one_hour;
    change(order);
    return only(chain, order).why_not;
}

using Why = std::vector<Refusal>;

}  // namespace

TEST_CASE("a quote is what rent then asks") {
    Chain chain{compute_world()};
    Rig rig{chain, alice};
    const auto quote = only(chain, {.slots = 3, .duration_ms = hour_ms + 1});
    REQUIRE(quote.offer.has_value());
    CHECK(quote.why_not.empty());
    CHECK(quote.free_slots == 4);
    CHECK(quote.offer->burn_ppm == 300'000);
    CHECK(quote.offer->score == 1'000);
    const auto id = rig.rent(bob, {.slots = 3, .duration_ms = hour_ms + 1});
    CHECK(lease_of(chain, id).ledger.deposited == quote.offer->deposit);
    CHECK(lease_of(chain, id).terms.value.front().card_version == quote.offer->card_version);
}

TEST_CASE("a quote says why not") {
    Chain chain{compute_world()};
    Rig rig{chain, alice};
    CHECK(why_not(chain, [](auto& o) { o.slots = 0; }) == Why{Refusal::NotEnoughSlots});
    CHECK(why_not(chain, [](auto& o) { o.slots = 5; }) == Why{Refusal::NotEnoughSlots});
    CHECK(why_not(chain, [](auto& o) { o.duration_ms = 0; }) == Why{Refusal::DurationTooShort});
    CHECK(why_not(chain, [](auto& o) { o.duration_ms = ~0ULL; }) == Why{Refusal::DurationTooLong});
    CHECK(why_not(chain, [](auto& o) { o.max_price = tph; }) == Why{Refusal::PriceTooHigh});
    CHECK(why_not(chain, [](auto& o) { o.device_class = machines::DeviceClass::Cpu; }) == Why{Refusal::OtherClass});
    CHECK(why_not(chain, [](auto& o) { o.gpu_memory_bytes_min = 81ULL << 30; }) == Why{Refusal::TooLittleMemory});
    CHECK(why_not(chain, [](auto& o) { o.memory_bytes_min = 1ULL << 50; }) == Why{Refusal::TooLittleMemory});
    CHECK(why_not(chain, [](auto& o) { o.region = machines::Label{"mars"}; }) == Why{Refusal::OtherRegion});
    CHECK(why_not(chain, [](auto& o) {
              o.slots = 9;
              o.max_price = 0;
          }) == Why{Refusal::NotEnoughSlots, Refusal::PriceTooHigh});
    CHECK(why_not(chain, [](auto& o) { o.region = machines::Label{"eu-north"}; }).empty());

    chain.advance(2 * minute_ms + second_ms);
    CHECK(only(chain, one_hour).why_not == Why{Refusal::NotOnline, Refusal::Silent});
    CHECK_FALSE(only(chain, one_hour).offer.has_value());
}

TEST_CASE("pages follow one another and cover every machine once") {
    Chain chain{compute_world()};
    std::deque<Rig> rigs;
    std::vector<AccountId> expected;
    for (std::uint32_t i = 1; i <= 7; ++i) {
        rigs.emplace_back(chain, alice, RigOptions{.gpus = 1, .key_number = i});
        expected.push_back(rigs.back().id());
    }
    std::vector<AccountId> seen;
    std::optional<AccountId> after;
    int pages = 0;
    do {
        const auto page = leases::quote(chain.state(), one_hour, after, 3);
        CHECK(page.quotes.size() <= 3);
        for (const auto& quote : page.quotes) seen.push_back(quote.machine);
        after = page.next;
        ++pages;
    } while (after);
    CHECK(pages == 3);
    std::ranges::sort(seen);
    std::ranges::sort(expected);
    CHECK(seen == expected);
    CHECK(leases::quote(chain.state(), one_hour, std::nullopt, 0).quotes.empty());
    CHECK(leases::quote(chain.state(), one_hour, std::nullopt, ~0U).quotes.size() == 7);
    CHECK(leases::quote(Chain{}.state(), one_hour, std::nullopt, 5) == leases::QuotePage{});
}

TEST_CASE("machines that are gone are not quoted") {
    Chain chain{compute_world()};
    machines::Parameters quick;
    quick.unbonding_ms = 0;
    REQUIRE(chain.as_root(machines::SetParameters{quick}).ok());
    Rig rig{chain, alice};
    REQUIRE(chain.apply(alice, machines::Exit{rig.id()}).ok());
    CHECK(only(chain, one_hour).why_not.front() == Refusal::NotOnline);
    chain.next_block();
    CHECK(leases::quote(chain.state(), one_hour, std::nullopt, 5).quotes.empty());
}
