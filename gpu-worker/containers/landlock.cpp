#include "gpu-worker/containers/landlock.hpp"

#include "gpu-worker/containers/files.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace worker {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t reading =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;

/// All rights that this version of the kernel knows: what is not handled would stay allowed.
std::uint64_t all_rights(int version) {
    std::uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
    if (version >= 2) rights |= LANDLOCK_ACCESS_FS_REFER;
    // Not in the headers of Linux 6.1: truncating files, and commands to devices.
    if (version >= 3) rights |= 1ULL << 14;
    if (version >= 5) rights |= 1ULL << 15;
    return rights;
}

/// Rights that make sense for a file; more of them and the kernel refuses the rule.
constexpr std::uint64_t of_files =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | 1ULL << 14 | 1ULL << 15;

chain::Result<void> allow(int ruleset, const fs::path& place, std::uint64_t rights) {
    const Fd beneath{::open(place.c_str(), O_PATH | O_CLOEXEC)};
    if (!beneath) return {};
    std::error_code none;
    if (!fs::is_directory(place, none)) rights &= of_files;
    landlock_path_beneath_attr rule{.allowed_access = rights, .parent_fd = beneath.get()};
    if (::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
        return std::unexpected{errno_fault("landlock: " + place.string())};
    return {};
}

}  // namespace

int landlock_version() {
    const auto version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version < 0 ? 0 : static_cast<int>(version);
}

chain::Result<void> confine(const Reach& reach) {
    const int version = landlock_version();
    if (version == 0) return {};
    landlock_ruleset_attr attributes{.handled_access_fs = all_rights(version)};
    const Fd ruleset{static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0))};
    if (!ruleset) return std::unexpected{errno_fault("landlock")};
    for (const auto& place : reach.read) TRY_VOID(allow(ruleset.get(), place, reading));
    for (const auto& place : reach.write) TRY_VOID(allow(ruleset.get(), place, attributes.handled_access_fs));
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0)
        return std::unexpected{errno_fault("landlock")};
    return {};
}

}  // namespace worker
