// Devices by our own CDI merge, proven with a fake one; a real GPU where the host has one.

#include "gpu-worker/containers/process.hpp"
#include "gpu-worker/gpu/inventory.hpp"
#include "tests/e2e/containers/host.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

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

TEST_CASE("a CUDA program in an image computes on the GPU that was handed to it, and sees no other") {
    NEEDS_CONTAINERS();
    const auto inventory = gpu_inventory();
    const std::filesystem::path program = CUDA_PROGRAM;
    if (inventory.gpus.empty() || !std::filesystem::exists(program)) {
        WARN("SKIPPED: " << (inventory.gpus.empty() ? inventory.why_empty : "no CUDA toolkit built the program"));
        return;
    }
    e2e::Host host;
    // The loader and the libraries of this host are the image's; the driver's come by injection.
    const auto root = host.scratch.path / "root";
    std::istringstream words{run_ok({.argv = {"ldd", program.string()}}).value()};
    for (std::string word; words >> word;)
        if (word.starts_with("/") && !std::filesystem::exists(root / word.substr(1))) {
            std::filesystem::create_directories((root / word.substr(1)).parent_path());
            std::filesystem::copy_file(word, root / word.substr(1));
        }
    std::filesystem::copy_file(program, root / "bin/cuda_sample");
    auto spec = host.shell("");
    spec.command = {"/bin/cuda_sample"};
    spec.image = "local/cuda@" + e2e::build_image(host.scratch.path / "layout", root).digest;
    spec.gpus = {inventory.gpus.front().uuid};
    spec.limits.memory_bytes = 4ULL << 30;
    spec.limits.processes_max = 256;
    const auto exit = host.run(spec);
    INFO(exit.text << host.log(spec.id, LogStream::Error));
    CHECK(exit.code == 0);
    const auto text = host.log(spec.id);
    CHECK(text.find("devices 1\n") != std::string::npos);
    CHECK(text.find("uuid " + inventory.gpus.front().uuid) != std::string::npos);
    CHECK(text.find("checked in 16 rows") != std::string::npos);
}
