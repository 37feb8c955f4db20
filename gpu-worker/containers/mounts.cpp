#include "gpu-worker/containers/mounts.hpp"

#include "gpu-worker/containers/cgroup.hpp"
#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/loop.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace worker {
namespace {

namespace fs = std::filesystem;
using chain::Result;

/// A loop device that shows the file and frees itself when its last user (the mount) is gone.
Result<Fd> attach_loop(const fs::path& file, Access access, std::string& device_path) {
    const bool read_only = access == Access::ReadOnly;
    const Fd backing{::open(file.c_str(), (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC)};
    if (!backing) return std::unexpected{errno_fault(file.string())};
    const Fd control{::open("/dev/loop-control", O_RDWR | O_CLOEXEC)};
    if (!control) return std::unexpected{errno_fault("/dev/loop-control")};
    for (int round = 0; round < 64; ++round) {
        const int number = ::ioctl(control.get(), LOOP_CTL_GET_FREE);
        if (number < 0) return std::unexpected{errno_fault("no free loop device")};
        device_path = "/dev/loop" + std::to_string(number);
        Fd device{::open(device_path.c_str(), O_RDWR | O_CLOEXEC)};
        if (!device) return std::unexpected{errno_fault(device_path)};
        loop_config config{};
        config.fd = static_cast<__u32>(backing.get());
        config.info.lo_flags = LO_FLAGS_AUTOCLEAR | (read_only ? LO_FLAGS_READ_ONLY : 0);
        if (::ioctl(device.get(), LOOP_CONFIGURE, &config) == 0) return device;
        // Between asking for a free device and taking it, another job may have taken it.
        if (errno != EBUSY) return std::unexpected{errno_fault(device_path)};
    }
    return chain::fault("loop devices are taken faster than we can");
}

/// A user namespace with this map, held by its descriptor alone.
Result<Fd> user_namespace(std::uint32_t first, std::uint32_t shown_first, std::uint32_t count) {
    TRY(auto ready, make_pipe());
    TRY(auto done, make_pipe());
    const pid_t child = ::fork();
    if (child < 0) return std::unexpected{errno_fault("fork")};
    if (child == 0) {
        const char answer = ::unshare(CLONE_NEWUSER) == 0 ? 'y' : 'n';
        char byte = 0;
        done.write.close();
        if (::write(ready.write.get(), &answer, 1) == 1) static_cast<void>(::read(done.read.get(), &byte, 1));
        ::_exit(0);
    }
    char answer = 'n';
    static_cast<void>(::read(ready.read.get(), &answer, 1));
    const auto process = fmt::format("/proc/{}/", child);
    const auto map = fmt::format("{} {} {}", first, shown_first, count);
    Result<void> mapped = chain::fault(
        "this host gives no user namespaces (kernel.unprivileged_userns_clone, "
        "user.max_user_namespaces)");
    if (answer == 'y') mapped = write_kernel_file(process + "uid_map", map);
    if (mapped) mapped = write_kernel_file(process + "gid_map", map);
    Fd space{::open((process + "ns/user").c_str(), O_RDONLY | O_CLOEXEC)};
    const auto open_trouble = errno_fault("user namespace");
    done.write.close();
    ::waitpid(child, nullptr, 0);
    if (!mapped) return std::unexpected{mapped.error()};
    if (!space) return std::unexpected{open_trouble};
    return space;
}

}  // namespace

Result<void> enter_private_mounts() {
    if (::unshare(CLONE_NEWNS) != 0) return std::unexpected{errno_fault("unshare mounts")};
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return std::unexpected{errno_fault("private mounts")};
    if (cgroup_layout() == CgroupLayout::Separate) ::umount2("/sys/fs/cgroup/unified", MNT_DETACH);
    return {};
}

Result<void> make_disk(const fs::path& file, std::uint64_t bytes, std::uint64_t files) {
    const Fd made{::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!made) return std::unexpected{errno_fault(file.string())};
    if (::ftruncate(made.get(), static_cast<off_t>(bytes)) != 0) return std::unexpected{errno_fault(file.string())};
    // No journal: nobody mounts it again after a crash. Lazy tables: nothing is written that is not used.
    std::vector<std::string> argv{
        "mkfs.ext4", "-q", "-F", "-m", "0", "-O", "^has_journal,^resize_inode", "-E", "lazy_itable_init=1,nodiscard"};
    if (files != 0) argv.insert(argv.end(), {"-N", std::to_string(files)});
    argv.push_back(file.string());
    TRY_VOID(run_ok({.argv = std::move(argv)}));
    return {};
}

Result<void> mount_disk(const fs::path& file, const fs::path& folder, Access access) {
    std::string device;
    TRY(const auto open_until_mounted, attach_loop(file, access, device));
    const unsigned long flags = MS_NOSUID | MS_NODEV | MS_NOATIME | (access == Access::ReadOnly ? MS_RDONLY : 0);
    if (::mount(device.c_str(), folder.c_str(), "ext4", flags, "noinit_itable") != 0)
        return std::unexpected{errno_fault("mount " + file.string())};
    return {};
}

Result<void> bind_with_ids(const fs::path& from, const fs::path& to, std::uint32_t first, std::uint32_t shown_first,
                           std::uint32_t count) {
    TRY(const auto space, user_namespace(first, shown_first, count));
    const Fd tree{::open_tree(AT_FDCWD, from.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)};
    if (!tree) return std::unexpected{errno_fault("open_tree " + from.string())};
    mount_attr attributes{};
    attributes.attr_set = MOUNT_ATTR_IDMAP;
    attributes.userns_fd = static_cast<__u64>(space.get());
    if (::mount_setattr(tree.get(), "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0)
        return std::unexpected{errno_fault("id-mapped mount (needs Linux 5.19)")};
    if (::move_mount(tree.get(), "", AT_FDCWD, to.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0)
        return std::unexpected{errno_fault("move_mount " + to.string())};
    return {};
}

Result<void> mount_overlay(const fs::path& lower, const fs::path& upper, const fs::path& work, const fs::path& folder) {
    const auto options =
        fmt::format("lowerdir={},upperdir={},workdir={}", lower.string(), upper.string(), work.string());
    if (::mount("overlay", folder.c_str(), "overlay", MS_NOSUID | MS_NODEV, options.c_str()) != 0)
        return std::unexpected{errno_fault("overlay")};
    return {};
}

Result<void> mount_memory(const fs::path& folder, std::uint64_t bytes) {
    const auto options = fmt::format("size={},mode=0755", bytes);
    if (::mount("tmpfs", folder.c_str(), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, options.c_str()) != 0)
        return std::unexpected{errno_fault("tmpfs")};
    return {};
}

void unmount(const fs::path& folder) { ::umount2(folder.c_str(), MNT_DETACH); }

Fill fill_of(const fs::path& folder) {
    struct statvfs info{};
    if (::statvfs(folder.c_str(), &info) != 0) return {};
    // Writers meet the end a little before the last block: the file system keeps some for its own tables.
    const bool full = info.f_bavail < info.f_blocks / 32 || info.f_favail == 0;
    return {.used_bytes = (info.f_blocks - info.f_bfree) * info.f_frsize,
            .used_files = info.f_files - info.f_ffree,
            .full = full};
}

}  // namespace worker
