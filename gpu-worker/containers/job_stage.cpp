#include "gpu-worker/containers/job_stage.hpp"

#include "chain/files/whole_file.hpp"
#include "gpu-worker/containers/cgroup.hpp"
#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/image_store.hpp"
#include "gpu-worker/containers/image_user.hpp"
#include "gpu-worker/containers/mounts.hpp"
#include "gpu-worker/containers/network.hpp"
#include "gpu-worker/containers/runtime_config.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace worker {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t stage_bytes_max = 8U << 20;

Result<void> make_folder(const fs::path& path, mode_t mode, std::uint32_t owner) {
    if (::mkdir(path.c_str(), mode) != 0) return std::unexpected{errno_fault(path.string())};
    // mkdir obeys the umask; these modes are meant as they stand.
    if (::chmod(path.c_str(), mode) != 0 || ::chown(path.c_str(), owner, owner) != 0)
        return std::unexpected{errno_fault(path.string())};
    return {};
}

Result<void> put_file(const fs::path& path, std::string_view text, mode_t mode, std::uint32_t owner) {
    TRY_VOID(chain::write_whole(path, text, chain::Readers::Owner));
    if (::chmod(path.c_str(), mode) != 0 || ::chown(path.c_str(), owner, owner) != 0)
        return std::unexpected{errno_fault(path.string())};
    return {};
}

Result<void> mount_root(const JobPlan& plan, const JobFolder& folder, const JobStage& stage) {
    const auto first = first_id_of(plan.slot);
    TRY_VOID(mount_disk(plan.image_file, stage.image(), Access::ReadOnly));
    TRY_VOID(bind_with_ids(stage.image() / "rootfs", stage.lower(), first_image_id, first, ids_per_job));
    std::error_code none;
    fs::remove(folder.disk(), none);
    TRY_VOID(make_disk(folder.disk(), plan.spec.limits.disk_bytes, 0));
    TRY_VOID(mount_disk(folder.disk(), stage.disk(), Access::ReadWrite));
    fs::remove_all(stage.disk() / "lost+found", none);
    TRY_VOID(make_folder(stage.disk() / "upper", 0755, first));
    TRY_VOID(make_folder(stage.disk() / "work", 0700, 0));
    TRY_VOID(make_folder(stage.disk() / "results", 01777, first));
    TRY_VOID(make_folder(stage.disk() / "tmp", 01777, first));
    return mount_overlay(stage.lower(), stage.disk() / "upper", stage.disk() / "work", stage.root());
}

Result<void> write_etc(const JobPlan& plan, const JobStage& stage) {
    TRY_VOID(put_file(stage.etc() / "hosts", "127.0.0.1 localhost job\n::1 localhost\n", 0644, 0));
    TRY_VOID(put_file(stage.etc() / "hostname", "job\n", 0644, 0));
    std::string resolvers;
    if (plan.spec.network == NetworkPolicy::Internet)
        for (const auto& server : plan.dns) resolvers += "nameserver " + server + "\n";
    return put_file(stage.etc() / "resolv.conf", resolvers, 0644, 0);
}

/// Links under every name that programs look for, pointing at the library's path inside the job.
Result<void> write_links(const JobPlan& plan, const JobStage& stage) {
    for (const auto& file : plan.devices.files) {
        const auto name = fs::path{file.path}.filename().string();
        if (name.find(".so") == std::string::npos) continue;
        for (const auto& link : library_names(name))
            if (::symlink(file.path.c_str(), (stage.links() / link).c_str()) != 0 && errno != EEXIST)
                return std::unexpected{errno_fault("driver links")};
    }
    return {};
}

Result<void> write_secrets(const Secrets& secrets, const JobStage& stage, std::uint32_t owner) {
    for (const auto& [name, value] : secrets) TRY_VOID(put_file(stage.secrets() / name, value, 0400, owner));
    if (::chown(stage.secrets().c_str(), owner, owner) != 0 || ::chmod(stage.secrets().c_str(), 0500) != 0)
        return std::unexpected{errno_fault("secrets")};
    return {};
}

Result<void> make_places(const JobStage& stage) {
    TRY_VOID(enter_private_mounts());
    std::error_code failed;
    fs::create_directories(stage.path, failed);
    fs::permissions(stage.path.parent_path(), fs::perms{0755}, failed);
    if (failed) return chain::fault(stage.path.string() + ": " + failed.message());
    TRY_VOID(mount_memory(stage.path, stage_bytes_max));
    for (const auto& folder : {stage.image(), stage.lower(), stage.disk(), stage.root(), stage.secrets(), stage.etc(),
                               stage.links(), stage.bundle(), stage.runtime()})
        TRY_VOID(make_folder(folder, 0755, 0));
    return {};
}

}  // namespace

bool is_secret_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
               c == '-';
    };
    return !name.empty() && name.size() <= 64 && name.front() != '.' && std::ranges::all_of(name, allowed);
}

Result<JobStage, Failure> set_stage(const JobPlan& plan, const JobFolder& folder, const Secrets& secrets) {
    const auto host_fault = [](const Result<void>& failed) {
        return std::unexpected{Failure{Reason::HostFault, failed.error().text}};
    };
    const JobStage stage;
    if (const auto done = make_places(stage); !done) return host_fault(done);
    if (const auto done = mount_root(plan, folder, stage); !done) return host_fault(done);
    TRY(const auto ids,
        resolve_user(plan.image.user, read_inside(stage.root(), "etc/passwd"), read_inside(stage.root(), "etc/group")));
    if (const auto done = write_etc(plan, stage); !done) return host_fault(done);
    if (const auto done = write_links(plan, stage); !done) return host_fault(done);
    if (const auto done = write_secrets(secrets, stage, first_id_of(plan.slot) + ids.user); !done)
        return host_fault(done);

    rlimit open_files{};
    ::getrlimit(RLIMIT_NOFILE, &open_files);
    const auto layout = cgroup_layout();
    const RuntimePlace place{.root = stage.root(),
                             .results = stage.disk() / "results",
                             .temporary = stage.disk() / "tmp",
                             .secrets = secrets.empty() ? "" : stage.secrets().string(),
                             .etc = stage.etc(),
                             .driver_links = plan.devices.nodes.empty() ? "" : stage.links().string(),
                             .user = ids.user,
                             .group = ids.group,
                             .open_files_max = open_files.rlim_max,
                             .swap_accounting = has_swap_accounting(layout),
                             .unified = layout == CgroupLayout::Unified};
    TRY(const auto config, runtime_config(plan, place));
    if (const auto done = put_file(stage.bundle() / "config.json", config, 0600, 0); !done) return host_fault(done);
    return stage;
}

}  // namespace worker
