#include "rpc/methods/state.hpp"

#include "chain/crypto/hash.hpp"
#include "rpc/methods/at.hpp"
#include "rpc/methods/storage_stream.hpp"
#include "rpc/methods/views.hpp"

#include <fmt/format.h>

namespace rpc {

namespace {

/// polkadot-sdk's words and number for a page or list that is too long.
Answer<void> check_count(std::size_t count) {
    if (count <= storage_keys_max) return {};
    return std::unexpected{
        Error{code::state_invalid_count,
              fmt::format("count exceeds maximum value. value: {}, max: {}", count, storage_keys_max)}};
}

}  // namespace

Answer<GetStorage::Result> State::answer(const GetStorage::Params& params) const {
    TRY(const auto state, state_at(ledger_, params.at));
    return hex(state->get(params.key.value));
}

Answer<GetStorageHash::Result> State::answer(const GetStorageHash::Params& params) const {
    TRY(const auto state, state_at(ledger_, params.at));
    const auto value = state->get(params.key.value);
    return value ? std::optional{crypto::blake2b_256(*value)} : std::nullopt;
}

Answer<GetStorageSize::Result> State::answer(const GetStorageSize::Params& params) const {
    TRY(const auto state, state_at(ledger_, params.at));
    const ByteView prefix = params.key.value;
    if (const auto value = state->get(prefix)) return value->size();
    std::optional<std::uint64_t> sum;
    auto key = state::first_key_with(*state, prefix);
    for (std::uint32_t i = 0; key && i < storage_keys_max; ++i) {
        if (const auto value = state->get(*key)) sum = sum.value_or(0) + value->size();
        key = state::next_key_with(*state, prefix, *key);
    }
    return sum;
}

Answer<GetKeysPaged::Result> State::answer(const GetKeysPaged::Params& params) const {
    TRY_VOID(check_count(params.count));
    TRY(const auto state, state_at(ledger_, params.at));
    const Bytes prefix = params.prefix ? params.prefix->value : Bytes{};
    auto key = params.start_key ? state::next_key_with(*state, prefix, params.start_key->value)
                                : state::first_key_with(*state, prefix);
    std::vector<HexBytes> keys;
    while (key && keys.size() < params.count) {
        auto following = state::next_key_with(*state, prefix, *key);
        keys.push_back({*std::move(key)});
        key = std::move(following);
    }
    return keys;
}

Answer<QueryStorageAt::Result> State::answer(const QueryStorageAt::Params& params) const {
    TRY_VOID(check_count(params.keys.size()));
    const Hash block = block_at(ledger_, params.at);
    TRY(const auto state, state_at(ledger_, block));
    StorageChanges out{.block = block};
    for (const HexBytes& key : params.keys) out.changes.emplace_back(key, hex(state->get(key.value)));
    return std::vector{std::move(out)};
}

Answer<GetReadProof::Result> State::answer(const GetReadProof::Params& params) const {
    TRY_VOID(check_count(params.keys.size()));
    const Hash block = block_at(ledger_, params.at);
    TRY_VOID(state_at(ledger_, block));
    std::vector<Bytes> keys;
    for (const HexBytes& key : params.keys) keys.push_back(key.value);
    auto proof = ledger_.read_proof(keys, block);
    if (!proof) return std::unexpected{client_error(proof.error())};
    GetReadProof::Result out{.at = block};
    for (Bytes& node : *proof) out.proof.push_back({std::move(node)});
    return out;
}

Answer<HexBytes> State::answer(const StateCall::Params& params) const {
    TRY(auto result, runtime_call(ledger_, params.at, params.method, params.data.value));
    return HexBytes{std::move(result)};
}

Answer<HexBytes> State::answer(const GetMetadata::Params& params) const {
    TRY_VOID(state_at(ledger_, params.at));
    // What every client reads without negotiation; newer versions come by Metadata_metadata_at_version.
    return HexBytes{ledger_.executor().metadata(14)};
}

Answer<RuntimeVersionView> State::answer(const GetRuntimeVersion::Params& params) const {
    TRY_VOID(state_at(ledger_, params.at));
    return view(ledger_.executor().version());
}

Answer<Keep> State::follow(const SubscribeRuntimeVersion::Params&, Sink<RuntimeVersionView> sink) const {
    // A native runtime is another program: the version cannot change while this one runs.
    sink.push(view(ledger_.executor().version()));
    return std::make_shared<Sink<RuntimeVersionView>>(std::move(sink));
}

Answer<Keep> State::follow(const SubscribeStorage::Params& params, Sink<StorageChanges> sink) const {
    TRY_VOID(check_count(params.keys.size()));
    std::vector<Bytes> keys;
    for (const HexBytes& key : params.keys) keys.push_back(key.value);
    return follow_storage(ledger_, std::move(keys), std::move(sink));
}

}  // namespace rpc
