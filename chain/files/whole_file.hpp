#pragma once
// Small files that a crash leaves whole or does not leave at all: keys, claims, what a worker remembers of a lease,
// what it notes about a job.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace chain {

enum class Readers : std::uint8_t {
    Owner,      // mode 0600: secrets
    Everybody,  // mode 0644
};

/// Makes or replaces the file: durable when it returns, and never seen half written.
Result<void> write_whole(const std::filesystem::path& file, std::string_view text, Readers readers);
inline Result<void> write_whole(const std::filesystem::path& file, ByteView bytes, Readers readers) {
    return write_whole(file, as_text(bytes), readers);
}

/// The same, but a file that exists stays as it is: a fault.
Result<void> create_whole(const std::filesystem::path& file, std::string_view text, Readers readers);

/// The text without its trailing newline. Fault: missing, larger than 1 MiB, or readable by others (the remedy is
/// named).
Result<std::string> read_private(const std::filesystem::path& file);

}  // namespace chain
