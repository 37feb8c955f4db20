#pragma once
// A job's log on disk: records of {u64 time, u32 length, u8 stream, 3 zero bytes} and `length` bytes, little endian.
// One writer (the shim) appends; readers (the worker, at any time) stop at the last whole record.

#include "gpu-worker/containers/containers.hpp"
#include "gpu-worker/containers/files.hpp"

#include <cstdint>
#include <filesystem>

namespace worker {

class LogWriter {
public:
    /// Appends to the file, which is made where it does not exist.
    static Result<LogWriter> open(const std::filesystem::path& path, std::uint64_t bytes_max,
                                  std::uint64_t bytes_per_second);

    /// How much the job may write now: what is left of this second's share. 0: ask again in a while.
    std::size_t allowance(std::uint64_t now_ms);

    /// Bytes beyond bytes_max are dropped, and one remark says so. A full disk of the host drops them too.
    void write(LogStream stream, std::uint64_t now_ms, chain::ByteView bytes);

    std::uint64_t bytes() const { return bytes_; }

private:
    LogWriter(Fd file, std::uint64_t bytes_max, std::uint64_t bytes_per_second)
        : file_(std::move(file)),
          bytes_max_(bytes_max),
          bytes_per_second_(bytes_per_second),
          tokens_(bytes_per_second) {}
    void append(LogStream stream, std::uint64_t now_ms, chain::ByteView bytes);

    Fd file_;
    std::uint64_t bytes_max_;
    std::uint64_t bytes_per_second_;
    std::uint64_t tokens_;
    std::uint64_t filled_ms_ = 0;
    std::uint64_t bytes_ = 0;
    bool full_ = false;
};

/// The records from `cursor` on. A cursor that is not a record's start is a fault, a missing file an empty page.
Result<LogPage> read_log_page(const std::filesystem::path& path, std::uint64_t cursor, std::size_t bytes_max);

}  // namespace worker
