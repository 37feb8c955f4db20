#include "tests/support/blocks/signed_rig.hpp"

#include "runtime/pallets/machines/lifecycle.hpp"
#include "runtime/pallets/machines/liveness.hpp"
#include "runtime/pallets/machines/messages.hpp"
#include "runtime/pallets/machines/probes.hpp"
#include "runtime/pallets/machines/registry.hpp"
#include "tests/support/rig.hpp"

namespace tests {

Chain::World rig_world() {
    constexpr Balance rich = 100'000 * tph;
    return {.accounts = {{dev_account("Alith"), rich}, {dev_account("Baltathar"), rich}, {dev_account("Faith"), rich}},
            .genesis = [](state::Overlay& state) { machines::storage.auditors.put(state, {{dev_account("Faith")}}); }};
}

SignedRig::SignedRig(SignedChain& chain) : chain_(chain), key_(key_of(1)), id_(key_.account()) {
    const auto claims = claims_with(4);
    const auto claims_hash = machines::hash_of(claims);
    const machines::Registration message{
        .genesis = chain.genesis(), .machine = id_, .owner = dev_account("Alith"), .claims_hash = claims_hash};
    chain.block({chain.sign(
        "Alith", machines::RegisterMachine{.machine = id_,
                                           .claims = claims,
                                           .price_card = usual_terms(),
                                           .machine_signature = key_.sign(machines::registration_digest(message))})});
    const machines::OpenProbe probe{.machine = id_, .seed = crypto::blake2b_256(chain::to_bytes("seed"))};
    chain.block({chain.sign("Faith", probe)});
    const auto answer = machines::probe_answer(
        {.genesis = chain.genesis(), .machine = id_, .seed = probe.seed, .claims_hash = claims_hash});
    chain.block({sign(machines::AnswerProbe{answer})});
    const auto machine = machines::storage.machines.get(chain.state(), id_);
    chain::check(machine && machine->state == machines::MachineState::Online);
}

chain::Bytes SignedRig::heartbeat(std::uint64_t ahead, const Bend& bend) const {
    const auto parameters = machines::storage.parameters.get(chain_.state());
    const auto now = machines::interval_at(parameters, machines::live_now(chain_.state()));
    return sign(machines::Heartbeat{.interval = now + ahead, .utilisation_percent = 50}, bend);
}

}  // namespace tests
