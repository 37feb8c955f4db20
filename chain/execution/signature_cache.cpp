#include "chain/execution/signature_cache.hpp"

#include <utility>

namespace chain {

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
    if (young_.size() >= entries_max_) old_ = std::exchange(young_, {});
    young_.insert_or_assign(extrinsic, Entry{digest, signer});
}

std::size_t SignatureCache::size() const {
    const std::lock_guard lock{mutex_};
    return young_.size() + old_.size();
}

}  // namespace chain
