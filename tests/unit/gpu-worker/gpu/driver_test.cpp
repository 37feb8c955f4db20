#include "gpu-worker/gpu/driver.hpp"

#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace worker;
namespace fs = std::filesystem;

TEST_CASE("without a CDI file the driver's own version tells which files belong to it") {
    const tests::TempFolder own;
    const fs::path folder = own.path();
    for (const auto* file : {"libcuda.so.580.65", "libcuda.so.470.1", "libnvidia-ml.so.580.65", "libGL.so.580.65",
                             "libnvidia-glcore.so.580.65"})
        std::ofstream{folder / file} << "ELF";
    fs::create_directory_symlink(folder, folder / "again");
    const DevicePolicy policy{.driver_folders = {folder.string(), (folder / "again").string()}};
    GpuInventory inventory{.gpus = {{.uuid = "GPU-a", .device_minor = 2}, {.uuid = "MIG-b", .mig_parent = "GPU-c"}}};
    CHECK(driver_catalogue(inventory, policy).devices.empty());

    inventory.driver_version = "580.65";
    const auto catalogue = driver_catalogue(inventory, policy);
    REQUIRE(catalogue.devices.size() == 1);
    CHECK(catalogue.devices[0].name == "GPU-a");
    CHECK(catalogue.devices[0].node_paths[2] == "/dev/nvidia2");
    REQUIRE(catalogue.devices[0].files.size() == 2);
    CHECK(catalogue.devices[0].files[0].path == (folder / "libcuda.so.580.65").string());
    CHECK(catalogue.devices[0].files[1].path == (folder / "libnvidia-ml.so.580.65").string());
}
