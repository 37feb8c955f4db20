#pragma once
// The runtime's metadata: everything a client must know to read state and to make transactions.

#include "runtime/frame/metadata.hpp"

namespace runtime {

/// What metadata and the reference documents are made from: version 15 says everything that version 14 says.
metadata::V15 describe_runtime();

/// The bytes from the magic number on. Made once.
const chain::Bytes& metadata_v14();
const chain::Bytes& metadata_v15();

}  // namespace runtime
