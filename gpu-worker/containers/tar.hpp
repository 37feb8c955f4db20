#pragma once
// Tar archives of regular files: POSIX ustar, with a pax record for paths over 100 bytes and sizes over 8 GiB.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"
#include "gpu-worker/containers/files.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace worker {

class TarWriter {
public:
    static chain::Result<TarWriter> create(const std::filesystem::path& path);

    /// Exactly `size` bytes of write() and one end_file() follow.
    chain::Result<void> begin_file(const std::string& path, std::uint64_t size);
    chain::Result<void> write(chain::ByteView bytes);
    chain::Result<void> end_file();
    /// Ends the archive and tells its length.
    chain::Result<std::uint64_t> finish();

private:
    explicit TarWriter(Fd file) : file_(std::move(file)) {}
    chain::Result<void> put(chain::ByteView bytes);
    chain::Result<void> pad();

    Fd file_;
    std::uint64_t bytes_ = 0;
};

struct TarEntry {
    std::string path;
    std::uint64_t size = 0;
};

/// Reads what TarWriter writes, and refuses every other kind of entry.
class TarReader {
public:
    static chain::Result<TarReader> open(const std::filesystem::path& path);

    /// The next file, or nothing at the archive's end. The former one must have been read whole.
    chain::Result<std::optional<TarEntry>> next();
    /// The next bytes of the current file, at most `bytes_max`; never none.
    chain::Result<chain::Bytes> read(std::uint64_t bytes_max);

private:
    explicit TarReader(Fd file) : file_(std::move(file)) {}
    chain::Result<chain::Bytes> take(std::size_t count);

    Fd file_;
    std::uint64_t at_ = 0;
};

}  // namespace worker
