#pragma once
// `:code`: where a Substrate chain keeps its compiled runtime. Ours is part of the node, so the key holds a text that
// names the runtime; it changes with every runtime version. Clients key their view of the runtime by its hash, and
// some cannot work on a chain that lacks it.

#include "chain/state/overlay.hpp"

namespace frame_system {

/// ":code"
chain::Bytes code_key();
/// Name and version of this runtime: no compiled code, as its first bytes say.
chain::Bytes code_marker();
/// Genesis calls it: writes the marker and System's note of the runtime that wrote the state.
void put_code_marker(state::Overlay& state);

}  // namespace frame_system
