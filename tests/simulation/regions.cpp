#include "tests/simulation/regions.hpp"

#include <array>

namespace simulation {

namespace {

constexpr std::array<std::string_view, region_count> names{"Virginia",  "Oregon", "Sao Paulo", "Ireland", "Frankfurt",
                                                           "Stockholm", "Mumbai", "Singapore", "Tokyo",   "Sydney"};

// Round trips in milliseconds: great-circle distances at two thirds of the speed of light, times 1.2 to 1.6 for the
// detours that cables take. Within a region 1 ms.
constexpr std::array<std::array<std::uint16_t, region_count>, region_count> round_trip_ms{{
    {1, 66, 114, 68, 92, 108, 188, 222, 152, 202},
    {66, 1, 176, 122, 142, 158, 218, 166, 98, 140},
    {114, 176, 1, 178, 202, 218, 300, 324, 258, 312},
    {68, 122, 178, 1, 26, 40, 122, 176, 204, 258},
    {92, 142, 202, 26, 1, 24, 112, 160, 226, 250},
    {108, 158, 218, 40, 24, 1, 136, 180, 244, 272},
    {188, 218, 300, 122, 112, 136, 1, 58, 126, 152},
    {222, 166, 324, 176, 160, 180, 58, 1, 70, 92},
    {152, 98, 258, 204, 226, 244, 126, 70, 1, 106},
    {202, 140, 312, 258, 250, 272, 152, 92, 106, 1},
}};

}  // namespace

std::string_view region_name(std::size_t region) { return names[region]; }

Micros region_delay_us(std::size_t from, std::size_t to) { return round_trip_ms[from][to] * Micros{500}; }

}  // namespace simulation
