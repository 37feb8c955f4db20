#include "gpu-worker/containers/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace worker {

using chain::Bytes;
using chain::ByteView;
using chain::Fault;
using chain::Result;

void Fd::close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

Fault errno_fault(std::string_view what) { return {std::string{what} + ": " + std::strerror(errno)}; }

Result<Bytes> read_all(int fd, std::size_t bytes_max) {
    Bytes out;
    for (;;) {
        const std::size_t before = out.size();
        out.resize(before + 65'536);
        const ssize_t got = ::read(fd, out.data() + before, 65'536);
        if (got < 0 && errno == EINTR) {
            out.resize(before);
            continue;
        }
        if (got < 0) return std::unexpected{errno_fault("read")};
        out.resize(before + static_cast<std::size_t>(got));
        if (out.size() > bytes_max) return chain::fault("longer than " + std::to_string(bytes_max) + " bytes");
        if (got == 0) return out;
    }
}

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max) {
    const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return std::unexpected{errno_fault(path.string())};
    auto bytes = read_all(file.get(), bytes_max);
    if (!bytes) return chain::fault(path.string() + ": " + bytes.error().text);
    return bytes;
}

Result<std::string> read_text(const std::filesystem::path& path, std::size_t bytes_max) {
    TRY(const auto bytes, read_file(path, bytes_max));
    return std::string{chain::as_text(bytes)};
}

Result<void> write_all(int fd, ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return std::unexpected{errno_fault("write")};
        bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
}

Result<void> write_kernel_file(const std::filesystem::path& path, std::string_view text) {
    const Fd file{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
    if (!file) return std::unexpected{errno_fault(path.string())};
    if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        return std::unexpected{errno_fault(path.string())};
    return {};
}

Result<std::optional<Fd>> try_lock(const std::filesystem::path& path) {
    Fd file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!file) return std::unexpected{errno_fault(path.string())};
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) return std::optional<Fd>{std::move(file)};
    if (errno == EWOULDBLOCK) return std::optional<Fd>{};
    return std::unexpected{errno_fault(path.string())};
}

bool is_locked(const std::filesystem::path& path) {
    const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    return file && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0;
}

Result<Pipe> make_pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return std::unexpected{errno_fault("pipe")};
    return Pipe{.read = Fd{ends[0]}, .write = Fd{ends[1]}};
}

}  // namespace worker
