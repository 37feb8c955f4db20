#include "tests/support/dear_calls.hpp"

#include "chain/base/check.hpp"
#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/calls.hpp"
#include "runtime/pallets/machines/calls.hpp"
#include "runtime/pallets/machines/messages.hpp"
#include "runtime/pallets/system/accounts.hpp"
#include "tests/support/rig.hpp"

#include <time.h>

#include <limits>

namespace tests {
namespace {

constexpr std::uint8_t gpus = 16;

Chain::World crowd() {
    auto world = compute_world();
    for (std::uint32_t i = 1; i <= 32; ++i) world.accounts.emplace_back(account(i), 1'000 * tph);
    return world;
}

class Collector {
public:
    explicit Collector(DearCalls& to) : to_(to) {}
    template <class C>
    void add(std::string_view name, frame::Origin origin, const C& call) {
        auto encoded = frame::to_call(call);
        const frame::Weight declared = frame::info_of(encoded).weight;
        to_.calls.push_back({std::string{name}, declared, origin, std::move(encoded)});
    }

private:
    DearCalls& to_;
};

template <class M>
M with_genesis(const Chain& chain, M message) {
    message.genesis = frame_system::genesis_hash(chain.state());
    message.counter = machines::storage.registrations.get(chain.state(), message.owner);
    return message;
}

machines::ChangeHardware other_hardware(const Chain& chain, const Rig& rig) {
    auto claims = claims_with(gpus);
    claims.cpu_threads = 8;
    const auto message = with_genesis(
        chain,
        machines::Registration{.machine = rig.id(), .owner = rig.owner(), .claims_hash = machines::hash_of(claims)});
    return {.machine = rig.id(),
            .claims = claims,
            .machine_signature = rig.key().sign(machines::registration_digest(message))};
}

machines::RotateMachineKey rotation(const Chain& chain, const Rig& rig) {
    const auto key = key_of(99);
    const auto message =
        with_genesis(chain, machines::Rotation{.machine = rig.id(), .new_signer = key.account(), .owner = rig.owner()});
    return {.machine = rig.id(),
            .keys = {.signer = key.account()},
            .signature = key.sign(machines::rotation_digest(message))};
}

/// What owners, auditors and root say of machines.
DearCalls of_owners() {
    DearCalls out{.chain = std::make_unique<Chain>(crowd()), .calls = {}};
    Chain& chain = *out.chain;
    const Rig online{chain, alice, {.gpus = gpus, .key_number = 1}};
    const Rig fresh{chain, alice, {.gpus = gpus, .key_number = 2, .online = false}};
    Rig bonded{chain, bob, {.gpus = gpus, .key_number = 3, .online = false}};
    chain::check(bonded.register_machine().ok());
    auto dearer = usual_terms();
    dearer.slot_hour *= 2;
    chain::check(chain.apply(alice, machines::SetPriceCard{online.id(), dearer}).ok());
    dearer.slot_hour *= 2;
    chain.next_block();

    const frame::Signed owner{alice};
    Collector calls{out};
    calls.add("Machines.register_machine", owner, fresh.registration());
    calls.add("Machines.set_price_card", owner, machines::SetPriceCard{online.id(), dearer});
    calls.add("Machines.set_receiver", owner, machines::SetReceiver{online.id(), bob});
    calls.add("Machines.set_controller", owner, machines::SetController{online.id(), bob});
    calls.add("Machines.rotate_machine_key", owner, rotation(chain, online));
    calls.add("Machines.freeze", owner, machines::Freeze{online.id()});
    calls.add("Machines.announce_maintenance", owner,
              machines::AnnounceMaintenance{online.id(), {{hour_ms, 2 * hour_ms}}});
    calls.add("Machines.exit", owner, machines::Exit{online.id()});
    calls.add("Machines.change_hardware", owner, other_hardware(chain, online));
    calls.add("Machines.open_probe", frame::Signed{auditor}, machines::OpenProbe{bonded.id(), {}});
    machines::Auditors all;
    for (std::uint32_t i = 1; i <= machines::auditors_max; ++i) all.value.push_back(account(i));
    calls.add("Machines.set_auditors", frame::Root{}, machines::SetAuditors{all});
    machines::Parameters rules;
    rules.probe_deadline_ms *= 2;
    calls.add("Machines.set_parameters", frame::Root{}, machines::SetParameters{rules});
    return out;
}

/// What machines say: a heartbeat after silence, an answer, the start and the end of a lease.
DearCalls of_machines() {
    DearCalls out{.chain = std::make_unique<Chain>(crowd()), .calls = {}};
    Chain& chain = *out.chain;
    Rig silent{chain, alice, {.gpus = gpus, .key_number = 1}};
    chain.advance(2 * minute_ms + second_ms);
    chain::check(silent.state() == machines::MachineState::Degraded);
    Rig asked{chain, alice, {.gpus = gpus, .key_number = 2, .online = false}};
    chain::check(asked.register_machine().ok() && asked.open_probe().ok());
    Rig leased{chain, alice, {.gpus = gpus, .key_number = 3}};
    const auto running = leased.rent_started(bob, {.slots = 8, .workload = job(), .frontend = account(40)});
    const auto waiting = leased.rent(carol, {.slots = 8, .workload = job(), .frontend = account(41)});
    chain.next_block(10 * second_ms);

    const auto rules = machines::storage.parameters.get(chain.state());
    Collector calls{out};
    calls.add("Machines.heartbeat", frame::Signed{silent.id()},
              machines::Heartbeat{machines::interval_at(rules, chain.live_ms()), 50});
    const auto probe = machines::storage.probes.get(chain.state(), asked.id());
    const auto answer = machines::probe_answer({.genesis = frame_system::genesis_hash(chain.state()),
                                                .machine = asked.id(),
                                                .seed = probe->seed,
                                                .claims_hash = machines::hash_of(asked.claims())});
    calls.add("Machines.answer_probe", frame::Signed{asked.id()}, machines::AnswerProbe{answer});
    const frame::Signed machine{leased.id()};
    calls.add("Leases.confirm_start", machine, leases::ConfirmStart{waiting, {}});
    calls.add("Leases.reject_start", machine, leases::RejectStart{waiting, leases::RejectReason::ImageInvalid});
    calls.add("Leases.report_exit", machine, leases::ReportExit{.lease = running, .code = 1});
    return out;
}

/// A lease with money from as many accounts as may be, a frontend that nothing can be delivered to, and terms that
/// differ.
leases::LeaseId crowded_lease(Chain& chain, Rig& rig) {
    const auto cost = 14 * 10 * tph * 4;  // fourteen slots for four hours
    const auto id =
        rig.rent_started(bob, {.slots = 14, .duration_ms = 4 * hour_ms, .frontend = account(50), .deposit = cost / 16});
    for (std::uint32_t i = 1; i <= escrow::depositors_max - escrow::reserved_places; ++i)
        if (!chain.apply(account(i), leases::TopUp{id, cost / 16}).ok()) chain::check(i > 12);  // no place is left
    return id;
}

DearCalls of_renters() {
    DearCalls out{.chain = std::make_unique<Chain>(crowd()), .calls = {}};
    Chain& chain = *out.chain;
    Rig rig{chain, alice, {.gpus = gpus, .key_number = 1}};
    Rig empty{chain, alice, {.gpus = gpus, .key_number = 2}};
    const leases::Allowance wide{
        .left = 10'000 * tph, .per_lease = 10'000 * tph, .hour_max = 10'000 * tph, .expires_ms = day_ms};
    chain::check(chain.apply(carol, leases::SetAllowance{bob, wide}).ok());
    const auto lease = crowded_lease(chain, rig);
    for (int i = 0; i < 2 * 60 + 20; ++i) {
        rig.live(minute_ms);
        static_cast<void>(empty.heartbeat());
    }
    auto large = job();
    large.command.value.assign(2, {std::string(3'900, 'x')});
    const leases::Parameters rules{.unstarted_max = 9};

    const frame::Signed renter{bob};
    Collector calls{out};
    calls.add("Leases.rent", renter,
              empty.order({.slots = gpus, .workload = large, .sponsor = carol, .frontend = account(51)}));
    calls.add("Leases.end_lease", renter, leases::EndLease{lease});
    calls.add("Leases.extend", renter, leases::Extend{lease, hour_ms, 10 * tph, 1});
    calls.add("Leases.set_auto_extend", renter, leases::SetAutoExtend{lease, {{10 * tph, 100 * tph, hour_ms}}});
    calls.add("Leases.top_up", renter, leases::TopUp{lease, 10 * tph});
    calls.add("Leases.settle", frame::Signed{carol}, leases::Settle{lease});
    calls.add("Leases.set_allowance", frame::Signed{carol}, leases::SetAllowance{dave, wide});
    calls.add("Leases.set_parameters", frame::Root{}, leases::SetParameters{rules});
    calls.add("Escrow.set_parameters", frame::Root{}, escrow::SetParameters{{.burn_ramp = {.low_ppm = 0}}});
    return out;
}

/// A frontend without an account gets from sixteen payers what is too little to be delivered.
DearCalls of_frontends() {
    DearCalls out{.chain = std::make_unique<Chain>(crowd()), .calls = {}};
    Chain& chain = *out.chain;
    Rig rig{chain, alice, {.gpus = gpus, .key_number = 1}};
    const AccountId frontend = account(60);
    for (std::uint32_t i = 1; i <= escrow::constants.claims_max; ++i) {
        const auto id = rig.rent_started(account(i), {.duration_ms = minute_ms, .frontend = frontend});
        chain.next_block(second_ms);
        chain::check(chain.apply(account(i), leases::EndLease{id}).ok());
    }
    chain.next_block();
    Collector{out}.add("Escrow.claim_payout", frame::Signed{frontend}, escrow::ClaimPayout{bob});
    return out;
}

/// What everything else is measured by.
DearCalls of_money() {
    DearCalls out{.chain = std::make_unique<Chain>(crowd()), .calls = {}};
    Collector{out}.add("Balances.transfer_keep_alive", frame::Signed{alice},
                       balances::TransferKeepAlive{.dest = bob, .value = {tph}});
    return out;
}

/// Counts the different keys that are asked for.
class Counted : public state::StateView {
public:
    explicit Counted(const state::StateView& below) : below_(below) {}
    std::optional<chain::Bytes> get(chain::ByteView key) const override {
        asked_.insert(chain::to_bytes(key));
        return below_.get(key);
    }
    std::optional<chain::Bytes> next_key(chain::ByteView after) const override {
        auto next = below_.next_key(after);
        if (next) asked_.insert(*next);
        return next;
    }
    std::size_t asked() const { return asked_.size(); }

private:
    const state::StateView& below_;
    mutable std::set<chain::Bytes> asked_;
};

void run(const Chain& chain, state::Overlay& overlay, const DearCall& call) {
    frame::EventLog log;
    const frame::BlockInfo block{.number = chain.number(), .parent_hash = {}, .author = author};
    frame::Context context{overlay, log, block, call.origin};
    chain::check(frame::dispatch(context, call.call).has_value());
}

double thread_microseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

}  // namespace

std::vector<DearCalls> dear_calls() {
    std::vector<DearCalls> worlds;
    worlds.push_back(of_money());
    worlds.push_back(of_owners());
    worlds.push_back(of_machines());
    worlds.push_back(of_renters());
    worlds.push_back(of_frontends());
    return worlds;
}

Touched touched_by(const DearCalls& world, const DearCall& call) {
    const Counted counted{world.chain->state()};
    state::Overlay overlay{counted};
    run(*world.chain, overlay, call);
    return {.reads = counted.asked(), .writes = overlay.changes().size()};
}

double microseconds_of(const DearCalls& world, const DearCall& call) {
    constexpr int rounds = 7;
    constexpr int runs = 300;
    double least = std::numeric_limits<double>::max();
    for (int round = 0; round < rounds; ++round) {
        const double begin = thread_microseconds();
        for (int i = 0; i < runs; ++i) {
            state::Overlay overlay{world.chain->state()};
            run(*world.chain, overlay, call);
        }
        least = std::min(least, (thread_microseconds() - begin) / runs);
    }
    return least;
}

}  // namespace tests
