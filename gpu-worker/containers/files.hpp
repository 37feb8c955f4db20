#pragma once
// Small files, descriptors and locks, with the errno in the fault's text.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace worker {

/// Owns a file descriptor.
class Fd {
public:
    Fd() = default;
    explicit Fd(int fd) : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        if (this != &other) {
            close();
            fd_ = std::exchange(other.fd_, -1);
        }
        return *this;
    }
    ~Fd() { close(); }

    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    int release() { return std::exchange(fd_, -1); }
    void close();

private:
    int fd_ = -1;
};

/// "what: No such file or directory", from errno.
chain::Fault errno_fault(std::string_view what);

/// A whole file of at most `bytes_max`; a longer one is a fault.
chain::Result<chain::Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max = 16U << 20);
chain::Result<std::string> read_text(const std::filesystem::path& path, std::size_t bytes_max = 16U << 20);

/// For kernel files: opens what exists and writes once. Faults name the path.
chain::Result<void> write_kernel_file(const std::filesystem::path& path, std::string_view text);

chain::Result<void> write_all(int fd, chain::ByteView bytes);
/// Reads until the end of file, at most `bytes_max`.
chain::Result<chain::Bytes> read_all(int fd, std::size_t bytes_max);

/// An exclusive flock on the file, made where it does not exist. Nothing: somebody else holds it. The lock lives as
/// long as any copy of the descriptor, also one that a child process inherited, so a held lock is a living process.
chain::Result<std::optional<Fd>> try_lock(const std::filesystem::path& path);

/// True where somebody holds the lock.
bool is_locked(const std::filesystem::path& path);

struct Pipe {
    Fd read;
    Fd write;
};
/// Both ends close on exec.
chain::Result<Pipe> make_pipe();

}  // namespace worker
