#include "tests/e2e/containers/host.hpp"

#include "chain/base/check.hpp"
#include "chain/files/whole_file.hpp"
#include "gpu-worker/containers/cgroup.hpp"
#include "gpu-worker/containers/digest.hpp"
#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/manifest.hpp"
#include "gpu-worker/containers/process.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

namespace e2e {

namespace fs = std::filesystem;
using namespace worker;

namespace {

fs::path add_blob(const fs::path& layout, chain::ByteView bytes) {
    const auto path = layout / "blobs/sha256" / hex_name(sha256_of(bytes));
    chain::check(chain::write_whole(path, bytes, chain::Readers::Everybody).has_value());
    return path;
}

Blob blob_of(chain::ByteView bytes, const char* type) {
    return {.digest = sha256_of(bytes), .size = bytes.size(), .media_type = type};
}

template <class Done>
bool wait_until(Done done, std::chrono::seconds most) {
    const auto end = std::chrono::steady_clock::now() + most;
    while (!done()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return true;
}

}  // namespace

namespace {

std::string look_at_host() {
    if (::geteuid() != 0) return "not root";
    if (cgroup_layout() == CgroupLayout::None) return "no control groups at /sys/fs/cgroup";
    for (const char* tool : {"/usr/bin/crun", "/usr/bin/umoci", "/usr/sbin/nft", "/usr/sbin/mkfs.ext4", "/bin/busybox"})
        if (::access(tool, X_OK) != 0) return std::string{tool} + " is missing (tools/setup)";
    for (const auto& item : selftest({.root = "/var/tmp", .shim_command = {SHIM_PROGRAM}}))
        if (!item.ok && item.essential) return item.name + ": " + item.found;
    return {};
}

}  // namespace

std::string why_not() {
    static const std::string reason = look_at_host();
    return reason;
}

Scratch::Scratch()
    : path([] {
          char name[] = "/var/tmp/tephra-test-XXXXXX";
          chain::check(::mkdtemp(name) != nullptr);
          return fs::path{name};
      }()) {}
Scratch::~Scratch() {
    std::error_code none;
    fs::remove_all(path, none);
}

BuiltImage build_image(const fs::path& layout, const fs::path& root, const std::string& user) {
    fs::create_directories(layout / "blobs/sha256");
    const auto tar = run_ok({.argv = {"tar", "--numeric-owner", "--owner=0", "--group=0", "--sort=name", "--mtime=@0",
                                      "-C", root.string(), "-cf", "-", "."},
                             .output_bytes_max = 64U << 20});
    chain::check(tar.has_value());
    const auto layer = chain::to_bytes(*tar);
    const auto config = chain::to_bytes(
        R"({"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/sh","-c","echo default"],)"
        R"("Env":["PATH=/bin","FROM_IMAGE=yes"],"User":")" +
        user + R"("},"rootfs":{"type":"layers","diff_ids":[")" + oci_digest(sha256_of(layer)) + R"("]}})");
    const Manifest manifest{.config = blob_of(config, ""),
                            .layers = {blob_of(layer, "application/vnd.oci.image.layer.v1.tar")}};
    const auto manifest_bytes = chain::to_bytes(oci_manifest(manifest));
    const auto layer_path = add_blob(layout, layer);
    add_blob(layout, config);
    add_blob(layout, manifest_bytes);
    std::ofstream{layout / "index.json"} << layout_index(sha256_of(manifest_bytes), manifest_bytes.size());
    std::ofstream{layout / "oci-layout"} << R"({"imageLayoutVersion":"1.0.0"})";
    return {.digest = oci_digest(sha256_of(manifest_bytes)), .layers = {layer_path}};
}

void make_busybox_root(const fs::path& root) {
    fs::create_directories(root / "bin");
    fs::create_directories(root / "etc");
    fs::copy_file("/bin/busybox", root / "bin/busybox");
    for (const char* name :
         {"sh", "cat",   "chmod",  "dd",      "echo",  "env",    "grep",  "head",   "id",    "ip",      "kill", "ln",
          "ls", "mkdir", "mkfifo", "mknod",   "mount", "nc",     "nproc", "ping",   "sleep", "stat",    "tail", "touch",
          "tr", "true",  "ulimit", "unshare", "wc",    "whoami", "yes",   "sysctl", "httpd", "hexdump", "seq"})
        fs::create_symlink("busybox", root / "bin" / name);
    std::ofstream{root / "etc/passwd"} << "root:x:0:0:root:/:/bin/sh\nworker:x:1000:1001:worker:/tmp:/bin/sh\n";
    std::ofstream{root / "etc/group"} << "root:x:0:\nstaff:x:1001:\n";
}

