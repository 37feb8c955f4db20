#include "gpu-worker/host/claims.hpp"

#include <catch2/catch.hpp>

using namespace worker;

namespace {
Inventory rig() {
    Inventory out;
    out.cpu = {
        .name = "some CPU", .threads = 16, .memory_bytes = (64ULL << 30) + 12'345, .disk_free_bytes = 100ULL << 30};
    out.gpus.gpus = {{.uuid = "GPU-a",
                      .name = "NVIDIA X",
                      .memory_bytes = 24ULL << 30,
                      .capability_major = 8,
                      .capability_minor = 9},
                     {.uuid = "GPU-b",
                      .name = "NVIDIA X",
                      .memory_bytes = 24ULL << 30,
                      .capability_major = 8,
                      .capability_minor = 9}};
    out.gpus.driver_version = "580.1";
    return out;
}
bool passes(const Inventory& now, const machines::Claims& registered) {
    return machines::hash_of(claims_for_probe(now, registered)) == machines::hash_of(registered);
}
}  // namespace

TEST_CASE("claims are measured, and each GPU is a slot") {
    const auto claims = claims_for_registration(rig(), {});
    CHECK(claims.slots == 2);
    CHECK(claims.gpus.value[0].compute_capability == 89);
    CHECK(claims.gpus.value[0].uuid_hash != claims.gpus.value[1].uuid_hash);
    CHECK(claims.memory_bytes == 64ULL << 30);
    CHECK(claims.disk_bytes == 80ULL << 30);
    CHECK_FALSE(claims.endpoint);
}

TEST_CASE("a machine without a GPU says so, and is rented out in the provider's parts") {
    auto inventory = rig();
    inventory.gpus = {};
    Settings settings;
    settings.offer.slots = 4;
    settings.offer.endpoint = "host:9960";
    const auto claims = claims_for_registration(inventory, settings);
    CHECK(claims.gpus.value.empty());
    CHECK(claims.slots == 4);
    CHECK(claims.endpoint == machines::Endpoint{"host:9960"});
}

TEST_CASE("an honest machine passes its probe while its disk fills and its kernel takes some memory") {
    const auto claims = claims_for_registration(rig(), {});
    auto now = rig();
    now.cpu.disk_free_bytes = 1;
    now.cpu.memory_bytes -= 1'000;
    CHECK(passes(now, claims));
}

TEST_CASE("a machine that is not what was registered fails") {
    const auto claims = claims_for_registration(rig(), {});
    auto now = rig();
    SECTION("a GPU less") { now.gpus.gpus.pop_back(); }
    SECTION("another GPU") { now.gpus.gpus[0].uuid = "GPU-c"; }
    SECTION("less GPU memory") { now.gpus.gpus[0].memory_bytes /= 2; }
    SECTION("less memory") { now.cpu.memory_bytes /= 2; }
    SECTION("another CPU") { now.cpu.threads = 8; }
    CHECK_FALSE(passes(now, claims));
}
