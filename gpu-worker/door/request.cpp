#include "gpu-worker/door/request.hpp"

#include <rpc/worker_api/door.pb.h>

#include <algorithm>

namespace worker {

Result<DoorRequest, GuardRefusal> read_request(const tephra::door::v1::Request& in, std::string_view method) {
    DoorRequest request{.lease = {in.lease()},
                        .method = std::string{method},
                        .body = {in.body().begin(), in.body().end()},
                        .nonce = in.nonce(),
                        .expiry_ms = in.expiry_ms()};
    if (in.signature().size() != request.signature.value.size()) return std::unexpected{GuardRefusal::BadSignature};
    std::ranges::copy(in.signature(), request.signature.value.begin());
    return request;
}

}  // namespace worker
