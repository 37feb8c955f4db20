#include "gpu-worker/gpu/cdi.hpp"

#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

using namespace worker;
namespace fs = std::filesystem;

namespace {

/// Device nodes cannot be made in a test, so the fake kind (whose nodes every Linux has) carries the rules' tests, and
/// the real kind the refusals.
CdiCatalogue fake(const std::string& edits) {
    auto devices = parse_cdi(
        R"({"cdiVersion": "0.6.0", "kind": "test.local/null", "devices": [{"name": "zero", "containerEdits": )" +
        edits + "}]}");
    REQUIRE(devices.has_value());
    return {.devices = std::move(*devices)};
}

struct Driver {
    Driver() {
        fs::create_directories(folder / "lib");
        policy.allow_fake = true;
        policy.driver_folders = {(folder / "lib").string()};
    }

    std::string library(const std::string& name) {
        const auto path = folder / "lib" / name;
        std::ofstream{path} << "ELF";
        fs::permissions(path, fs::perms{0644});
        return path.string();
    }
    static std::string mount(const std::string& host, const std::string& inside) {
        return R"({"deviceNodes": [{"path": "/dev/zero"}], "mounts": [{"hostPath": ")" + host +
               R"(", "containerPath": ")" + inside + R"("}]})";
    }
    chain::Result<DeviceEdits> edits(const std::string& text) const {
        return edits_for(fake(text), {"FAKE-zero"}, {}, policy);
    }

    tests::TempFolder folder;
    DevicePolicy policy;
};

constexpr const char* nvidia_yaml = R"(
cdiVersion: 0.5.0
kind: nvidia.com/gpu
containerEdits:
  deviceNodes:
    - path: /dev/nvidiactl
    - path: /dev/nvidia-modeset
  hooks:
    - hookName: createContainer
      path: /usr/bin/nvidia-cdi-hook
devices:
  - name: "0"
    containerEdits:
      deviceNodes: [{path: /dev/nvidia0}]
  - name: GPU-b
    containerEdits:
      deviceNodes: [{path: /dev/nvidia1}]
  - name: all
    containerEdits:
      deviceNodes: [{path: /dev/nvidia0}, {path: /dev/nvidia1}]
)";

}  // namespace

TEST_CASE("a device's own edits follow its file's; hooks are counted, never kept") {
    const auto devices = parse_cdi(nvidia_yaml).value();
    REQUIRE(devices.size() == 3);
    CHECK(devices[0].kind == nvidia_kind);
    CHECK(devices[0].node_paths == std::vector<std::string>{"/dev/nvidiactl", "/dev/nvidia-modeset", "/dev/nvidia0"});
    CHECK(devices[0].hooks == 1);
}

TEST_CASE("files that are no CDI are faults, not crashes") {
    for (const auto* text :
         {"", "[]", "7", "a: [", "kind: x", "cdiVersion: 0.5.0", "{cdiVersion: 9.9, kind: x}", "\x01\x02"})
        CHECK_FALSE(parse_cdi(text).has_value());
    // Maps where lists belong hold no devices.
    CHECK(parse_cdi("{cdiVersion: 0.5.0, kind: x, devices: {a: b}}").value().empty());
    CHECK_FALSE(parse_cdi("{cdiVersion: 0.5.0, kind: x, devices: [7]}").has_value());
    CHECK(parse_cdi("{cdiVersion: 0.5.0, kind: x, devices: [{name: a, containerEdits: {mounts: [7], hooks: 7}}]}")
              .has_value());
    CHECK(read_cdi({"/no/such/folder"}).warnings.empty());
}

TEST_CASE("a GPU is found by its UUID, directly or by its node, and never as \"all\"") {
    const CdiCatalogue catalogue{.devices = parse_cdi(nvidia_yaml).value()};
    const GpuInventory inventory{.gpus = {{.uuid = "GPU-a", .device_minor = 0}, {.uuid = "GPU-c", .device_minor = 7}}};
    const auto trouble = [&](std::vector<std::string> uuids) {
        return edits_for(catalogue, uuids, inventory, {}).error().text;
    };
    // This machine has no such nodes: that the look-up got as far as the node shows which device was meant.
    CHECK((fs::exists("/dev/nvidiactl") || trouble({"GPU-a"}) == "the host has no device /dev/nvidiactl"));
    CHECK((fs::exists("/dev/nvidiactl") || trouble({"GPU-b"}) == "the host has no device /dev/nvidiactl"));
    CHECK(trouble({"GPU-c"}) == "no device GPU-c on this machine");
    CHECK(trouble({"0"}) == "no device 0 on this machine");
    CHECK(trouble({"all"}) == "no device all on this machine");
    CHECK(trouble({"FAKE-zero"}) == "no device FAKE-zero on this machine");
    CHECK(trouble({"../nvidia0"}) == "no device ../nvidia0 on this machine");
}

