#include "chain/execution/signature_cache.hpp"

#include <bit>
#include <cstring>
#include <utility>

namespace chain {

// Where the object lies is random enough: the answer of a look-up does not depend on it.
SignatureCache::SignatureCache(std::size_t entries_max)
    : entries_max_(entries_max),
      young_(0, Scatter{reinterpret_cast<std::uintptr_t>(this)}),
      old_(0, Scatter{reinterpret_cast<std::uintptr_t>(this)}) {}

std::size_t SignatureCache::Scatter::operator()(const Hash& hash) const {
    std::array<std::uint64_t, 4> words{};
    std::memcpy(words.data(), hash.value.data(), sizeof words);
    std::uint64_t mixed = secret;
    for (const std::uint64_t word : words) mixed = std::rotl((mixed ^ word) * 0x9e3779b97f4a7c15, 29);
    return mixed;
}

std::optional<crypto::AccountId> SignatureCache::find(const Hash& extrinsic, const Hash& digest) const {
    const std::lock_guard lock{mutex_};
    for (const auto* half : {&young_, &old_}) {
        const auto at = half->find(extrinsic);
        if (at != half->end() && at->second.digest == digest) return at->second.signer;
    }
    return std::nullopt;
}

void SignatureCache::remember(const Hash& extrinsic, const Hash& digest, const crypto::AccountId& signer) {
    const std::lock_guard lock{mutex_};
    if (young_.size() >= entries_max_) {
        old_.swap(young_);
        young_.clear();
    }
    young_.insert_or_assign(extrinsic, Entry{digest, signer});
}

std::size_t SignatureCache::size() const {
    const std::lock_guard lock{mutex_};
    return young_.size() + old_.size();
}

}  // namespace chain
