// The unpacker's side of image_store.hpp: a process that handles a stranger's archive and therefore owns nothing.

#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/image_store.hpp"
#include "gpu-worker/containers/landlock.hpp"
#include "gpu-worker/containers/mounts.hpp"
#include "gpu-worker/containers/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

namespace worker {
namespace {

namespace fs = std::filesystem;

// A path whose folders everybody may pass: an unprivileged process could not reach the worker's own folder.
const fs::path stage = "/run/tephra/unpack";

int leave(UnpackCode code, const std::string& text) {
    std::fputs((text + "\n").c_str(), stderr);
    return static_cast<int>(code);
}

/// Mounts, as root and in a namespace of our own: the stage shows the layout and the empty disk.
Result<void> set_stage(const fs::path& work, std::uint64_t bytes_max, std::uint64_t files_max) {
    TRY_VOID(enter_private_mounts());
    std::error_code failed;
    fs::create_directories(stage, failed);
    fs::permissions(stage.parent_path(), fs::perms{0755}, failed);
    if (failed) return chain::fault(stage.string() + ": " + failed.message());
    TRY_VOID(make_disk(work / "image.ext4", bytes_max, files_max));
    TRY_VOID(mount_memory(stage, 1U << 20));
    fs::create_directories(stage / "layout");
    fs::create_directories(stage / "disk");
    if (::mount((work / "layout").c_str(), (stage / "layout").c_str(), nullptr, MS_BIND, nullptr) != 0)
        return std::unexpected{errno_fault("bind the layout")};
    TRY_VOID(mount_disk(work / "image.ext4", stage / "disk", Access::ReadWrite));
    fs::remove_all(stage / "disk/lost+found", failed);
    fs::create_directories(stage / "disk/rootfs");
    for (const auto& entry : fs::recursive_directory_iterator{stage / "layout"})
        fs::permissions(entry.path(), entry.is_directory() ? fs::perms{0755} : fs::perms{0644}, failed);
    fs::permissions(stage / "layout", fs::perms{0755}, failed);
    for (const auto* folder : {"disk", "disk/rootfs"})
        if (::chown((stage / folder).c_str(), first_image_id, first_image_id) != 0)
            return std::unexpected{errno_fault("chown")};
    return {};
}

/// What umoci reads besides the layout, and the one place where it writes.
const Reach reach{
    .read = {"/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache", "/proc/self", "/sys/kernel/mm", stage / "layout"},
    .write = {stage / "disk", "/dev/null"}};

/// In the child: waits for its user range, then becomes umoci, root only over that range and its disk.
[[noreturn]] void become_umoci(int ready, int mapped, int errors) {
    constexpr int namespaces = CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    char byte = ::unshare(namespaces) == 0 ? 'y' : 'n';
    if (::write(ready, &byte, 1) != 1 || ::read(mapped, &byte, 1) != 1) ::_exit(126);
    if (::setgroups(0, nullptr) != 0 || ::setresgid(0, 0, 0) != 0 || ::setresuid(0, 0, 0) != 0) ::_exit(126);
    ::dup2(errors, 1);
    ::dup2(errors, 2);
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (const auto narrowed = confine(reach); !narrowed) {
        std::fputs((narrowed.error().text + "\n").c_str(), stderr);
        ::_exit(126);
    }
    const char* argv[] = {
        "umoci", "raw", "unpack", "--image", "/run/tephra/unpack/layout:image", "/run/tephra/unpack/disk/rootfs",
        nullptr};
    const char* environment[] = {safe_path, "HOME=/nonexistent", "TMPDIR=/run/tephra/unpack/disk", nullptr};
    ::execve("/usr/bin/umoci", const_cast<char* const*>(argv), const_cast<char* const*>(environment));
    ::_exit(127);
}

Result<Output> run_umoci() {
    TRY(auto ready, make_pipe());
    TRY(auto mapped, make_pipe());
    TRY(auto errors, make_pipe());
    const pid_t child = ::fork();
    if (child < 0) return std::unexpected{errno_fault("fork")};
    if (child == 0) become_umoci(ready.write.get(), mapped.read.get(), errors.write.get());
    errors.write.close();
    ready.write.close();
    char answer = 'n';
    static_cast<void>(::read(ready.read.get(), &answer, 1));
    const auto process = "/proc/" + std::to_string(child) + "/";
    const auto map = "0 " + std::to_string(first_image_id) + " 65536";
    Result<void> set = answer == 'y' ? Result<void>{} : chain::fault("this host gives no user namespaces");
    if (set) set = write_kernel_file(process + "uid_map", map);
    if (set) set = write_kernel_file(process + "gid_map", map);
    if (set) static_cast<void>(::write(mapped.write.get(), "g", 1));
    mapped.write.close();
    auto said = read_all(errors.read.get(), 1U << 20);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!set) return std::unexpected{set.error()};
    if (!said) return std::unexpected{said.error()};
    return Output{.code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
                  .error = std::string{chain::as_text(*said)}};
}

/// The unpacked tree must not hold what only a privileged unpacker could have made.
bool has_forbidden_files(const fs::path& root) {
    std::error_code failed;
    for (auto at = fs::recursive_directory_iterator{root, failed}; at != fs::recursive_directory_iterator{};
         at.increment(failed)) {
        const auto status = at->symlink_status(failed);
        if (failed || fs::is_block_file(status) || fs::is_character_file(status)) return true;
    }
    return static_cast<bool>(failed);
}

}  // namespace

int unpack_main(const fs::path& work_folder, std::uint64_t bytes_max, std::uint64_t files_max) {
    if (const auto done = set_stage(work_folder, bytes_max, files_max); !done)
        return leave(UnpackCode::HostFault, done.error().text);
    const rlimit file_size{bytes_max, bytes_max};
    ::setrlimit(RLIMIT_FSIZE, &file_size);
    const auto output = run_umoci();
    if (!output) return leave(UnpackCode::HostFault, output.error().text);
    const auto fill = fill_of(stage / "disk");
    const bool full = fill.full || output->error.find("no space left") != std::string::npos;
    if (output->code == 127) return leave(UnpackCode::HostFault, "umoci is not installed (tools/setup installs it)");
    if (output->code != 0) return leave(full ? UnpackCode::TooLarge : UnpackCode::BadImage, output->error);
    // mkfs rounds the number of inodes up, so the disk alone is not exact.
    if (fill.used_files > files_max) return leave(UnpackCode::TooLarge, "too many files");
    if (has_forbidden_files(stage / "disk/rootfs")) return leave(UnpackCode::BadImage, "the image holds device nodes");
    unmount(stage / "disk");
    return static_cast<int>(UnpackCode::Ok);
}

}  // namespace worker
