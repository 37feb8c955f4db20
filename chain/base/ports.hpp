#pragma once
// The ports that Tephra's programs listen on unless told otherwise.

#include <cstdint>
#include <string>
#include <utility>

namespace chain::ports {

inline constexpr std::uint16_t rpc = 9'944;      ///< a node's JSON-RPC, HTTP and WebSocket, for clients and wallets
inline constexpr std::uint16_t workers = 9'950;  ///< a node's gRPC, for workers
inline constexpr std::uint16_t renters = 9'960;  ///< a worker's gRPC, for the renters of its machine

/// "127.0.0.1:9950"
inline std::string at(std::string host, std::uint16_t port) { return std::move(host) + ':' + std::to_string(port); }

}  // namespace chain::ports
