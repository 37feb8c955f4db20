// delay-proxy: distance between processes on one machine. Prints one line for each link, then "ready"; runs until it is
// told to stop.

#include "tests/delay_proxy/proxy.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <thread>

namespace {

/// SIGTERM and SIGINT end the proxy; blocked in every thread, awaited in one.
void stop_on_signal(delay_proxy::Proxy& proxy, const sigset_t& signals) {
    std::thread{[&proxy, signals] {
        int signal = 0;
        ::sigwait(&signals, &signal);
        proxy.stop();
    }}.detach();
}

chain::Result<void> open_all(delay_proxy::Proxy& proxy, const std::vector<delay_proxy::Link>& links,
                             std::size_t nodes) {
    for (std::size_t i = 0; i < links.size(); ++i) {
        TRY(const std::uint16_t port, proxy.add(links[i]));
        if (nodes == 0) {
            fmt::print("{} {}\n", port, links[i].target_port);
            continue;
        }
        const std::size_t from = i / (nodes - 1);
        const std::size_t column = i % (nodes - 1);
        fmt::print("{} {} {}\n", from, column < from ? column : column + 1, port);
    }
    fmt::print("ready\n");
    std::fflush(stdout);
    return {};
}

}  // namespace

int main(int count, char** arguments) {
    std::vector<std::string> texts;
    std::vector<std::uint16_t> nodes;
    CLI::App app{"TCP on loopback with the delays of a distance"};
    app.add_option("--link", texts, "LISTEN:TARGET:DELAY_MS[:JITTER_MS]; prints \"PORT TARGET\"");
    app.add_option("--wan10", nodes, "ports of nodes in ten regions; prints \"FROM TO PORT\" for each ordered pair");
    CLI11_PARSE(app, count, arguments);
    std::vector<delay_proxy::Link> links = delay_proxy::wan10(nodes);
    if (texts.empty() == nodes.empty()) {
        fmt::print(stderr, "give either --link or --wan10\n");
        return 2;
    }
    for (const std::string& text : texts) {
        const auto link = delay_proxy::link_from_text(text);
        if (!link) {
            fmt::print(stderr, "{}\n", link.error().text);
            return 2;
        }
        links.push_back(*link);
    }
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigaddset(&signals, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    delay_proxy::Proxy proxy;
    if (const auto opened = open_all(proxy, links, nodes.size()); !opened) {
        fmt::print(stderr, "{}\n", opened.error().text);
        return 1;
    }
    stop_on_signal(proxy, signals);
    proxy.run();
}