TEST_CASE("fakes only where they are allowed, each once") {
    const auto catalogue = fake(R"({"deviceNodes": [{"path": "/dev/zero"}]})");
    CHECK_FALSE(edits_for(catalogue, {"FAKE-zero"}, {}, {}).has_value());
    const auto edits = edits_for(catalogue, {"FAKE-zero"}, {}, {.allow_fake = true});
    REQUIRE(edits.has_value());
    CHECK(edits->nodes == std::vector<DeviceNode>{{"/dev/zero", 1, 5}});
    CHECK_FALSE(edits_for(catalogue, {"FAKE-zero", "FAKE-zero"}, {}, {.allow_fake = true}).has_value());
    CHECK_FALSE(edits_for(catalogue, {"zero"}, {}, {.allow_fake = true}).has_value());
    CHECK(device_class({}) == DeviceClass::Cpu);
}

TEST_CASE("a CDI file that asks for more than a GPU gets nothing") {
    const Driver driver;
    for (const auto* node : {"/dev/sda", "/dev/kvm", "/dev/mem", "/dev/../dev/zero", "zero", ""}) {
        INFO(node);
        CHECK_FALSE(driver.edits(R"({"deviceNodes": [{"path": ")" + std::string{node} + R"("}]})").has_value());
    }
    // The path inside says zero, the host's says disk: the host's counts.
    CHECK_FALSE(driver.edits(R"({"deviceNodes": [{"path": "/dev/zero", "hostPath": "/dev/vda"}]})").has_value());
}

TEST_CASE("driver files: the driver's names, in the driver's folders, owned by root, whatever links say") {
    Driver driver;
    const auto library = driver.library("libcuda.so.580.65");
    if (::geteuid() == 0) {
        const auto good = driver.edits(Driver::mount(library, library));
        REQUIRE(good.has_value());
        CHECK(good->files == std::vector<DriverFile>{{library, library}});
    }
    SECTION("outside the folders") {
        std::ofstream{driver.folder / "libcuda.so.1"} << "x";
        const auto outside = (driver.folder / "libcuda.so.1").string();
        CHECK_FALSE(driver.edits(Driver::mount(outside, library)).has_value());
        CHECK_FALSE(driver.edits(Driver::mount(library, outside)).has_value());
        CHECK_FALSE(
            driver.edits(Driver::mount(library, (driver.folder / "lib/../../etc/libcuda.so").string())).has_value());
    }
    SECTION("a link that leaves the folder") {
        fs::create_symlink("/etc/shadow", driver.folder / "lib/libcuda.so.2");
        const auto link = (driver.folder / "lib/libcuda.so.2").string();
        CHECK_FALSE(driver.edits(Driver::mount(link, link)).has_value());
    }
    SECTION("a link to another name inside it") {
        driver.library("secrets.db");
        fs::create_symlink("secrets.db", driver.folder / "lib/libcuda.so.3");
        const auto link = (driver.folder / "lib/libcuda.so.3").string();
        CHECK_FALSE(driver.edits(Driver::mount(link, link)).has_value());
    }
    SECTION("a file that everybody may write") {
        fs::permissions(library, fs::perms{0666});
        CHECK_FALSE(driver.edits(Driver::mount(library, library)).has_value());
    }
    SECTION("other files are left out without a word: sockets, configuration, the host's shell") {
        for (const auto* path : {"/run/nvidia-persistenced/socket", "/etc/passwd", "/bin/sh", "/var/run/docker.sock"}) {
            const auto edits = driver.edits(Driver::mount(path, path));
            REQUIRE(edits.has_value());
            CHECK(edits->files.empty());
        }
    }
}

TEST_CASE("inventory without a driver is empty and says why; the CPU is what it is") {
    const auto gpus = gpu_inventory();
    CHECK((gpus.gpus.empty() == !gpus.why_empty.empty()));
    const auto cpu = cpu_inventory("/");
    CHECK(cpu.threads > 0);
    CHECK(cpu.memory_bytes > 0);
    CHECK(cpu.disk_free_bytes > 0);
}
