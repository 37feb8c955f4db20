#include "runtime/pallets/validators/validators.hpp"

#include "chain/crypto/hash.hpp"
#include "runtime/pallets/system/block.hpp"

namespace validators {

constinit const Storage storage = frame::declare_storage<Storage>(name);

namespace {

/// Later blocks of an epoch add nothing: its outcome is settled while most of its proposers cannot know it yet.
bool is_gathering(const Epoch& epoch, std::uint32_t length, std::uint32_t number) {
    const std::uint64_t place = number - epoch.root;  // 1 for the first block of the epoch
    return length == 0 || place * 3 <= std::uint64_t{length} * 2 + 2;
}

chain::Hash mix(const chain::Hash& randomness, const chain::ByteView more) {
    chain::Bytes both{randomness.value.begin(), randomness.value.end()};
    chain::append(both, more);
    return crypto::blake2b_256(both);
}

bool ends_at(const Epoch& epoch, std::uint32_t length, std::uint32_t number) {
    return length != 0 && number == epoch.root + length;
}

std::unexpected<std::string> wrong(std::string_view what) { return std::unexpected{std::string{what}}; }

}  // namespace

Epoch first_epoch(const chain::Hash& seed) {
    const chain::Hash next = crypto::blake2b_256(seed.value);
    return {.index = 0, .root = 0, .seed = seed, .next_seed = next, .after_next = next};
}

std::vector<chain::EpochValidator> table_in(const state::StateView& state) {
    std::vector<chain::EpochValidator> out;
    for (const Authority& authority : storage.authorities.get(state))
        out.push_back({{authority.consensus_key}, {authority.vrf_key}, authority.weight});
    return out;
}

frame::Weight Pallet::on_initialize(frame::Context&) { return weights::finalize; }

void Pallet::on_finalize(frame::Context& context) {
    const std::uint32_t number = context.block.number;
    const std::uint32_t length = validators::storage.epoch_length.get(context.state);
    Epoch epoch = validators::storage.current_epoch.get(context.state);
    const auto consensus = chain::consensus_digest(frame_system::storage.digest.get(context.state));
    if (consensus && is_gathering(epoch, length, number))
        epoch.after_next = mix(epoch.after_next, consensus->vrf_output.value);
    if (ends_at(epoch, length, number)) {
        const chain::NextEpoch next{.epoch = epoch.index + 1,
                                    .table = chain::table_hash(table_in(context.state)),
                                    .validators = std::nullopt,
                                    .seed = epoch.after_next};
        frame_system::deposit_log(context.state, chain::next_epoch_item(next));
        epoch = {next.epoch, number, epoch.next_seed, epoch.after_next, epoch.after_next};
    }
    validators::storage.current_epoch.put(context.state, epoch);
}

chain::Result<void, std::string> check_digest(const state::StateView& parent, std::uint32_t number,
                                              const chain::Digest& digest, const VrfCheck& verify) {
    const auto consensus = chain::consensus_digest(digest);
    if (!consensus) return wrong("its digest has no place in the agreement, or several");
    const Epoch epoch = storage.current_epoch.get(parent);
    const bool is_last = ends_at(epoch, storage.epoch_length.get(parent), number);
    if (digest.logs.size() != (is_last ? 2U : 1U) || chain::next_epoch(digest).has_value() != is_last)
        return wrong("its digest has more or less in it than its place asks for");
    if (consensus->epoch != epoch.index) return wrong("its digest names another epoch");
    if (consensus->view <= consensus->parent_view) return wrong("its view is not later than its parent's");
    const auto authorities = storage.authorities.get(parent);
    if (consensus->proposer >= authorities.size()) return wrong("its proposer is no validator");
    const crypto::VrfPublic key{authorities[consensus->proposer].vrf_key};
    const auto input = chain::vrf_input(epoch.seed, consensus->epoch, consensus->view);
    if (!verify(key, input, consensus->vrf_output, consensus->vrf_proof))
        return wrong("its proposer's VRF proof does not hold");
    return {};
}

std::optional<AccountId> author_of(const state::StateView& state, const chain::Digest& digest) {
    const auto consensus = chain::consensus_digest(digest);
    if (!consensus) return std::nullopt;
    const auto authorities = storage.authorities.get(state);
    if (consensus->proposer >= authorities.size()) return std::nullopt;
    return authorities[consensus->proposer].account;
}

}  // namespace validators
