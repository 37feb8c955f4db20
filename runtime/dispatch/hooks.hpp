#pragma once
// The pallets' hooks, in the order of the list of pallets.

#include "runtime/frame/context.hpp"

namespace runtime {

/// Every on_initialize; the sum of the weights that they used, and that their on_finalize will use.
frame::Weight run_on_initialize(frame::Context& context);

/// Every on_finalize.
void run_on_finalize(frame::Context& context);

}  // namespace runtime
