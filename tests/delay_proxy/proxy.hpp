#pragma once
// TCP connections on loopback that take as long as if their ends stood far apart: each byte is held for the delay of
// its link and a part of its jitter, in both directions, and bytes never overtake each other. What is under way on one
// connection is bounded; beyond, the sender feels it as TCP's own back-pressure.

#include "chain/base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace delay_proxy {

struct Link {
    /// 0: the kernel chooses.
    std::uint16_t listen_port = 0;
    std::uint16_t target_port = 0;
    /// One way.
    std::uint32_t delay_us = 0;
    /// At most so much more, drawn anew for each read.
    std::uint32_t jitter_us = 0;
};

/// Reads "LISTEN:TARGET:DELAY_MS" or "LISTEN:TARGET:DELAY_MS:JITTER_MS". Fault: what is wrong.
chain::Result<Link> link_from_text(const std::string& text);

/// Node i, which listens on targets[i], stands in region i mod 10 of tests/simulation/regions.hpp. One link for each
/// ordered pair of nodes, row by row without the diagonal; jitter is a twentieth of the delay.
std::vector<Link> wan10(const std::vector<std::uint16_t>& targets);

class Proxy {
public:
    Proxy();
    Proxy(const Proxy&) = delete;
    Proxy& operator=(const Proxy&) = delete;
    ~Proxy();

    /// The port that it listens on. Fault: it cannot.
    chain::Result<std::uint16_t> add(const Link& link);
    /// Until stop().
    void run();
    /// From any thread or a signal's handler thread.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace delay_proxy
