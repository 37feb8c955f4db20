#pragma once
// What either side of the workers' protocols accepts, and how often a silent line is probed.

#include <cstddef>
#include <cstdint>

namespace rpc::worker_api {

inline constexpr int node_message_bytes_max = 4 << 20;     // a snapshot of a machine with all its leases and workloads
inline constexpr int worker_message_bytes_max = 64 << 10;  // an extrinsic; the runtime takes far less
inline constexpr std::size_t submits_in_flight_max = 64;   // more unanswered ones end the line
/// What a node holds of a worker's words that it has not read: as much as the longest message. gRPC alone would take 4
/// MiB of each stream.
inline constexpr int worker_window_bytes = worker_message_bytes_max;

/// When a line that carries nothing counts as dead. Both its ends look.
struct KeepAlive {
    int silence_ms = 15'000;  // then a ping goes out …
    int answer_ms = 10'000;   // … and must be answered within this
};

inline constexpr std::uint16_t node_port = 9950;
inline constexpr std::uint16_t door_port = 9960;

inline constexpr int door_request_bytes_max = 64 << 10;
inline constexpr int door_answer_bytes_max = 4 << 20;
inline constexpr std::size_t file_piece_bytes = 256 << 10;
inline constexpr std::size_t log_piece_bytes = 64 << 10;

}  // namespace rpc::worker_api
