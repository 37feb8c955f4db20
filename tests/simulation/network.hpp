#pragma once
// The network between the nodes: when does what one sends reach the other, how often, if ever? It knows places and
// sizes, not messages.

#include "tests/simulation/event_queue.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace simulation {

/// What the links between all nodes are like.
struct NetworkPlan {
    /// Nodes are spread over so many regions of regions.hpp in turn; 0: one machine room, `delay_us` apart.
    std::uint32_t regions = 0;
    Micros delay_us = 500;
    /// Added to a delay, up to so many percent of it.
    std::uint32_t jitter_percent = 10;
    std::uint32_t loss_per_million = 0;
    /// What is lost is sent again and arrives a round trip later, as TCP does; else it is gone.
    bool retransmits = true;
    std::uint32_t duplicates_per_million = 0;
    /// One message in a million so many is held back by up to `held_us`.
    std::uint32_t held_per_million = 0;
    Micros held_us = 0;
    /// Nothing overtakes on a link.
    bool ordered = false;
    /// Links of so many nodes, the last ones, are `slow_factor` times as long.
    std::uint32_t slow_nodes = 0;
    std::uint32_t slow_factor = 1;
    /// What a node can send in a second; 0: without limit.
    std::uint64_t bytes_per_second = 0;
};

/// When copies of one message arrive: none, one or two.
struct Arrivals {
    std::array<Micros, 2> at{};
    std::uint32_t count = 0;
};

class Network {
public:
    Network(const NetworkPlan& plan, std::uint32_t nodes, Random random);

    Arrivals send(std::uint32_t from, std::uint32_t to, Micros now, std::size_t size_bytes);

    /// Cuts one direction of one link, or mends it.
    void cut(std::uint32_t from, std::uint32_t to, bool is_cut) { cut_[from * nodes_ + to] = is_cut ? 1 : 0; }
    bool is_cut(std::uint32_t from, std::uint32_t to) const { return cut_[from * nodes_ + to] != 0; }
    /// All links mended; from here on nothing is lost, doubled or held back.
    void heal();

private:
    Micros travel_us(std::size_t link);

    NetworkPlan plan_;
    std::uint32_t nodes_;
    Random random_;
    std::vector<Micros> delay_us_;      // by link
    std::vector<Micros> last_arrival_;  // by link
    std::vector<Micros> egress_free_;   // by node
    std::vector<std::uint8_t> cut_;     // by link
};

}  // namespace simulation
