#pragma once
// Who may pass the renters' door: the lease's renter, by a signature over exactly this request, once, within its minute
// (compute.md, Workloads; the signed bytes are runtime/pallets/leases/request.hpp).

#include "gpu-worker/door/nonces.hpp"
#include "runtime/pallets/leases/request.hpp"

#include <mutex>
#include <optional>
#include <string>

namespace worker {

/// A request as it arrived.
struct DoorRequest {
    escrow::LeaseId lease;
    std::string method;
    chain::Bytes body;
    std::uint64_t nonce = 0;
    std::uint64_t expiry_ms = 0;
    crypto::Signature signature;
};

enum class GuardRefusal : std::uint8_t {
    Expired,       // its expiry has passed
    ExpiryTooFar,  // more than 60 s ahead
    BadSignature,  // no signature over these bytes for this machine and chain
    NotTheRenter,
    Replayed,
    Busy,  // too many requests in this minute
    Disk,  // the nonce could not be written down
};
/// What the renter reads.
std::string_view text_of(GuardRefusal refusal);

class Guard {
public:
    /// `genesis` and `machine` are part of what renters sign: a request for another machine or chain does not pass.
    Guard(const chain::Hash& genesis, const crypto::AccountId& machine, NonceBook nonces)
        : genesis_(genesis), machine_(machine), nonces_(std::move(nonces)) {}

    /// The signature is checked before the nonce is spent, so nobody else can use up a renter's nonces. Safe from every
    /// thread.
    Result<void, GuardRefusal> admit(const DoorRequest& request, const crypto::AccountId& renter, std::uint64_t now_ms);

private:
    chain::Hash genesis_;
    crypto::AccountId machine_;
    std::mutex mutex_;  // guards the nonces: every thread of the server comes here
    NonceBook nonces_;
};

}  // namespace worker
