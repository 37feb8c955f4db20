#pragma once
// A worker's containers for a test: a folder of their own, a tiny image from Debian's static busybox in an OCI layout,
// and short words for what tests do with jobs.

#include "gpu-worker/containers/crun_containers.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace e2e {

/// Empty where real containers can run here; else the reason, which the test prints before it steps aside.
std::string why_not();

/// A folder below /var/tmp that goes with the object.
class Scratch {
public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    const std::filesystem::path path;
};

struct BuiltImage {
    std::string digest;                         // "sha256:…" of its manifest
    std::vector<std::filesystem::path> layers;  // its layer blobs, to tamper with
};

/// Adds an image with one layer, the tar of `root`, to the OCI layout in `layout`.
BuiltImage build_image(const std::filesystem::path& layout, const std::filesystem::path& root,
                       const std::string& user = "");

/// busybox with its commands as links, and /etc/passwd.
void make_busybox_root(const std::filesystem::path& root);

/// Containers on a fresh folder with the busybox image at hand as source "local".
class Host {
public:
    Host();
    ~Host();  // nothing of it may be left: checked by the tests that look

    worker::CrunContainers& containers() { return *containers_; }
    /// Opens the folder anew, as a restarted worker does.
    void restart();
    /// Lets go of the folder without opening it again.
    void close() { containers_.reset(); }

    worker::CrunConfig config;
    std::string image;  // "local/busybox@sha256:…"

    /// `sh -c script` with a fresh id and modest limits.
    worker::JobSpec shell(const std::string& script);
    /// Launches and waits for the end (at most 30 s).
    worker::Exit run(const worker::JobSpec& spec, const worker::Secrets& secrets = {});
    worker::Exit wait(const worker::JobId& id);
    /// Everything the job wrote to one stream so far.
    std::string log(const worker::JobId& id, worker::LogStream stream = worker::LogStream::Out);
    /// Waits until the log holds the text (at most 10 s).
    bool log_has(const worker::JobId& id, const std::string& text);

    const Scratch scratch;

private:
    std::unique_ptr<worker::CrunContainers> containers_;
    int next_ = 0;
};

/// What tephra jobs hold on this host just now: tables, links, loop devices, mounts, cgroups. Equal before and after.
std::vector<std::string> held_on_host();

}  // namespace e2e

/// First line of every test here.
#define NEEDS_CONTAINERS()                                            \
    if (const auto reason = e2e::why_not(); !reason.empty()) {        \
        WARN("SKIPPED: real containers cannot run here: " << reason); \
        return;                                                       \
    }
