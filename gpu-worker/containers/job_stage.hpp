#pragma once
// Everything a job stands on, made by its shim in the shim's own mount namespace: image, quota disk, overlay, secrets,
// the generated config.json. Nothing of it is visible on the host, and all of it goes when shim and job are gone.

#include "gpu-worker/containers/job_plan.hpp"

#include <filesystem>

namespace worker {

/// The stage's folders. The path is the same for every job: each sees only its own.
struct JobStage {
    std::filesystem::path path = "/run/tephra/stage";

    std::filesystem::path image() const { return path / "image"; }  // the image's disk
    std::filesystem::path lower() const { return path / "lower"; }  // its root with the job's ids
    std::filesystem::path disk() const { return path / "disk"; }    // the quota disk: upper, work, results, tmp
    std::filesystem::path root() const { return path / "root"; }    // the overlay
    std::filesystem::path secrets() const { return path / "secrets"; }
    std::filesystem::path etc() const { return path / "etc"; }
    std::filesystem::path links() const { return path / "links"; }    // names of driver libraries
    std::filesystem::path bundle() const { return path / "bundle"; }  // config.json
    std::filesystem::path runtime() const { return path / "crun"; }   // crun's own state
    std::filesystem::path pid_file() const { return path / "pid"; }
};

/// Builds the stage. The process must have nothing to lose: it leaves the host's mount namespace.
Result<JobStage, Failure> set_stage(const JobPlan& plan, const JobFolder& folder, const Secrets& secrets);

/// A secret's name is a file name: 1 to 64 of [A-Za-z0-9_.-], not starting with a dot.
bool is_secret_name(std::string_view name);

}  // namespace worker
