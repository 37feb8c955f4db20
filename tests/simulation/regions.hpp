#pragma once
// How far ten places on Earth are from each other.

#include "tests/simulation/event_queue.hpp"

#include <string_view>

namespace simulation {

inline constexpr std::size_t region_count = 10;

std::string_view region_name(std::size_t region);

/// One way between data centres of the two regions over the public internet, without jitter.
Micros region_delay_us(std::size_t from, std::size_t to);

}  // namespace simulation
