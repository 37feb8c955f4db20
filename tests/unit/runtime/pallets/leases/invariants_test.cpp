// Random histories: whatever owners, renters, machines, sponsors, strangers, auditors and time do, the books hold after
// every block, and no call that fails leaves a trace. A seed names a history; a failure prints it.
#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/extending.hpp"
#include "runtime/pallets/leases/renting.hpp"
#include "runtime/pallets/leases/running.hpp"
#include "runtime/pallets/machines/liveness.hpp"
#include "runtime/pallets/machines/market.hpp"
#include "runtime/pallets/machines/probes.hpp"
#include "runtime/pallets/machines/registry.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <map>
#include <random>
#include <set>

using namespace tests;

namespace {

constexpr int steps = 10'000;

/// Remembers what each lease was, so that none closes twice and no closed one comes back.
struct Closings {
    std::map<std::uint64_t, leases::CloseReason> seen;

    void note(const std::vector<leases::LeaseClosed>& closed) {
        for (const auto& each : closed) {
            REQUIRE_FALSE(seen.contains(each.lease.value));
            seen[each.lease.value] = each.reason;
            const auto& ledger = each.ledger;
            REQUIRE(ledger.deposited == ledger.burned + ledger.frontend + ledger.owner + ledger.refunded);
        }
    }
};

class History {
public:
    explicit History(std::uint64_t seed) : random_(seed), chain_(world()) {
        check_compute_invariants(chain_);
        machines::Parameters rules;
        rules.unbonding_ms = 20 * minute_ms;
        rules.outage_machines_min = 3;
        chain::check(chain_.as_root(machines::SetParameters{rules}).ok());
        leases::Parameters terms;
        terms.withheld_ms = 20 * minute_ms;
        terms.penalty_ms = 20 * minute_ms;
        terms.record_kept_ms = hour_ms;
        chain::check(chain_.as_root(leases::SetParameters{terms}).ok());
        for (std::uint32_t i = 0; i < 6; ++i)
            rigs_.emplace_back(chain_, pick(people_),
                               RigOptions{.gpus = static_cast<std::uint8_t>(i), .key_number = i + 1});
        issuance_ = balances::total_issuance(chain_.state()) + escrow::storage.total_burned.get(chain_.state());
    }

    void run() {
        for (int i = 0; i < steps; ++i) {
            INFO("step " << i);
            step();
        }
        // Everything ends: without machines and renters every lease closes and every deposit comes back.
        for (int i = 0; i < 400; ++i) advance(minute_ms);
        REQUIRE(balances::total_issuance(chain_.state()) + escrow::storage.total_burned.get(chain_.state()) ==
                issuance_);
        std::set<leases::CloseReason> reasons;
        for (const auto& [lease, reason] : closings_.seen) reasons.insert(reason);
        CHECK(reasons.size() == 8);  // every reason that can be reached was
        CHECK(closings_.seen.size() == leases::storage.next_lease_id.get(chain_.state()).value);
    }

private:
    static Chain::World world() {
        auto world = compute_world();
        for (auto& [who, amount] : world.accounts) amount = 200'000 * tph;
        world.accounts.back().second = 50 * tph;
        return world;
    }

    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[random_() % from.size()];
    }
    Rig& rig() { return rigs_[random_() % rigs_.size()]; }
    std::uint64_t up_to(std::uint64_t most) { return random_() % (most + 1); }
    bool once_in(std::uint64_t many) { return random_() % many == 0; }

    leases::LeaseId any_lease() {
        const std::uint64_t next = leases::storage.next_lease_id.get(chain_.state()).value;
        return {next - std::min(next, up_to(12))};
    }

    /// A call that fails leaves no trace.
    template <class C>
    Outcome apply(const AccountId& who, const C& call) {
        const bool watch = once_in(20);
        const auto before = watch ? chain_.fingerprint() : chain::Hash{};
        Outcome outcome = chain_.apply(who, call);
        if (watch && !outcome.ok()) REQUIRE(chain_.fingerprint() == before);
        closings_.note(outcome.all<leases::LeaseClosed>());
        return outcome;
    }

    /// A free call does something exactly if it was due.
    template <class C>
    void apply_free(const AccountId& who, const C& call) {
        const bool due = call.check_due(chain_.state(), who).has_value();
        REQUIRE(apply(who, call).ok() == due);
    }

    void advance(std::uint64_t ms) {
        chain_.advance(ms);
        closings_.note(chain_.all<leases::LeaseClosed>());
    }

    void step() {
        switch (random_() % 8) {
            case 0: return let_time_pass();
            case 1:
            case 2: return machines_act();
            case 3:
            case 4: return renters_act();
            case 5: return owners_act();
            case 6: return workers_act();
            default: return others_act();
        }
    }

    void let_time_pass() {
        if (once_in(12)) return advance(up_to(6 * minute_ms) + 1);
        chain_.next_block(up_to(20 * second_ms) + 1);
        closings_.note(chain_.all<leases::LeaseClosed>());
    }

