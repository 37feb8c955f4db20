#pragma once
// How a renter asks a worker for something: a signature over one request, good for one machine, lease, method, body and
// minute. Pure: command line and worker share it; tests/vectors/renter-requests.json pins the bytes.

#include "chain/crypto/signature.hpp"
#include "runtime/pallets/escrow/records.hpp"

#include <string>

namespace leases {

using escrow::LeaseId;

/// A worker refuses a request whose expiry lies further ahead than this.
inline constexpr std::uint64_t request_lifetime_ms_max = 60'000;

struct Request {
    chain::Hash genesis;
    crypto::AccountId machine;
    LeaseId lease;
    std::string method;         ///< the gRPC method's name, such as "Logs"
    chain::Hash body_hash;      ///< blake2b-256 of the serialized body
    std::uint64_t nonce{};      ///< never used before by this renter on this lease
    std::uint64_t expiry_ms{};  ///< wall clock, milliseconds since 1970
};

/// Keccak-256 of "tephra/request/1" ‖ SCALE(request): what the renter signs.
chain::Hash request_digest(const Request& request);

crypto::Signature sign_request(const crypto::SecretKey& renter, const Request& request);

/// Who signed it.
chain::Result<crypto::AccountId, crypto::SignatureError> request_signer(const Request& request,
                                                                        const crypto::Signature& signature);

}  // namespace leases