Host::Host() {
    make_busybox_root(scratch.path / "root");
    const auto built = build_image(scratch.path / "layout", scratch.path / "root");
    image = "local/busybox@" + built.digest;
    config.root = scratch.path / "worker";
    config.sources = {{"local", (scratch.path / "layout").string()}};
    config.images.unpacked_bytes_max = 256U << 20;
    config.images.files_max = 10'000;
    config.port_first = 0;
    config.port_last = 0;
    config.shim_command = {SHIM_PROGRAM};
    restart();
}

Host::~Host() {
    containers_.reset();
    static_cast<void>(remove_everything(config.root).has_value());
}

void Host::restart() {
    containers_.reset();
    auto opened = CrunContainers::open(config);
    if (!opened) throw std::runtime_error(opened.error().text);
    containers_ = std::move(*opened);
}

JobSpec Host::shell(const std::string& script) {
    JobSpec spec;
    spec.id = {"test-" + std::to_string(++next_)};
    spec.image = image;
    spec.command = {"/bin/sh", "-c", script};
    spec.limits = {.memory_bytes = 64U << 20,
                   .cpu_milli = 1'000,
                   .processes_max = 32,
                   .open_files_max = 256,
                   .disk_bytes = 32U << 20,
                   .log_bytes_max = 1U << 20,
                   .shared_memory_bytes = 1U << 20,
                   .deadline_ms = 20'000,
                   .stop_grace_ms = 500};
    return spec;
}

Exit Host::run(const JobSpec& spec, const Secrets& secrets) {
    const auto ports = containers_->launch(spec, secrets);
    if (!ports) return {.reason = ports.error().reason, .text = ports.error().text};
    return wait(spec.id);
}

Exit Host::wait(const JobId& id) {
    std::optional<JobState> state;
    const auto ended = [&] {
        state = containers_->state(id);
        return !state || state->exit.has_value();
    };
    if (!wait_until(ended, std::chrono::seconds{30})) throw std::runtime_error("the job " + id.value + " does not end");
    if (!state) throw std::runtime_error("no job " + id.value);
    return *state->exit;
}

std::string Host::log(const JobId& id, LogStream stream) {
    std::string text;
    for (std::uint64_t cursor = 0;;) {
        const auto page = containers_->read_log(id, cursor, 65'536);
        if (!page) throw std::runtime_error(page.error().text);
        for (const auto& chunk : page->chunks)
            if (chunk.stream == stream) text += chunk.bytes;
        if (page->chunks.empty()) return text;
        cursor = page->next;
    }
}

bool Host::log_has(const JobId& id, const std::string& text) {
    return wait_until([&] { return log(id).find(text) != std::string::npos; }, std::chrono::seconds{10});
}

std::vector<std::string> held_on_host() {
    std::vector<std::string> held;
    const auto gather = [&](std::vector<std::string> argv, const char* word) {
        std::istringstream lines{run_ok({.argv = std::move(argv)}).value_or("")};
        for (std::string line; std::getline(lines, line);)
            if (line.find(word) != std::string::npos) held.push_back(line);
    };
    gather({"nft", "list", "tables"}, "tephra_");
    gather({"ip", "-br", "link"}, "tephra");
    gather({"losetup", "--list", "--noheadings", "--output", "BACK-FILE"}, "tephra-test");
    gather({"cat", "/proc/self/mounts"}, "tephra");
    gather({"find", "/sys/fs/cgroup", "-path", "*tephra/*", "-maxdepth", "4", "-type", "d"}, "tephra/");
    std::erase_if(held, [](const auto& line) { return line.find("tephra_guard") != std::string::npos; });
    std::ranges::sort(held);
    return held;
}

}  // namespace e2e