    void machines_act() {
        const auto rules = machines::storage.parameters.get(chain_.state());
        for (auto& each : rigs_) {
            if (once_in(6) || !machines::storage.machines.contains(chain_.state(), each.id())) continue;
            const std::uint64_t interval = machines::interval_at(rules, chain_.live_ms()) + (once_in(30) ? 1 : 0);
            apply_free(each.machine().keys.signer, machines::Heartbeat{interval, 10});
            if (once_in(2)) static_cast<void>(each.open_probe(static_cast<std::uint8_t>(random_())));
            if (once_in(8)) apply_free(each.machine().keys.signer, machines::AnswerProbe{});
            else static_cast<void>(each.answer_probe());
        }
    }

    void workers_act() {
        for (int i = 0; i < 3; ++i) {
            const auto id = any_lease();
            const auto lease = leases::storage.leases.get(chain_.state(), id);
            if (!lease) continue;
            const AccountId signer =
                once_in(20) ? rig().id() : machines::storage.machines.get(chain_.state(), lease->machine)->keys.signer;
            if (once_in(4)) {
                const auto reason = static_cast<leases::RejectReason>(up_to(7));
                apply_free(signer, leases::RejectStart{id, reason});
            } else if (once_in(3)) {
                apply_free(signer, leases::ReportExit{.lease = id, .code = static_cast<std::int32_t>(up_to(1))});
            } else {
                apply_free(signer, leases::ConfirmStart{id, {}});
            }
        }
    }

    void renters_act() {
        const AccountId renter = pick(people_);
        const auto id = any_lease();
        switch (random_() % 7) {
            case 0: apply(renter, leases::EndLease{id}); break;
            case 1: apply(renter, leases::Extend{id, up_to(hour_ms), 100 * tph, card_of(id)}); break;
            case 2: apply(renter, leases::TopUp{id, up_to(10) * tph}); break;
            case 3:
                apply(renter, leases::SetAutoExtend{
                                  id, {{up_to(30) * tph, up_to(50) * tph, up_to(10) * minute_ms + minute_ms}}});
                break;
            default: rent(renter);
        }
    }

    std::uint32_t card_of(leases::LeaseId id) {
        const auto lease = leases::storage.leases.get(chain_.state(), id);
        if (!lease) return 0;
        const auto machine = machines::storage.machines.get(chain_.state(), lease->machine);
        return machines::card_in_force(*machine, chain_.live_ms()).version;
    }

    void rent(const AccountId& renter) {
        Rig& where = rig();
        Wish wish{.slots = static_cast<std::uint8_t>(up_to(3)), .duration_ms = up_to(2 * hour_ms)};
        if (once_in(2)) wish.workload = job();
        if (once_in(4)) wish.sponsor = pick(people_);
        if (once_in(3))
            wish.frontend = once_in(2) ? account(9'000 + static_cast<std::uint32_t>(up_to(3))) : pick(people_);
        if (once_in(2)) wish.deposit = up_to(10) * tph;
        apply(renter, where.order(wish));
    }

    void owners_act() {
        Rig& mine = rig();
        const AccountId owner = once_in(10) ? pick(people_) : mine.owner();
        auto terms = usual_terms();
        terms.slot_hour = (1 + up_to(20)) * tph + up_to(999'999);
        const std::uint64_t from = chain_.live_ms() + up_to(20 * minute_ms);
        switch (random_() % 12) {
            case 0:
            case 1:
            case 2: apply(owner, machines::SetPriceCard{mine.id(), terms}); break;
            case 3: apply(owner, machines::SetReceiver{mine.id(), once_in(4) ? account(8'000) : pick(people_)}); break;
            case 4: apply(owner, machines::AnnounceMaintenance{mine.id(), {{from, from + minute_ms}}}); break;
            case 5: apply(owner, machines::AnnounceMaintenance{mine.id(), std::nullopt}); break;
            case 6:
                if (once_in(8)) apply(owner, machines::Exit{mine.id()});
                break;
            default: apply(owner, leases::Settle{any_lease()});
        }
        if (mine.state() == machines::MachineState::Exited) apply(mine.owner(), mine.registration());
    }

    void others_act() {
        const AccountId who = pick(people_);
        const leases::Allowance allowance{.left = up_to(100) * tph,
                                          .per_lease = up_to(50) * tph,
                                          .hour_max = up_to(60) * tph,
                                          .expires_ms = chain_.live_ms() + up_to(hour_ms)};
        switch (random_() % 4) {
            case 0: apply(who, leases::SetAllowance{pick(people_), allowance}); break;
            case 1: apply(account(9'000 + static_cast<std::uint32_t>(up_to(3))), escrow::ClaimPayout{who}); break;
            case 2: apply(account(8'000), escrow::ClaimPayout{who}); break;
            default: apply(who, leases::Settle{any_lease()});
        }
    }

    std::mt19937_64 random_;
    Chain chain_;
    std::vector<AccountId> people_{alice, bob, carol, dave};
    std::deque<Rig> rigs_;
    Closings closings_;
    Balance issuance_ = 0;
};

}  // namespace

TEST_CASE("the books hold through random histories", "[.long]") {
    for (const std::uint64_t seed : {1ULL, 2ULL, 3ULL}) {
        INFO("seed " << seed);
        History{seed}.run();
    }
}
