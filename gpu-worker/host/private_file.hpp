#pragma once
// Files for their owner's eyes, and files that a crash leaves whole.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace worker {

/// The text without its trailing newline. Fault: missing, larger than 1 MiB, or readable by others (the remedy is
/// named).
chain::Result<std::string> read_private(const std::filesystem::path& file);

/// Replaces the file by one with mode 0600, wholly or not at all: durable when it returns.
chain::Result<void> write_private(const std::filesystem::path& file, std::string_view text);

}  // namespace worker
