// Images that are not what their name says are refused, with a reason for the renter.

#include "gpu-worker/containers/digest.hpp"
#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/image_store.hpp"
#include "gpu-worker/containers/process.hpp"
#include "tests/e2e/containers/host.hpp"

#include <catch2/catch.hpp>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

using namespace worker;
namespace fs = std::filesystem;

namespace {

/// Debian's registry on a free port, serving what the test pushes.
class Registry {
public:
    explicit Registry(const fs::path& folder) {
        for (int attempt = 0; attempt < 5 && process_ == 0; ++attempt) begin(folder);
    }
    ~Registry() {
        if (process_ != 0) ::kill(process_, SIGTERM);
        if (process_ != 0) ::waitpid(process_, nullptr, 0);
    }
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    bool runs() const { return process_ != 0; }
    std::string place;
    fs::path blobs;

private:
    void begin(const fs::path& folder) {
        const auto port = run_ok(
            {.argv = {"python3", "-c",
                      "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"}});
        place = "127.0.0.1:" + port.value_or("5055\n");
        place.pop_back();
        blobs = folder / "data/docker/registry/v2/blobs/sha256";
        std::ofstream{folder / "registry.yml"}
            << "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: " << (folder / "data").string()
            << "}}\nhttp: {addr: \"" << place << "\"}\n";
        auto input = make_pipe();
        const auto child =
            start({"docker-registry", "serve", (folder / "registry.yml").string()}, {.in = input->read.get()}, {});
        if (!child) return;
        for (int i = 0; i < 100; ++i) {
            if (run_ok({.argv = {"curl", "-sf", "http://" + place + "/v2/"}}).has_value()) {
                process_ = *child;
                return;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{50});
        }
        ::kill(*child, SIGKILL);
        ::waitpid(*child, nullptr, 0);
    }
    pid_t process_ = 0;
};

Failure failure(e2e::Host& host, const std::string& image) {
    auto spec = host.shell("true");
    spec.image = image;
    const auto done = host.containers().prepare(spec);
    return done ? Failure{Reason::Exited, ""} : done.error();
}

void flip_a_byte(const fs::path& file) {
    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    stream.seekp(700);
    stream.put('\x5a');
}

}  // namespace

TEST_CASE("names that no image can have, and sources that nobody configured") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const std::string digest = "sha256:" + std::string(64, 'a');
    CHECK(failure(host, "local/busybox:latest").reason == Reason::BadReference);
    CHECK(failure(host, "local/busybox").reason == Reason::BadReference);
    CHECK(failure(host, "elsewhere/busybox@" + digest).reason == Reason::UnknownSource);
    CHECK(failure(host, "local/busybox@" + digest).reason == Reason::ImageNotFound);
}

TEST_CASE("a layout whose bytes were changed is refused: manifest, layer, size") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto layout = host.scratch.path / "layout";
    const auto digest = host.image.substr(host.image.find('@') + 8);
    SECTION("manifest") { std::ofstream{layout / "blobs/sha256" / digest, std::ios::app} << " "; }
    SECTION("layer") {
        const auto built = e2e::build_image(layout, host.scratch.path / "root");
        flip_a_byte(built.layers.front());
    }
    SECTION("layer's length") {
        const auto built = e2e::build_image(layout, host.scratch.path / "root");
        std::ofstream{built.layers.front(), std::ios::app} << "more";
    }
    const auto why = failure(host, host.image);
    CHECK(why.reason == Reason::ImageDigestMismatch);
    CHECK_FALSE(why.text.empty());
    CHECK(why.text.find(host.scratch.path.string()) == std::string::npos);
    CHECK(fs::is_empty(host.config.root / "images"));
}

TEST_CASE("images beyond the bounds are refused: bytes, files, layers") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    SECTION("compressed bytes") { host.config.images.compressed_bytes_max = 100'000; }
    SECTION("unpacked bytes") {
        host.config.images.unpacked_bytes_max = 16U << 20;
        const auto root = host.scratch.path / "root";
        REQUIRE(run_ok({.argv = {"dd", "if=/dev/zero", "of=" + (root / "big").string(), "bs=1M", "count=30",
                                 "status=none"}})
                    .has_value());
        host.image = "local/busybox@" + e2e::build_image(host.scratch.path / "layout", root).digest;
    }
    SECTION("files") {
        host.config.images.files_max = 64;
        for (int i = 0; i < 200; ++i) std::ofstream{host.scratch.path / "root" / ("file" + std::to_string(i))};
        host.image =
            "local/busybox@" + e2e::build_image(host.scratch.path / "layout", host.scratch.path / "root").digest;
    }
    host.restart();
    CHECK(failure(host, host.image).reason == Reason::ImageTooLarge);
}

