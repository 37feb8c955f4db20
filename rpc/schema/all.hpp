#pragma once
// Every declared method, for the reference pages and the tests.

#include "rpc/schema/method.hpp"

namespace rpc {

std::vector<MethodInfo> all_methods();

}  // namespace rpc
