#pragma once
// GET /metrics over HTTP, one scrape at a time: Prometheus asks every few seconds, and nobody else should.

#include "chain/base/result.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace metrics {

struct EndpointConfig {
    /// An IPv4 or IPv6 address of this machine.
    std::string address = "127.0.0.1";
    /// 0 lets the kernel choose; Endpoint::port says what.
    std::uint16_t port = 0;
    /// For a request, and for its answer: a scraper that stalls holds up the next one only for so long.
    std::uint32_t timeout_ms = 2'000;
};

class Endpoint {
public:
    /// `scrape` gives the page; it is called from the endpoint's thread.
    static chain::Result<std::unique_ptr<Endpoint>> open(const EndpointConfig& config,
                                                         std::function<std::string()> scrape);
    ~Endpoint();
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;

    std::uint16_t port() const;

private:
    struct Impl;
    explicit Endpoint(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace metrics
