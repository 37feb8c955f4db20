#pragma once
// A request of door.proto as the guard takes it.

#include "gpu-worker/door/guard.hpp"

namespace tephra::door::v1 {
class Request;
}

namespace worker {

/// BadSignature where the signature has not 65 bytes; whether it fits is the guard's question.
Result<DoorRequest, GuardRefusal> read_request(const tephra::door::v1::Request& in, std::string_view method);

}  // namespace worker
