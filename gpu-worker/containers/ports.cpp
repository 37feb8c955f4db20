#include "gpu-worker/containers/ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace worker {
namespace {

/// The bound socket; an empty one where the port is taken.
Fd bind_port(std::uint16_t port) {
    Fd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    if (socket && ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
    return {};
}

std::uint16_t port_of(const Fd& socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

}  // namespace

Result<std::vector<HeldPort>, Failure> hold_ports(const std::vector<std::uint16_t>& job_ports, std::uint16_t first,
                                                  std::uint16_t last) {
    std::vector<HeldPort> held;
    std::uint32_t next = first;
    for (const auto port : job_ports) {
        Fd socket;
        for (; !socket && next <= last; ++next) socket = bind_port(static_cast<std::uint16_t>(next));
        if (!socket)
            return std::unexpected{Failure{Reason::NoFreePort, "the ports " + std::to_string(first) + " to " +
                                                                   std::to_string(last) + " are all in use"}};
        // 0 means "any", again and again.
        if (first == 0 && last == 0) next = 0;
        const auto host = port_of(socket);
        held.push_back({{.job = port, .host = host}, std::move(socket)});
    }
    return held;
}

}  // namespace worker
