#include "chain/store/proofs.hpp"

#include "chain/base/check.hpp"
#include "chain/codec/scale.hpp"
#include "chain/store/keys.hpp"

#include <cstring>

namespace store {
namespace {

constexpr std::size_t time_bytes = sizeof(std::uint64_t);

/// A value begins with the time at which it was kept.
std::uint64_t kept_at(ByteView value) {
    chain::check(value.size() >= time_bytes);
    std::uint64_t out = 0;
    std::memcpy(&out, value.data(), time_bytes);
    return out;
}

Bytes key_of(const ProofPlace& place) { return keys::proof(place.epoch, place.view, place.kind); }

}  // namespace

Proofs::Proofs(Database& database) : database_(database), oldest_(keys::proofs()) {
    const auto bytes = database_.get(keys::meta("proofs"));
    if (!bytes) return;
    const auto usage = scale::decode<ProofUsage>(*bytes);
    chain::check(usage.has_value());  // we wrote it
    usage_ = *usage;
}

Result<void> Proofs::write(Batch batch, const ProofUsage& usage, Durability durability) {
    batch.put(keys::meta("proofs"), scale::encode(usage));
    TRY_VOID(database_.write(std::move(batch), durability));
    usage_ = usage;
    return {};
}

Result<void> Proofs::keep(const ProofPlace& place, ByteView proof, std::uint64_t chain_ms) {
    const std::lock_guard lock{mutex_};
    const Bytes key = key_of(place);
    if (database_.get(key)) return {};
    Bytes value = scale::encode(chain_ms);
    chain::append(value, proof);
    Batch batch;
    batch.put(key, value);
    // A restored chain may come back to earlier epochs.
    if (key < oldest_) oldest_ = key;
    return write(std::move(batch), {usage_.count + 1, usage_.bytes + key.size() + value.size()}, Durability::Lazy);
}

std::optional<Bytes> Proofs::find(const ProofPlace& place) const {
    const auto value = database_.get(key_of(place));
    if (!value) return std::nullopt;
    return Bytes(value->begin() + time_bytes, value->end());
}

Result<std::size_t> Proofs::forget_before(std::uint64_t chain_ms, std::size_t count_max) {
    const std::lock_guard lock{mutex_};
    const auto moment = database_.moment();
    Batch batch;
    ProofUsage left = usage_;
    Bytes next = oldest_;
    std::size_t gone = 0;
    for (; gone < count_max; ++gone) {
        const auto entry = moment->seek(next);
        if (!entry || !keys::is_proof(entry->key) || kept_at(entry->value) >= chain_ms) break;
        batch.erase(entry->key);
        left.count -= 1;
        left.bytes -= entry->key.size() + entry->value.size();
        next = entry->key;
        next.push_back(0);
    }
    if (gone == 0) return gone;
    TRY_VOID(write(std::move(batch), left, Durability::Lazy));
    oldest_ = std::move(next);
    return gone;
}

Result<void> Proofs::sync() {
    const std::lock_guard lock{mutex_};
    return write(Batch{}, usage_, Durability::Sync);
}

ProofUsage Proofs::usage() const {
    const std::lock_guard lock{mutex_};
    return usage_;
}

}  // namespace store
