#include "chain/execution/signature_cache.hpp"

#include <utility>

namespace chain {

std::optional<crypto::AccountId> SignatureCache::find(const Hash& extrinsic, const SigningContext& context) const {
    const std::lock_guard lock{mutex_};
    for (const auto* half : {&young_, &old_}) {
        const Entry* entry = half->find(extrinsic);
        if (entry != nullptr && entry->context == context) return entry->signer;
    }
    return std::nullopt;
}

void SignatureCache::remember(const Hash& extrinsic, const SigningContext& context, const crypto::AccountId& signer) {
    const std::lock_guard lock{mutex_};
    if (young_.size() >= entries_max_) old_ = std::exchange(young_, {});
    if (!young_.insert(extrinsic, {context, signer})) *young_.find(extrinsic) = {context, signer};
}

std::size_t SignatureCache::size() const {
    const std::lock_guard lock{mutex_};
    return young_.size() + old_.size();
}

}  // namespace chain
