#pragma once
// What the worker hands to the shim: everything about one job that is decided before it starts, as one record on disk.

#include "gpu-worker/containers/containers.hpp"
#include "gpu-worker/gpu/cdi.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace worker {

/// The parts of an image's configuration that we honour.
struct ImageConfig {
    std::vector<std::string> entry_point;
    std::vector<std::string> arguments;
    std::vector<std::string> environment;  // "NAME=value"
    std::string folder;                    // working folder
    std::string user;                      // "name", "uid", "name:group", "uid:gid" or empty
    bool operator==(const ImageConfig&) const = default;
};

struct JobPlan {
    JobSpec spec;
    ImageConfig image;
    std::string image_file;  // the unpacked image: a file holding a file system
    DeviceEdits devices;
    std::vector<PublishedPort> ports;
    std::vector<std::string> dns;
    std::string cgroup;      // "/tephra/0a1b2c3d-lease-17", below every controller's root
    std::uint32_t slot = 0;  // this host's number for the job while it lives; see slots.hpp
    std::uint64_t launched_ms = 0;
    bool operator==(const JobPlan&) const = default;
};

/// The files of one job. The folder's name is the job's id.
struct JobFolder {
    std::filesystem::path path;

    std::filesystem::path plan() const { return path / "plan"; }            // JobPlan, SCALE
    std::filesystem::path lock() const { return path / "lock"; }            // held while the shim lives; holds its pid
    std::filesystem::path started() const { return path / "started"; }      // u64 Unix ms, SCALE
    std::filesystem::path exit() const { return path / "exit"; }            // Exit, SCALE; the last thing written
    std::filesystem::path log() const { return path / "log"; }              // see log_file.hpp
    std::filesystem::path results() const { return path / "results.tar"; }  // see results.hpp
    std::filesystem::path disk() const { return path / "disk.ext4"; }       // the quota disk, gone after the end
    std::filesystem::path shim_log() const { return path / "shim.log"; }    // crun's own words, for the provider
};

/// The image's or the job's own words, in the order that the program gets them. BadSpec where there are none.
Result<std::vector<std::string>, Failure> arguments_of(const JobSpec& spec, const ImageConfig& image);

/// Refuses with BadSpec or BadReference what no host would run: see limits below.
Result<void, Failure> check_spec(const JobSpec& spec);

/// Bounds of a spec beyond which check_spec refuses.
struct SpecBounds {
    static constexpr std::size_t words_max = 256;
    static constexpr std::size_t word_bytes_max = 16'384;
    static constexpr std::size_t variables_max = 256;
    static constexpr std::size_t ports_max = 16;
    static constexpr std::size_t gpus_max = 64;
    static constexpr std::uint64_t memory_bytes_min = 4ULL << 20;
    static constexpr std::uint64_t disk_bytes_min = 4ULL << 20;
    static constexpr std::uint64_t disk_bytes_max = 16ULL << 40;
    static constexpr std::uint32_t cpu_milli_min = 10;
    static constexpr std::uint32_t processes_min = 4;
    static constexpr std::uint32_t open_files_min = 16;
    static constexpr std::uint64_t log_bytes_max = 1ULL << 30;
    static constexpr std::uint64_t log_rate_min = 1'024;
    static constexpr std::uint64_t stop_grace_ms_max = 300'000;
};

}  // namespace worker
