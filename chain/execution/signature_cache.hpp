#pragma once
// Recovering a signer takes 45 µs, most of a transfer's cost: each extrinsic pays it once, when the pool checks it.

#include "chain/base/bytes.hpp"
#include "chain/crypto/account.hpp"

#include <cstddef>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace chain {

/// Who signed an extrinsic, by its hash. The hash covers the signature and all that was signed but the chain's own
/// context (versions, genesis, birth block), so `context` names that context and must be equal too.
class SignatureCache {
public:
    /// At most 2 × `entries_max` entries live; the older half goes when the younger half is full.
    explicit SignatureCache(std::size_t entries_max = 32'768);

    /// The signer that `remember` was told, or nothing.
    std::optional<crypto::AccountId> find(const Hash& extrinsic, const Hash& digest) const;
    void remember(const Hash& extrinsic, const Hash& digest, const crypto::AccountId& signer);
    std::size_t size() const;

private:
    struct Entry {
        Hash digest;
        crypto::AccountId signer;
    };
    /// Mixed with a number that others do not know, so that nobody can choose hashes that meet in one bucket.
    struct Scatter {
        std::uint64_t secret;
        std::size_t operator()(const Hash& hash) const;
    };
    // By hash: nobody reads it in order, and a tree of so many entries costs a cache miss a level.
    using Half = std::unordered_map<Hash, Entry, Scatter>;

    std::size_t entries_max_;
    // Guards the two maps: RPC threads check transactions while the ledger builds. Held for one look-up only.
    mutable std::mutex mutex_;
    Half young_;
    Half old_;
};

}  // namespace chain
