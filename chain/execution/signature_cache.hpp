#pragma once
// Recovering a signer takes 45 µs, most of a transfer's cost: each extrinsic pays it once, when the pool checks it.

#include "chain/base/hash_map.hpp"
#include "chain/block/extrinsic.hpp"

#include <cstddef>
#include <mutex>
#include <optional>

namespace chain {

/// Who signed an extrinsic, by its hash. The hash covers the signature and all that was signed but the chain's own
/// context, so that must be equal too. What was signed need not be put together and hashed again to ask. VRF proofs
/// that hold are remembered likewise, by the hash of what they say.
class SignatureCache {
public:
    /// At most 2 × `entries_max` entries live; the older half goes when the younger half is full.
    explicit SignatureCache(std::size_t entries_max = 32'768) : entries_max_(entries_max) {}

    /// The signer that `remember` was told, or nothing.
    std::optional<crypto::AccountId> find(const Hash& extrinsic, const SigningContext& context) const;
    void remember(const Hash& extrinsic, const SigningContext& context, const crypto::AccountId& signer);
    std::size_t size() const;
    std::size_t size_max() const { return 2 * entries_max_; }

private:
    struct Entry {
        SigningContext context;
        crypto::AccountId signer;
    };
    std::size_t entries_max_;
    // Guards the two maps: RPC threads check transactions while the ledger builds. Held for one look-up only.
    mutable std::mutex mutex_;
    HashMap<Entry> young_;
    HashMap<Entry> old_;
};

}  // namespace chain
