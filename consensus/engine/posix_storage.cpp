#include "consensus/engine/posix_storage.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace consensus {

using chain::Bytes;
using chain::ByteView;
using chain::Result;
namespace fs = std::filesystem;

namespace {

// A step of reservation: the journal of a quiet hour, and nothing on today's disks.
constexpr std::uint64_t step_bytes = 1 << 20;
// Below this a file is no journal that grows: it keeps the size that is written.
constexpr std::uint64_t unreserved_bytes = 16 << 10;

}  // namespace

Result<std::unique_ptr<PosixStorage>> PosixStorage::open(fs::path folder, std::function<void(double)> on_sync) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (!failed) fs::permissions(folder, fs::perms::owner_all, failed);
    if (failed) return chain::fault("cannot make the folder " + folder.string() + ": " + failed.message());
    const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return chain::fault("cannot open the folder " + folder.string() + ": " + std::strerror(errno));
    // The lock goes with the process, however it ends.
    if (::flock(directory, LOCK_EX | LOCK_NB) != 0) {
        ::close(directory);
        return chain::fault("another process uses " + folder.string() +
                            ": end it first, or give this node a data folder of its own");
    }
    return std::unique_ptr<PosixStorage>{new PosixStorage{std::move(folder), directory, std::move(on_sync)}};
}

PosixStorage::~PosixStorage() {
    for (const auto& [name, file] : files_) ::close(file.descriptor);
    ::close(directory_);
}

std::unexpected<chain::Fault> PosixStorage::fail(std::string_view what, const std::string& name) const {
    const int reason = errno;
    const auto text = fmt::format("cannot {} {}: {}", what, (folder_ / name).string(), std::strerror(reason));
    if (reason != ENOSPC && reason != EDQUOT) return chain::fault(text);
    return chain::fault(text + "; free space and start again: nothing that was promised is lost");
}

Result<PosixStorage::File*> PosixStorage::file(const std::string& name) {
    if (const auto known = files_.find(name); known != files_.end()) return &known->second;
    const int descriptor = ::openat(directory_, name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0) return fail("open", name);
    struct stat status{};
    if (::fstat(descriptor, &status) != 0) {
        ::close(descriptor);
        return fail("look at", name);
    }
    const File opened{.descriptor = descriptor, .reserved_bytes = static_cast<std::uint64_t>(status.st_size)};
    return &files_.emplace(name, opened).first->second;
}

void PosixStorage::forget(const std::string& name) {
    const auto known = files_.find(name);
    if (known == files_.end()) return;
    ::close(known->second.descriptor);
    files_.erase(known);
}

Result<std::vector<std::string>> PosixStorage::list() {
    std::error_code failed;
    std::vector<std::string> out;
    for (auto at = fs::directory_iterator{folder_, failed}; !failed && at != fs::directory_iterator{};
         at.increment(failed))
        out.push_back(at->path().filename().string());
    if (failed) return chain::fault("cannot read the folder " + folder_.string() + ": " + failed.message());
    std::ranges::sort(out);
    return out;
}

Result<Bytes> PosixStorage::read(const std::string& name) {
    TRY(const File* opened, file(name));
    struct stat status{};
    if (::fstat(opened->descriptor, &status) != 0) return fail("look at", name);
    Bytes out(static_cast<std::size_t>(status.st_size));
    for (std::size_t at = 0; at < out.size();) {
        const auto got = ::pread(opened->descriptor, out.data() + at, out.size() - at, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return fail("read", name);
        at += static_cast<std::size_t>(got);
    }
    return out;
}

Result<void> PosixStorage::write(const std::string& name, std::uint64_t offset, ByteView bytes) {
    TRY(File * opened, file(name));
    const std::uint64_t end = offset + bytes.size();
    if (end > unreserved_bytes && end > opened->reserved_bytes) {
        const std::uint64_t wanted = (end + step_bytes - 1) / step_bytes * step_bytes;
        // A file system without reservations (or one that is nearly full) may still take the bytes themselves.
        if (::fallocate(opened->descriptor, 0, 0, static_cast<off_t>(wanted)) == 0) opened->reserved_bytes = wanted;
    }
    for (std::size_t at = 0; at < bytes.size();) {
        const auto wrote =
            ::pwrite(opened->descriptor, bytes.data() + at, bytes.size() - at, static_cast<off_t>(offset + at));
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return fail("write", name);
        at += static_cast<std::size_t>(wrote);
    }
    opened->reserved_bytes = std::max(opened->reserved_bytes, end);
    return {};
}

Result<void> PosixStorage::truncate(const std::string& name, std::uint64_t size_bytes) {
    TRY(File * opened, file(name));
    if (::ftruncate(opened->descriptor, static_cast<off_t>(size_bytes)) != 0) return fail("cut off", name);
    opened->reserved_bytes = size_bytes;
    if (::fsync(opened->descriptor) != 0) return fail("sync", name);
    return {};
}

Result<void> PosixStorage::sync_directory() {
    if (::fsync(directory_) != 0) return fail("sync", "");
    return {};
}

Result<void> PosixStorage::sync(const std::string& name) {
    const auto start = std::chrono::steady_clock::now();
    TRY(File * opened, file(name));
    if (::fdatasync(opened->descriptor) != 0) return fail("sync", name);
    if (!opened->is_name_durable) {
        TRY_VOID(sync_directory());
        opened->is_name_durable = true;
    }
    if (on_sync_) on_sync_(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    return {};
}

Result<void> PosixStorage::remove(const std::string& name) {
    forget(name);
    if (::unlinkat(directory_, name.c_str(), 0) != 0 && errno != ENOENT) return fail("remove", name);
    return sync_directory();
}

}  // namespace consensus
