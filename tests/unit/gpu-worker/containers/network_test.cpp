#include "gpu-worker/containers/network.hpp"

#include "gpu-worker/containers/slots.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace worker;

TEST_CASE("every slot has addresses and names of its own that the kernel takes") {
    std::set<std::string> seen;
    for (std::uint32_t slot = 0; slot < slot_count; ++slot) {
        CHECK(seen.insert(host_address(slot)).second);
        CHECK(seen.insert(job_address(slot)).second);
        CHECK(link_name(slot).size() <= 15);
    }
    CHECK(host_address(0) == "100.127.240.1");
    CHECK(job_address(slot_count - 1) == "100.127.255.254");
}

TEST_CASE("a link only where it has a use") {
    CHECK_FALSE(needs_link({}));
    CHECK(needs_link({.ports = {{80, 30'000}}}));
    CHECK(needs_link({.policy = NetworkPolicy::Internet}));
}

TEST_CASE("the rules end in drop, publish only what is named, and give an isolated job nothing outbound") {
    const auto isolated = filter_rules({.slot = 5, .ports = {{80, 30'000}, {81, 30'001}}});
    CHECK(isolated.find("tcp dport 30000 dnat ip to 100.127.240.22:80\n") != std::string::npos);
    CHECK(isolated.find("tcp dport 30001 dnat ip to 100.127.240.22:81\n") != std::string::npos);
    CHECK(isolated.find("ip version 4 accept") == std::string::npos);
    const auto internet = filter_rules({.slot = 5, .policy = NetworkPolicy::Internet});
    const auto accept = internet.find("ip version 4 accept");
    REQUIRE(accept != std::string::npos);
    for (const auto* closed : {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
                               "127.0.0.0/8", "25, 465, 587"})
        CHECK(internet.find(closed) < accept);
    CHECK(internet.find("dnat ip to") == std::string::npos);
}
