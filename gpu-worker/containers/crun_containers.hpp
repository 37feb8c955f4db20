#pragma once
// Containers by crun: one private mount namespace, user range, network namespace, cgroup and quota disk per job, all of
// them owned by a small shim process that outlives the worker. When shim and job are gone, so is everything they held.

#include "gpu-worker/containers/containers.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace worker {

/// Bounds on what an image may be; beyond: ImageTooLarge.
struct ImageBounds {
    std::uint64_t compressed_bytes_max = 20ULL << 30;
    std::uint64_t unpacked_bytes_max = 40ULL << 30;
    std::uint32_t layers_max = 128;
    std::uint64_t files_max = 2'000'000;
    std::uint64_t cache_bytes_max = 100ULL << 30;  // unpacked images kept; the longest unused goes first
};

struct CrunConfig {
    std::filesystem::path root;                  // everything this worker keeps: images, jobs
    std::map<std::string, std::string> sources;  // name → "https://host[:port]", "http://…" or an OCI layout's folder
    ImageBounds images;
    std::uint16_t port_first = 30'000;  // published ports come from here …
    std::uint16_t port_last = 30'999;   // … to here; both 0: the kernel chooses
    std::vector<std::string> dns = {"9.9.9.9", "1.1.1.1"};
    std::vector<std::filesystem::path> cdi_folders = {"/etc/cdi", "/var/run/cdi"};
    bool allow_fake_devices = false;        // CDI kind test.local/null, for tests: never reported as a GPU
    std::vector<std::string> shim_command;  // argv that reaches shim_main; empty: {/proc/self/exe, "shim"}
};

class CrunContainers final : public Containers {
public:
    /// Opens the folder, adopts the jobs of an earlier process and clears what dead ones left. One process at a time.
    static Result<std::unique_ptr<CrunContainers>> open(CrunConfig config);
    ~CrunContainers() override;  // jobs go on

    Result<void, Failure> prepare(const JobSpec& spec) override;
    Result<std::vector<PublishedPort>, Failure> launch(const JobSpec& spec, const Secrets& secrets) override;
    Result<void> stop(const JobId& id, StopMode mode) override;
    std::optional<JobState> state(const JobId& id) const override;
    std::vector<JobId> jobs() const override;
    Result<LogPage> read_log(const JobId& id, std::uint64_t cursor, std::size_t bytes_max) const override;
    Result<chain::Bytes> read_results(const JobId& id, std::uint64_t offset, std::size_t bytes_max) const override;
    Result<void> remove(const JobId& id) override;
    void on_exit(std::function<void(const JobId&, const Exit&)> handler) override;

private:
    struct Impl;
    explicit CrunContainers(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

/// Entry of the program's hidden `shim` command, called with the words from `shim` on: `if (argc > 1 &&
/// std::string_view{argv[1]} == "shim") return worker::shim_main(argc - 1, argv + 1);`, before any thread or log
/// exists. Returns the process's exit code.
int shim_main(int argc, char** argv);

/// One thing that running jobs needs of this host.
struct SelftestItem {
    std::string name;  // "cgroups", "crun", …
    bool ok = false;
    bool essential = true;  // false: only some jobs need it
    std::string found;      // what is there, or what is missing
    std::string remedy;     // a command or a sentence; empty when ok
};

/// Looks, and tries where looking is not enough (user namespace, overlay, loop, nft, a published port, crun itself).
/// Changes nothing that stays.
std::vector<SelftestItem> selftest(const CrunConfig& config);

/// Ends every job below `root` and removes its processes, cgroups, packet filter tables, links and files. Safe to
/// repeat.
Result<void> remove_everything(const std::filesystem::path& root);

}  // namespace worker
