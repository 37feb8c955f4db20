#pragma once
// A door with one lease behind it: signed requests as a renter makes them, a desk and containers that answer by script.

#include "chain/clock/clock.hpp"
#include "chain/crypto/hash.hpp"
#include "gpu-worker/door/door.hpp"
#include "rpc/worker_api/door_client.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <mutex>

namespace worker {

inline const chain::Hash genesis{{1, 2, 3}};
inline const crypto::AccountId machine{{9, 9, 9}};
inline constexpr escrow::LeaseId lease_id{17};

/// Signs one request as `renter`.
inline DoorRequest sign(const crypto::SecretKey& renter, std::string method, chain::Bytes body, std::uint64_t nonce,
                        std::uint64_t expiry_ms) {
    DoorRequest out{.lease = lease_id,
                    .method = std::move(method),
                    .body = std::move(body),
                    .nonce = nonce,
                    .expiry_ms = expiry_ms};
    out.signature = leases::sign_request(renter, {.genesis = genesis,
                                                  .machine = machine,
                                                  .lease = out.lease,
                                                  .method = out.method,
                                                  .body_hash = crypto::blake2b_256(out.body),
                                                  .nonce = out.nonce,
                                                  .expiry_ms = out.expiry_ms});
    return out;
}

}  // namespace worker
