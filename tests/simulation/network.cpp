#include "tests/simulation/network.hpp"

#include "tests/simulation/regions.hpp"

namespace simulation {

Network::Network(const NetworkPlan& plan, std::uint32_t nodes, Random random)
    : plan_(plan),
      nodes_(nodes),
      random_(random),
      delay_us_(nodes * nodes),
      last_arrival_(nodes * nodes),
      egress_free_(nodes),
      cut_(nodes * nodes) {
    const std::uint32_t first_slow = nodes - std::min(nodes, plan.slow_nodes);
    for (std::uint32_t from = 0; from < nodes; ++from) {
        for (std::uint32_t to = 0; to < nodes; ++to) {
            Micros& delay = delay_us_[from * nodes + to];
            delay = plan.regions == 0 ? plan.delay_us : region_delay_us(from % plan.regions, to % plan.regions);
            if (from >= first_slow || to >= first_slow) delay *= plan.slow_factor;
        }
    }
}

Micros Network::travel_us(std::size_t link) {
    const Micros base = delay_us_[link];
    Micros travel = base + random_.below(base * plan_.jitter_percent / 100 + 1);
    if (random_.chance(plan_.held_per_million)) travel += random_.below(plan_.held_us + 1);
    return travel;
}

Arrivals Network::send(std::uint32_t from, std::uint32_t to, Micros now, std::size_t size_bytes) {
    Arrivals arrivals;
    const std::size_t link = from * nodes_ + to;
    if (plan_.bytes_per_second != 0) {
        Micros& free_at = egress_free_[from];
        free_at = std::max(free_at, now) + size_bytes * 1'000'000 / plan_.bytes_per_second;
        now = free_at;
    }
    if (cut_[link] != 0) return arrivals;
    Micros travel = travel_us(link);
    if (random_.chance(plan_.loss_per_million)) {
        if (!plan_.retransmits) return arrivals;
        travel += 2 * delay_us_[link];
    }
    const std::uint32_t copies = random_.chance(plan_.duplicates_per_million) ? 2 : 1;
    for (std::uint32_t i = 0; i < copies; ++i) {
        Micros at = now + (i == 0 ? travel : travel + travel_us(link));
        if (plan_.ordered) {
            at = std::max(at, last_arrival_[link]);
            last_arrival_[link] = at;
        }
        arrivals.at[arrivals.count++] = at;
    }
    return arrivals;
}

void Network::heal() {
    std::ranges::fill(cut_, std::uint8_t{0});
    plan_.loss_per_million = plan_.duplicates_per_million = plan_.held_per_million = 0;
}

}  // namespace simulation
