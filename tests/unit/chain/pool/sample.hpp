#pragma once
// Transactions for the pool's tests: no signatures, only what the pool looks at.

#include "chain/pool/pool.hpp"

namespace pool::sample {

inline AccountId account(std::uint8_t n) {
    AccountId out{};
    out.value[0] = n;
    return out;
}

inline Hash hash(std::uint64_t n) {
    Hash out;
    for (std::size_t i = 0; i < 8; ++i) out.value[i] = static_cast<std::uint8_t>(n >> (8 * i));
    return out;
}

struct Options {
    std::uint8_t sender = 1;
    std::uint32_t nonce = 0;
    std::uint32_t account_nonce = 0;
    std::uint64_t tip = 0;
    std::size_t bytes = 100;
    std::uint64_t longevity = ~std::uint64_t{0};
};

/// A transaction whose priority is its tip, under a hash that the test picks.
inline Pooled transaction(std::uint64_t id, const Options& options) {
    Pooled out;
    out.checked.hash = hash(id);
    out.checked.sender = account(options.sender);
    out.checked.is_signed = true;
    out.checked.nonce = options.nonce;
    out.checked.account_nonce = options.account_nonce;
    out.checked.is_future = options.nonce > options.account_nonce;
    out.checked.tip = options.tip;
    out.checked.priority = options.tip;
    out.checked.longevity = options.longevity;
    out.extrinsic.assign(options.bytes, 0);
    return out;
}

/// The check finds everything as it was.
inline Result<CheckedTransaction, ValidityError> unchanged(const Pooled& pooled) { return pooled.checked; }

}  // namespace pool::sample
