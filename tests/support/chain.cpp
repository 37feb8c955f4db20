#include "tests/support/chain.hpp"

#include "runtime/dispatch/hooks.hpp"
#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/sudo/sudo.hpp"
#include "runtime/pallets/system/block.hpp"
#include "runtime/pallets/system/marker.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "runtime/pallets/validators/validators.hpp"

#include <catch2/catch.hpp>

namespace tests {

struct Chain::Impl {
    state::MapState committed;
    std::unique_ptr<state::Overlay> open;
    frame::EventLog log;
    frame::BlockInfo block;
    std::uint64_t time_ms = 0;
    std::vector<frame::RuntimeEvent> seen;
    std::vector<Invariant> invariants = standard_invariants();

    frame::Context context(frame::Origin origin) { return {*open, log, block, origin}; }

    void note_events_since(std::size_t first) {
        for (std::size_t i = first; i < log.size(); ++i) seen.push_back(log.records()[i].event);
    }

    void open_block(std::uint64_t at_ms) {
        open = std::make_unique<state::Overlay>(committed);
        log = {};
        const std::uint32_t number = frame_system::storage.number.get(committed) + 1;
        block = {.number = number, .parent_hash = {}, .author = author};
        block.parent_hash.value.fill(static_cast<std::uint8_t>(number - 1));
        const chain::Digest digest{{chain::to_digest(chain::ConsensusDigest{})}};
        frame_system::initialize(*open, number, block.parent_hash, digest);

        frame::Context hooks = context(frame::Root{});
        runtime::run_on_initialize(hooks);
        time_ms = at_ms;
        frame::Context inherent = context(frame::None{});
        chain::check(frame::dispatch(inherent, frame::to_call(timestamp::Set{.now = {time_ms}})).has_value());
        note_events_since(0);
    }

    void close_block() {
        const std::size_t before = log.size();
        frame_system::note_used(*open, {});
        frame::Context hooks = context(frame::Root{});
        runtime::run_on_finalize(hooks);
        frame_system::finalize(*open, log);
        note_events_since(before);
        chain::check(open->open_layers() == 0);
        committed.apply(open->take());
    }

    void check_invariants(const state::StateView& state) const {
        for (const auto& invariant : invariants)
            if (const auto broken = invariant(state)) FAIL("after block " << block.number << ": " << *broken);
    }
};

void write_genesis(state::Overlay& state, const Chain::World& world) {
    frame_system::put_code_marker(state);
    for (const auto& [who, amount] : world.accounts) balances::endow_at_genesis(state, who, amount);
    sudo::storage.key.put(state, sudo_key);
    validators::storage.authorities.put(state, {{.account = author, .consensus_key = {}, .vrf_key = {}, .weight = 1}});
    if (world.genesis) world.genesis(state);
}

Chain::Chain(const World& world) : impl_(std::make_unique<Impl>()) {
    state::Overlay genesis{impl_->committed};
    write_genesis(genesis, world);
    impl_->committed.apply(genesis.take());
    impl_->open_block(world.time_ms);
}

Chain::Chain() : Chain(World{}) {}
Chain::~Chain() = default;

Outcome Chain::dispatch(frame::Origin origin, const frame::Call& call) {
    impl_->seen.clear();
    const std::size_t before = impl_->log.size();
    frame::Context context = impl_->context(origin);
    auto result = frame::dispatch(context, call);
    impl_->note_events_since(before);
    return {std::move(result), impl_->seen};
}

Outcome Chain::run(const std::function<frame::DispatchResult(frame::Context&)>& function) {
    impl_->seen.clear();
    const std::size_t before = impl_->log.size();
    frame::Context context = impl_->context(frame::Root{});
    auto result = frame::with_layer(context, function);
    impl_->note_events_since(before);
    return {std::move(result), impl_->seen};
}

void Chain::next_block(std::uint64_t ms) {
    impl_->seen.clear();
    impl_->close_block();
    impl_->check_invariants(impl_->committed);
    impl_->open_block(impl_->time_ms + ms);
}

void Chain::advance(std::uint64_t ms, std::uint64_t step_ms) {
    std::vector<frame::RuntimeEvent> seen;
    for (std::uint64_t left = ms; left != 0;) {
        const std::uint64_t step = std::min(left, step_ms);
        next_block(step);
        seen.insert(seen.end(), impl_->seen.begin(), impl_->seen.end());
        left -= step;
    }
    impl_->seen = std::move(seen);
}

std::uint64_t Chain::now_ms() const { return timestamp::now(state()); }
std::uint64_t Chain::live_ms() const { return timestamp::live_now(state()); }
std::uint32_t Chain::number() const { return impl_->block.number; }

const state::StateView& Chain::state() const { return *impl_->open; }
state::Overlay& Chain::state_for_writing() { return *impl_->open; }
const std::vector<frame::RuntimeEvent>& Chain::events() const { return impl_->seen; }

Balance Chain::free(const AccountId& who) const { return balances::free_balance(state(), who); }

chain::Hash Chain::fingerprint() const {
    chain::Bytes all;
    for (auto key = impl_->open->next_key({}); key; key = impl_->open->next_key(*key)) {
        scale::encode(*key, all);
        scale::encode(*impl_->open->get(*key), all);
    }
    return crypto::blake2b_256(all);
}

void Chain::check_after_each_block(Invariant invariant) { impl_->invariants.push_back(std::move(invariant)); }
void Chain::check_invariants() const { impl_->check_invariants(state()); }

}  // namespace tests
