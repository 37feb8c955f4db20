#include "gpu-worker/door/guard.hpp"

#include "chain/base/log.hpp"
#include "chain/crypto/hash.hpp"

#include <utility>

namespace worker {

namespace {
constexpr chain::log::Channel guard_log{"door"};
}

std::string_view text_of(GuardRefusal refusal) {
    switch (refusal) {
        case GuardRefusal::Expired: return "the request has expired: are both clocks right?";
        case GuardRefusal::ExpiryTooFar:
            return "the request's expiry lies more than 60 s ahead: are both clocks right?";
        case GuardRefusal::BadSignature: return "the signature does not fit this request, machine and chain";
        case GuardRefusal::NotTheRenter: return "another account than the lease's renter has signed";
        case GuardRefusal::Replayed: return "this request was served before";
        case GuardRefusal::Busy: return "too many requests in this minute";
        case GuardRefusal::Disk: return "the worker cannot write to its disk";
    }
    std::unreachable();
}

Result<void, GuardRefusal> Guard::admit(const DoorRequest& request, const crypto::AccountId& renter,
                                        std::uint64_t now_ms) {
    if (request.expiry_ms <= now_ms) return std::unexpected{GuardRefusal::Expired};
    if (request.expiry_ms - now_ms > leases::request_lifetime_ms_max)
        return std::unexpected{GuardRefusal::ExpiryTooFar};
    const leases::Request signed_part{.genesis = genesis_,
                                      .machine = machine_,
                                      .lease = request.lease,
                                      .method = request.method,
                                      .body_hash = crypto::blake2b_256(request.body),
                                      .nonce = request.nonce,
                                      .expiry_ms = request.expiry_ms};
    const auto signer = leases::request_signer(signed_part, request.signature);
    if (!signer) return std::unexpected{GuardRefusal::BadSignature};
    // A signature over other bytes recovers to some other account: the two cases look alike from here.
    if (*signer != renter) return std::unexpected{GuardRefusal::NotTheRenter};
    const std::scoped_lock lock{mutex_};
    const auto verdict = nonces_.admit(renter, request.lease, request.nonce, request.expiry_ms, now_ms);
    if (!verdict) {
        guard_log.error("{}", verdict.error().text);
        return std::unexpected{GuardRefusal::Disk};
    }
    switch (*verdict) {
        case NonceBook::Verdict::Fresh: return {};
        case NonceBook::Verdict::Replayed: return std::unexpected{GuardRefusal::Replayed};
        case NonceBook::Verdict::Full: return std::unexpected{GuardRefusal::Busy};
    }
    std::unreachable();
}

}  // namespace worker
