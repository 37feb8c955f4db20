#pragma once
// `tephra-node doctor`: what keeps a node from running well, found before it runs.

#include "tools/node/config.hpp"

namespace node {

/// A line for each finding: ok, warn or FAIL. The exit status: 1 where something failed.
int doctor(const Config& config);

}  // namespace node
