#include "tests/delay_proxy/proxy.hpp"
#include "tests/simulation/regions.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

namespace delay_proxy {

namespace {

constexpr std::uint32_t delay_ms_max = 60'000;

bool read_number(std::string_view& rest, std::uint32_t most, std::uint32_t& out) {
    const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), out);
    if (failed != std::errc{} || out > most) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (rest.empty()) return true;
    if (rest.front() != ':' || rest.size() == 1) return false;
    rest.remove_prefix(1);
    return true;
}

}  // namespace

chain::Result<Link> link_from_text(const std::string& text) {
    std::string_view rest = text;
    std::vector<std::uint32_t> numbers;
    for (const std::uint32_t most : {65'535u, 65'535u, delay_ms_max, delay_ms_max}) {
        if (rest.empty()) break;
        std::uint32_t number = 0;
        if (!read_number(rest, most, number)) return chain::fault(text + ": write LISTEN:TARGET:DELAY_MS[:JITTER_MS]");
        numbers.push_back(number);
    }
    if (!rest.empty() || numbers.size() < 3) return chain::fault(text + ": write LISTEN:TARGET:DELAY_MS[:JITTER_MS]");
    return Link{static_cast<std::uint16_t>(numbers[0]), static_cast<std::uint16_t>(numbers[1]), numbers[2] * 1'000,
                numbers.size() == 4 ? numbers[3] * 1'000 : 0};
}

std::vector<Link> wan10(const std::vector<std::uint16_t>& targets) {
    std::vector<Link> out;
    for (std::size_t from = 0; from < targets.size(); ++from) {
        for (std::size_t to = 0; to < targets.size(); ++to) {
            if (from == to) continue;
            const auto delay_us = static_cast<std::uint32_t>(
                simulation::region_delay_us(from % simulation::region_count, to % simulation::region_count));
            out.push_back({0, targets[to], delay_us, delay_us / 20});
        }
    }
    return out;
}

}  // namespace delay_proxy
