#include "rpc/methods/compute.hpp"

#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/leases/renting.hpp"
#include "runtime/pallets/leases/running.hpp"
#include "runtime/pallets/machines/lifecycle.hpp"
#include "runtime/pallets/machines/liveness.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/machines/messages.hpp"
#include "runtime/pallets/machines/probes.hpp"
#include "runtime/pallets/machines/registry.hpp"
#include "tests/support/rig.hpp"
#include "tests/unit/rpc/methods/node.hpp"

using namespace test;

namespace {

using chain::tph;
using tests::dev_account;
using tests::dev_key;
using tests::hour_ms;

/// A node with Baltathar's machine on its chain: no GPU, two slots, 10 TPH for a slot-hour.
struct Market : Node {
    crypto::SecretKey machine = tests::key_of(7);
    machines::Claims claims = tests::claims_with(0);

    std::shared_ptr<const state::StateView> state() const { return ledger.state_at(ledger.best().hash); }
    std::string name() const { return crypto::to_string(machine.account()); }

    /// In a block of its own; it must get in.
    template <class C>
    void send(const crypto::SecretKey& key, const C& call) {
        const auto version = executor->version();
        chain::Extra extra;
        extra.nonce = {ledger.next_nonce(key.account())};
        const auto bytes =
            chain::sign_extrinsic(key, frame::to_call(call).encoded, extra,
                                  {version.spec_version, version.transaction_version, genesis.hash, genesis.hash});
        REQUIRE(ledger.submit(bytes, chain::TransactionSource::External));
        make_block();
    }

    void register_machine() {
        const machines::Registration message{.genesis = genesis.hash,
                                             .machine = machine.account(),
                                             .owner = dev_account("Baltathar"),
                                             .claims_hash = machines::hash_of(claims)};
        send(dev_key("Baltathar"),
             machines::RegisterMachine{.machine = machine.account(),
                                       .claims = claims,
                                       .price_card = tests::usual_terms(),
                                       .machine_signature = machine.sign(machines::registration_digest(message))});
    }
    void bring_online() {
        register_machine();
        const machines::OpenProbe probe{.machine = machine.account(), .seed = genesis.hash};
        send(dev_key("Faith"), probe);
        send(machine, machines::AnswerProbe{machines::probe_answer({.genesis = genesis.hash,
                                                                    .machine = machine.account(),
                                                                    .seed = probe.seed,
                                                                    .claims_hash = machines::hash_of(claims)})});
    }
    /// Ethan's lease of one slot for an hour, started.
    void rent() {
        send(dev_key("Ethan"), leases::Rent{.machine = machine.account(),
                                            .slots = 1,
                                            .duration_ms = hour_ms,
                                            .max_price = 10 * tph,
                                            .card_version = 1});
        send(machine, leases::ConfirmStart{.lease = lease(), .start_proof = {}});
    }
    /// The machine's sign of life in the next block: rent that it was silent for is not paid.
    void beat() {
        const auto parameters = machines::storage.parameters.get(*state());
        const auto interval = [&](std::uint64_t in_ms) {
            return machines::interval_at(parameters, machines::live_now(*state()) + in_ms);
        };
        while (interval(0) != interval(block_ms)) make_block();  // it is due now, and still when it is in a block
        send(machine, machines::Heartbeat{.interval = interval(0)});
    }
    leases::LeaseId lease() const {
        return leases::storage.leases_of_renter.first(*state(), dev_account("Ethan")).value().first;
    }
    /// What an error names as its reason.
    std::string why(std::string_view method, std::string_view params) {
        return std::string{error(method, params).at("data").as_string()};
    }
    std::string lease_number() const { return fmt::format("[{}]", lease().value); }
};

const std::string order = R"([{"slots":1,"durationMs":3600000}])";

}  // namespace

