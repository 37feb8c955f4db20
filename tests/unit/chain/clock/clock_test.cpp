#include "chain/clock/clock.hpp"

#include <catch2/catch.hpp>

#include <ctime>

TEST_CASE("the steady clock does not go back, and its milliseconds are a thousand microseconds") {
    const std::uint64_t ms_before = chain::monotonic_ms();
    const std::uint64_t us = chain::monotonic_us();
    const std::uint64_t ms_after = chain::monotonic_ms();
    CHECK(ms_before <= us / 1'000);
    CHECK(us / 1'000 <= ms_after);
}

TEST_CASE("the wall clock counts milliseconds since 1970") {
    const auto seconds = static_cast<std::uint64_t>(std::time(nullptr));
    const std::uint64_t ms = chain::unix_ms();
    CHECK(ms / 1'000 >= seconds);
    CHECK(ms / 1'000 <= static_cast<std::uint64_t>(std::time(nullptr)) + 1);
}
