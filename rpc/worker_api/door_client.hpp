#pragma once
// The renter's half of door.proto: plain values, no gRPC in sight. Fields are explained in door.proto.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"
#include "rpc/worker_api/limits.hpp"
#include "rpc/worker_api/tls.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rpc::worker_api {

/// The signed part of a request. Who makes it knows the renter's key, the chain, the machine and the lease.
struct Ticket {
    std::uint64_t lease = 0;
    std::uint64_t nonce = 0;
    std::uint64_t expiry_ms = 0;
    std::array<std::uint8_t, 65> signature{};
};
/// Signs one request; called once for each.
using TicketMaker = std::function<Ticket(std::string_view method, chain::ByteView body)>;

struct DoorStats {
    std::string phase;
    std::string text;
    std::optional<std::int32_t> exit_code;
    std::uint64_t started_ms = 0;
    std::uint64_t cpu_ms = 0;
    std::uint64_t memory_peak_bytes = 0;
    std::uint64_t disk_bytes = 0;
    std::uint64_t results_kept_until_ms = 0;
    std::vector<std::pair<std::uint16_t, std::uint16_t>> ports;  // the workload's, the machine's
};

enum class LogSource : std::uint8_t { Out, Error, Worker };

struct LogPiece {
    std::string data;
    LogSource source = LogSource::Out;
    std::uint64_t time_ms = 0;
    std::uint64_t next = 0;  // cursor after this piece
};

struct ResultsFacts {
    std::uint64_t total_bytes = 0;
    chain::Hash root;
};

struct ResultsPiece {
    chain::Bytes data;
    ResultsFacts of;
};

/// Why the worker did not do it.
enum class DoorFaultKind : std::uint8_t {
    Unreachable,  // no connection, or it broke: try again
    WrongWorker,  // who answers does not hold the machine's key
    Refused,      // signature, nonce, expiry, or not this lease's renter
    NotFound,     // the worker does not have the lease (yet)
    NotNow,       // not in the lease's present phase
    Failed,       // anything else; the text says what
};

struct DoorFault {
    DoorFaultKind kind = DoorFaultKind::Failed;
    std::string text;
};

/// Calls block until they are answered; `logs` with `follow` until the workload ends.
class DoorClient {
public:
    DoorClient(std::string endpoint, const TlsKey& machine, TicketMaker ticket, const KeepAlive& keep_alive = {});
    ~DoorClient();
    DoorClient(const DoorClient&) = delete;
    DoorClient& operator=(const DoorClient&) = delete;

    Result<DoorStats, DoorFault> stats();
    /// Hands each piece to `sink` until it answers false or the log ends; returns the cursor reached.
    Result<std::uint64_t, DoorFault> logs(std::uint64_t cursor, bool follow,
                                          const std::function<bool(const LogPiece&)>& sink);
    /// The results' tar archive from `offset`, piece by piece; `sink` may answer false to break off.
    Result<ResultsFacts, DoorFault> download(std::uint64_t offset,
                                             const std::function<bool(const ResultsPiece&)>& sink);
    /// `workload`: SCALE leases::Workload.
    Result<void, DoorFault> start(const chain::Bytes& workload);
    Result<void, DoorFault> stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace rpc::worker_api