TEST_CASE("a device node in an image becomes no device") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto root = host.scratch.path / "root";
    REQUIRE(run_ok({.argv = {"mknod", (root / "disk").string(), "b", "8", "0"}}).has_value());
    auto spec = host.shell("test -b /disk && echo device; stat -c %F /disk; head -c 1 /disk | wc -c");
    spec.image = "local/busybox@" + e2e::build_image(host.scratch.path / "layout", root).digest;
    CHECK(host.run(spec).code == 0);
    CHECK(host.log(spec.id) == "regular empty file\n0\n");
}

TEST_CASE("links in an image lead nowhere outside of it") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto root = host.scratch.path / "root";
    const auto outside = host.scratch.path / "outside";
    fs::create_directory(outside);
    SECTION("where the worker mounts") { fs::create_directory_symlink(outside, root / "results"); }
    SECTION("where it puts files") {
        fs::remove_all(root / "etc");
        fs::create_directory_symlink(outside, root / "etc");
    }
    auto spec = host.shell("true");
    spec.image = "local/busybox@" + e2e::build_image(host.scratch.path / "layout", root).digest;
    spec.root = RootMode::Writable;
    const auto exit = host.run(spec);
    CHECK(exit.reason == Reason::BadImage);
    CHECK(culprit_of(exit.reason) == Culprit::Renter);
    CHECK(fs::is_empty(outside));
}

TEST_CASE("a registry on loopback: pulled by digest, cached, and refused when its store was tampered with") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const Registry registry{host.scratch.path};
    if (!registry.runs()) {
        WARN("SKIPPED: docker-registry does not start here");
        return;
    }
    REQUIRE(run_ok({.argv = {"skopeo", "--insecure-policy", "copy", "-q", "--preserve-digests",
                             "--dest-tls-verify=false", "oci:" + (host.scratch.path / "layout").string() + ":image",
                             "docker://" + registry.place + "/team/tool:1"}})
                .has_value());
    host.config.sources["hub"] = "http://" + registry.place;
    host.config.sources["strict"] = "https://" + registry.place;
    host.restart();
    const auto name = "team/tool" + host.image.substr(host.image.find('@'));
    SECTION("as it should be") {
        auto spec = host.shell("echo pulled");
        spec.image = "hub/" + name;
        CHECK(host.run(spec).code == 0);
        CHECK(host.log(spec.id) == "pulled\n");
    }
    SECTION("unknown digest") {
        CHECK(failure(host, "hub/team/tool@sha256:" + std::string(64, '1')).reason == Reason::ImageNotFound);
    }
    SECTION("no TLS where TLS is configured") {
        CHECK(failure(host, "strict/" + name).reason == Reason::SourceUnreachable);
    }
    SECTION("tampered layer") {
        std::vector<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator{registry.blobs})
            if (entry.path().filename() == "data") files.push_back(entry.path());
        flip_a_byte(*std::ranges::max_element(files, {}, [](const auto& file) { return fs::file_size(file); }));
        const auto why = failure(host, "hub/" + name);
        INFO(why.text);
        CHECK(why.reason == Reason::ImageDigestMismatch);
    }
}

TEST_CASE("the cache keeps within its bound and forgets the longest unused image") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    host.config.images.cache_bytes_max = 5U << 20;
    host.restart();
    std::vector<std::string> digests;
    for (int i = 0; i < 4; ++i) {
        std::ofstream{host.scratch.path / "root/number"} << i;
        digests.push_back(e2e::build_image(host.scratch.path / "layout", host.scratch.path / "root").digest);
        REQUIRE(failure(host, "local/busybox@" + digests.back()).reason == Reason::Exited);
    }
    CHECK_FALSE(fs::exists(host.config.root / "images" / digests.front().substr(7)));
    CHECK(fs::exists(host.config.root / "images" / digests.back().substr(7)));
}
