#include "tests/unit/rpc/server/raw_socket.hpp"

#include "chain/base/check.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace test {

RawSocket::RawSocket(std::uint16_t port, int receive_bytes) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
    chain::check(descriptor_ >= 0);
    if (receive_bytes > 0) ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    chain::check(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

RawSocket::~RawSocket() { ::close(descriptor_); }

bool RawSocket::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void RawSocket::end_sending() { ::shutdown(descriptor_, SHUT_WR); }

std::string RawSocket::receive_until(std::string_view mark, std::chrono::milliseconds quiet) {
    std::string out;
    std::array<char, 65'536> buffer{};
    pollfd wait{descriptor_, POLLIN, 0};
    while (mark.empty() || out.find(mark) == std::string::npos) {
        if (::poll(&wait, 1, static_cast<int>(quiet.count())) <= 0) break;
        const auto got = ::recv(descriptor_, buffer.data(), buffer.size(), 0);
        if (got <= 0) break;
        out.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return out;
}

std::string RawSocket::receive_all(std::chrono::milliseconds quiet) { return receive_until({}, quiet); }

bool RawSocket::ends_within(std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    std::array<char, 65'536> buffer{};
    pollfd wait{descriptor_, POLLIN, 0};
    while (true) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) return false;
        if (::recv(descriptor_, buffer.data(), buffer.size(), 0) <= 0) return true;
    }
}

std::string post(std::string_view body, std::string_view more_headers, std::string_view host) {
    return fmt::format(
        "POST / HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{}\r\n{}", host,
        body.size(), more_headers, body);
}

std::string upgrade(std::string_view more_headers, std::string_view host) {
    return fmt::format(
        "GET / HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{}\r\n",
        host, more_headers);
}

std::string frame(std::string_view payload, unsigned char opcode) {
    std::string out;
    out.push_back(static_cast<char>(0x80 | opcode));
    if (payload.size() < 126) {
        out.push_back(static_cast<char>(0x80 | payload.size()));
    } else if (payload.size() < 65'536) {
        out.push_back(static_cast<char>(0x80 | 126));
        for (int shift = 8; shift >= 0; shift -= 8) out.push_back(static_cast<char>(payload.size() >> shift & 0xff));
    } else {
        out.push_back(static_cast<char>(0x80 | 127));
        for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(payload.size() >> shift & 0xff));
    }
    // A mask of zeros is a mask.
    out.append(4, '\0');
    out.append(payload);
    return out;
}

}  // namespace test
