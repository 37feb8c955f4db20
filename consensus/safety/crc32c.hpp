#pragma once
// CRC-32C (Castagnoli, RFC 3720 §12.1): finds what a disk garbled. Not a protection against people.

#include "chain/base/bytes.hpp"

#include <cstdint>

namespace consensus::safety {

/// The checksum of `bytes`, or of what came before followed by `bytes` when `before` is the checksum of that.
std::uint32_t crc32c(chain::ByteView bytes, std::uint32_t before = 0);

/// The same by a table alone: what machines without the instruction use, and what tests compare with.
std::uint32_t crc32c_by_table(chain::ByteView bytes, std::uint32_t before = 0);

}  // namespace consensus::safety