TEST_CASE("a machine reads as it was registered, at any block") {
    Market market;
    CHECK(market.call("compute_machines") == json::parse(R"({"machines":[],"next":null})"));
    CHECK(market.call("compute_machine", list({market.name()})).is_null());
    market.register_machine();
    const auto registered = std::string{market.call("chain_getBlockHash").as_string()};
    const auto machine = market.call("compute_machine", list({market.name()}));
    CHECK(machine.at("machine") == text(market.name()));
    CHECK(machine.at("owner") == text(crypto::to_string(dev_account("Baltathar"))));
    CHECK(machine.at("state") == "Bonded");
    CHECK(machine.at("deviceClass") == "Cpu");
    CHECK(machine.at("slots") == 2);
    CHECK(machine.at("freeSlots") == json::parse("[0,1]"));
    CHECK(machine.at("bond") == text(chain::to_decimal(2'000 * tph)));
    CHECK(machine.at("card").at("slotHour") == text(chain::to_decimal(10 * tph)));
    CHECK(machine.at("claims").at("cpu") == "a cpu");
    CHECK(machine.at("claims").at("gpus") == json::array{});
    CHECK(machine.at("openLeases") == json::array{});
    CHECK(market.call("compute_machines").at("machines").at(0) == machine);

    const auto then = list({market.name(), registered});
    market.make_block();
    CHECK(market.call("compute_machine", then) == machine);
    const auto unknown = market.error("compute_machine", list({market.name(), chain::to_hex(Hash{{9}})}));
    CHECK(unknown.at("message").as_string().find("UnknownBlock") != std::string::npos);
}

TEST_CASE("machines come in pages, and only those of a state where one is asked for") {
    Market market;
    market.register_machine();
    market.machine = tests::key_of(8);
    market.claims.cpu_threads = 16;
    const machines::Registration message{.genesis = market.genesis.hash,
                                         .machine = market.machine.account(),
                                         .owner = dev_account("Ethan"),
                                         .claims_hash = machines::hash_of(market.claims)};
    market.send(
        dev_key("Ethan"),
        machines::RegisterMachine{.machine = market.machine.account(),
                                  .claims = market.claims,
                                  .price_card = tests::usual_terms(),
                                  .machine_signature = market.machine.sign(machines::registration_digest(message))});
    const auto first = market.call("compute_machines", "[null,1]");
    REQUIRE(first.at("machines").as_array().size() == 1);
    CHECK(first.at("next") == first.at("machines").at(0).at("machine"));
    const auto second = market.call("compute_machines", "[" + json::serialize(first.at("next")) + ",1]");
    REQUIRE(second.at("machines").as_array().size() == 1);
    CHECK(second.at("next").is_null());
    CHECK(second.at("machines").at(0).at("machine") != first.at("machines").at(0).at("machine"));

    CHECK(market.call("compute_machines", R"([null,null,"Online"])").at("machines") == json::array{});
    CHECK(market.call("compute_machines", R"([null,null,"Bonded"])").at("machines").as_array().size() == 2);
    CHECK_THAT(market.why("compute_machines", R"([null,null,"Asleep"])"), Catch::Contains("Bonded"));
    CHECK_THAT(market.why("compute_machines", "[null,101]"), Catch::Contains("from 1 to 100"));
    CHECK(market.error("compute_machines", "[null,0]").at("code") == -32602);
}

TEST_CASE("a quote says the price, or what speaks against the order") {
    Market market;
    market.register_machine();
    const auto early = market.call("compute_quote", order).at("quotes").at(0);
    CHECK(early.at("offer").is_null());
    CHECK_FALSE(early.at("whyNot").as_array().empty());

    Market ready;
    ready.bring_online();
    const auto quote = ready.call("compute_quote", order).at("quotes").at(0);
    CHECK(quote.at("machine") == text(ready.name()));
    CHECK(quote.at("whyNot") == json::array{});
    CHECK(quote.at("offer").at("cardVersion") == 1);
    CHECK(quote.at("offer").at("deposit") == text(chain::to_decimal(10 * tph)));
    const auto dear = ready.call("compute_quote", R"([{"slots":1,"durationMs":3600000,"maxPrice":"1"}])");
    CHECK(dear.at("quotes").at(0).at("offer").is_null());

    CHECK_THAT(ready.why("compute_quote", R"([{"slots":0,"durationMs":1}])"), Catch::Contains("slots"));
    CHECK_THAT(ready.why("compute_quote", R"([{"slots":1,"durationMs":0}])"), Catch::Contains("durationMs"));
    CHECK_THAT(ready.why("compute_quote", R"([{"slots":1,"durationMs":1,"deviceClass":"Abacus"}])"),
               Catch::Contains("Gpu, Cpu"));
}

TEST_CASE("a lease reads with its money while it runs and after it has ended; what it burned is counted") {
    Market market;
    CHECK(market.call("compute_burnStats").at("totalBurned") == "0");
    market.bring_online();
    market.rent();
    const auto running = market.call("compute_lease", market.lease_number());
    CHECK(running.at("state") == "Active");
    CHECK(running.at("renter") == text(crypto::to_string(dev_account("Ethan"))));
    CHECK(running.at("ledger").at("deposited") == text(chain::to_decimal(10 * tph)));
    CHECK(running.at("closed").is_null());
    CHECK(market.call("compute_machine", list({market.name()})).at("openLeases") == json::parse(market.lease_number()));

    market.beat();
    market.send(dev_key("Ethan"), leases::EndLease{market.lease()});
    const auto closed = market.call("compute_lease", market.lease_number());
    CHECK(closed.at("state") == "Closed");
    CHECK(closed.at("closed").at("reason") == "EndedByRenter");
    const auto& money = closed.at("ledger");
    const auto amount = [&](const char* part) {
        return *chain::from_decimal(std::string_view{money.at(part).as_string()});
    };
    CHECK(amount("burned") > 0);
    CHECK(amount("deposited") == amount("burned") + amount("frontend") + amount("owner") + amount("refunded"));
    CHECK(amount("left") == 0);
    CHECK(market.call("compute_leases", list({crypto::to_string(dev_account("Ethan"))})).at("leases").at(0) == closed);
    CHECK(market.call("compute_leases", list({crypto::to_string(dev_account("Alith"))})).at("leases") == json::array{});
    CHECK(market.call("compute_lease", "[4711]").is_null());

    const auto burns = market.call("compute_burnStats");
    CHECK(burns.at("totalBurned") == money.at("burned"));
    REQUIRE(burns.at("days").as_array().size() == 1);
    CHECK(burns.at("days").at(0).at("burns").at(0).at("amount") == money.at("burned"));
    CHECK(burns.at("days").at(0).at("burns").at(0).at("count") == 1);
    CHECK_THAT(market.why("compute_burnStats", "[367]"), Catch::Contains("from 1 to 366"));
}
