#pragma once
// A blocking socket for tests that send what no proper client would.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace test {

class RawSocket {
public:
    /// Connects to 127.0.0.1; `receive_bytes` shrinks the kernel's receive buffer (0 = leave it).
    explicit RawSocket(std::uint16_t port, int receive_bytes = 0);
    ~RawSocket();
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;

    /// False where the other side does not take everything.
    bool send(std::string_view bytes);
    void end_sending();
    /// What arrives until the other side ends, or until nothing came for `quiet`.
    std::string receive_all(std::chrono::milliseconds quiet = std::chrono::seconds{10});
    /// What arrives until `mark` is in it (mark included in the text), the end, or `quiet`.
    std::string receive_until(std::string_view mark, std::chrono::milliseconds quiet = std::chrono::seconds{10});
    /// Whether the other side has ended within the time.
    bool ends_within(std::chrono::milliseconds time);

private:
    int descriptor_;
};

/// A POST of JSON to the server, with more header lines where given.
std::string post(std::string_view body, std::string_view more_headers = {}, std::string_view host = "127.0.0.1");

/// A WebSocket upgrade request.
std::string upgrade(std::string_view more_headers = {}, std::string_view host = "127.0.0.1");

/// One masked WebSocket text frame (opcode 1), or another opcode.
std::string frame(std::string_view payload, unsigned char opcode = 1);

}  // namespace test
