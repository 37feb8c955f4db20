#include "tests/support/rig.hpp"

#include "chain/crypto/hash.hpp"
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/renting.hpp"
#include "runtime/pallets/leases/running.hpp"
#include "runtime/pallets/machines/liveness.hpp"
#include "runtime/pallets/machines/messages.hpp"
#include "runtime/pallets/machines/probes.hpp"
#include "runtime/pallets/machines/registry.hpp"
#include "runtime/pallets/system/accounts.hpp"

#include <algorithm>

namespace tests {
namespace {

std::optional<std::string> broken(const chain::Result<void, std::string>& held) {
    return held ? std::nullopt : std::optional{held.error()};
}

}  // namespace

Chain::World compute_world() {
    constexpr Balance rich = 1'000'000 * tph;
    return {.accounts = {{alice, rich}, {bob, rich}, {carol, rich}, {dave, rich}, {auditor, rich}},
            .genesis = [](state::Overlay& state) { machines::storage.auditors.put(state, {{auditor}}); }};
}

void check_compute_invariants(Chain& chain) {
    chain.check_after_each_block([](const auto& state) { return broken(machines::check_invariants(state)); });
    chain.check_after_each_block([](const auto& state) { return broken(leases::check_invariants(state)); });
    chain.check_after_each_block([](const auto& state) { return broken(escrow::check_invariants(state)); });
}

crypto::SecretKey key_of(std::uint32_t number) {
    const auto seed = crypto::blake2b_256(scale::encode(number));
    return *crypto::SecretKey::from_bytes(seed.value);
}

machines::Claims claims_with(std::uint8_t gpus) {
    machines::Claims claims{.slots = gpus == 0 ? std::uint8_t{2} : gpus,
                            .cpu = {"a cpu"},
                            .cpu_threads = 64,
                            .memory_bytes = 512ULL << 30,
                            .disk_bytes = 4ULL << 40,
                            .upload_bits_per_second = 1'000'000'000,
                            .download_bits_per_second = 1'000'000'000,
                            .region = {"eu-north"},
                            .driver_version = {"550"},
                            .worker_version = {"0.1.0"},
                            .endpoint = {}};
    for (std::uint8_t i = 0; i < gpus; ++i)
        claims.gpus.value.push_back({.label = {"a gpu"},
                                     .memory_bytes = 80ULL << 30,
                                     .compute_capability = 90,
                                     .uuid_hash = crypto::blake2b_256(scale::encode(i))});
    return claims;
}

machines::CardTerms usual_terms() {
    return {.slot_hour = 10 * tph,
            .minimum_duration_ms = minute_ms,
            .maximum_duration_ms = day_ms,
            .frontend_share_ppm = 50'000};
}

leases::Workload job() {
    leases::Workload job{.image = {.repository = {"registry.example/team/job"}},
                         .command = {{{"run"}}},
                         .memory_bytes = 1ULL << 30,
                         .cpu_millis = 1'000,
                         .restart = leases::RestartPolicy::Never};
    job.image.digest.fill(7);
    return job;
}

Rig::Rig(Chain& chain, const AccountId& owner, RigOptions options)
    : chain_(chain),
      owner_(owner),
      key_(key_of(options.key_number)),
      id_(key_.account()),
      claims_(claims_with(options.gpus)) {
    if (options.online) bring_online();
}

machines::RegisterMachine Rig::registration() const {
    const machines::Registration message{.genesis = frame_system::genesis_hash(chain_.state()),
                                         .machine = id_,
                                         .owner = owner_,
                                         .counter = machines::storage.registrations.get(chain_.state(), owner_),
                                         .claims_hash = machines::hash_of(claims_)};
    return {.machine = id_,
            .claims = claims_,
            .price_card = usual_terms(),
            .machine_signature = key_.sign(machines::registration_digest(message))};
}

Outcome Rig::register_machine() { return chain_.apply(owner_, registration()); }

Outcome Rig::open_probe(std::uint8_t seed) {
    machines::OpenProbe probe{.machine = id_};
    probe.seed.value.fill(seed);
    return chain_.apply(auditor, probe);
}

Outcome Rig::answer_probe() {
    const auto probe = machines::storage.probes.get(chain_.state(), id_);
    const auto answer = machines::probe_answer({.genesis = frame_system::genesis_hash(chain_.state()),
                                                .machine = id_,
                                                .seed = probe ? probe->seed : chain::Hash{},
                                                .claims_hash = machines::hash_of(claims_)});
    return chain_.apply(machine().keys.signer, machines::AnswerProbe{answer});
}

Outcome Rig::heartbeat() {
    const auto parameters = machines::storage.parameters.get(chain_.state());
    return chain_.apply(machine().keys.signer,
                        machines::Heartbeat{.interval = machines::interval_at(parameters, chain_.live_ms()),
                                            .utilisation_percent = 50});
}

void Rig::bring_online() {
    chain::check(register_machine().ok() && open_probe().ok() && answer_probe().ok() && heartbeat().ok());
}

void Rig::live(std::uint64_t ms) {
    constexpr std::uint64_t step_ms = 10 * second_ms;
    for (std::uint64_t left = ms; left != 0;) {
        const std::uint64_t step = std::min(left, step_ms);
        chain_.next_block(step);
        static_cast<void>(heartbeat());  // one of several blocks in an interval has it already
        left -= step;
    }
}

leases::Rent Rig::order(const Wish& wish) const {
    const auto owned = machine();
    const auto& card = machines::card_in_force(owned, chain_.live_ms());
    return {.machine = id_,
            .slots = wish.slots,
            .duration_ms = wish.duration_ms,
            .max_price = card.terms.slot_hour,
            .card_version = card.version,
            .workload = wish.workload,
            .sponsor = wish.sponsor,
            .frontend = wish.frontend,
            .deposit = wish.deposit};
}

Outcome Rig::try_rent(const AccountId& renter, const Wish& wish) { return chain_.apply(renter, order(wish)); }

leases::LeaseId Rig::rent(const AccountId& renter, const Wish& wish) {
    const Outcome outcome = try_rent(renter, wish);
    chain::check(outcome.ok());
    return outcome.event<leases::LeaseOpened>().lease;
}

Outcome Rig::confirm(leases::LeaseId lease) {
    return chain_.apply(machine().keys.signer, leases::ConfirmStart{.lease = lease, .start_proof = {}});
}

leases::LeaseId Rig::rent_started(const AccountId& renter, const Wish& wish) {
    const auto lease = rent(renter, wish);
    chain::check(confirm(lease).ok());
    return lease;
}

machines::Machine Rig::machine() const {
    const auto machine = machines::storage.machines.get(chain_.state(), id_);
    chain::check(machine.has_value());
    return *machine;
}

leases::Lease lease_of(const Chain& chain, leases::LeaseId id) {
    const auto lease = leases::storage.leases.get(chain.state(), id);
    chain::check(lease.has_value());
    return *lease;
}

}  // namespace tests
