#include "runtime/pallets/leases/request.hpp"

#include "chain/crypto/hash.hpp"

namespace leases {

chain::Hash request_digest(const Request& request) {
    chain::Bytes message = chain::to_bytes("tephra/request/1");
    scale::encode(request, message);
    return crypto::keccak_256(message);
}

crypto::Signature sign_request(const crypto::SecretKey& renter, const Request& request) {
    return renter.sign(request_digest(request));
}

chain::Result<crypto::AccountId, crypto::SignatureError> request_signer(const Request& request,
                                                                        const crypto::Signature& signature) {
    return crypto::recover(request_digest(request), signature);
}

}  // namespace leases
