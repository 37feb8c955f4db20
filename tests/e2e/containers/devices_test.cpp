// Devices by our own CDI merge, proven with a fake one; a real GPU where the host has one.

#include "gpu-worker/gpu/inventory.hpp"
#include "tests/e2e/containers/host.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace worker;

TEST_CASE("a fake device is injected where tests allow it, works, and is never counted as a GPU") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    host.config.cdi_folders = {host.scratch.path / "cdi"};
    std::filesystem::create_directory(host.scratch.path / "cdi");
    std::ofstream{host.scratch.path / "cdi/null.json"}
        << R"({"cdiVersion": "0.5.0", "kind": "test.local/null", "devices": [
        {"name": "zero", "containerEdits": {"deviceNodes": [{"path": "/dev/zero"}],
         "hooks": [{"hookName": "createContainer", "path": "/bin/touch", "args": ["touch", "/tmp/hook-ran"]}]}}]})";
    auto spec = host.shell("head -c 4 /dev/zero | hexdump -e '4/1 \"%02x\"'; stat -c ' %a %F' /dev/zero");
    spec.gpus = {"FAKE-zero"};
    SECTION("refused by default") {
        host.restart();
        CHECK(host.run(spec).reason == Reason::NoSuchGpu);
    }
    SECTION("allowed") {
        host.config.allow_fake_devices = true;
        host.restart();
        CHECK(host.run(spec).code == 0);
        CHECK(host.log(spec.id) == "00000000 666 character special file\n");
        CHECK_FALSE(std::filesystem::exists("/tmp/hook-ran"));
        for (const auto& gpu : gpu_inventory().gpus) CHECK(gpu.uuid.find("FAKE") == std::string::npos);
    }
    SECTION("one tenant at a time") {
        host.config.allow_fake_devices = true;
        host.restart();
        auto first = host.shell("sleep 2");
        first.gpus = {"FAKE-zero"};
        REQUIRE(host.containers().launch(first, {}).has_value());
        CHECK(host.run(spec).reason == Reason::NoSuchGpu);
    }
}
