#pragma once
// The port through which the worker runs other people's programs: what a job is, what bounds it, how it ended.
// CrunContainers (crun_containers.hpp) is the implementation; the worker's loop and the renters' door know only this
// page.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace worker {

using chain::Fault;
using chain::Result;

/// Names a job on this machine: 1 to 48 characters of [a-z0-9-]. The worker uses "lease-17".
struct JobId {
    std::string value;
    auto operator<=>(const JobId&) const = default;
};

bool is_valid(const JobId& id);

/// Everything that a job may use up. A limit that the host cannot enforce refuses the job; none is "unlimited".
struct Limits {
    std::uint64_t memory_bytes = 1ULL << 30;    // memory and swap together; beyond it the kernel kills: OutOfMemory
    std::uint32_t cpu_milli = 1'000;            // thousandths of a core, CFS quota
    std::uint32_t processes_max = 512;          // processes and threads; fork fails beyond
    std::uint32_t open_files_max = 4'096;       // per process
    std::uint64_t disk_bytes = 1ULL << 30;      // everything written: root overlay, /tmp and /results; then ENOSPC
    std::uint64_t log_bytes_max = 16ULL << 20;  // what follows is dropped and the log says so
    std::uint64_t log_bytes_per_second = 1ULL << 20;  // faster writers wait
    std::uint64_t shared_memory_bytes = 64ULL << 20;  // /dev/shm, counted in memory_bytes
    std::uint64_t deadline_ms = 0;         // wall-clock after start; then TERM, grace, KILL: Timeout. 0: none
    std::uint64_t stop_grace_ms = 10'000;  // between TERM and KILL
    bool operator==(const Limits&) const = default;
};

/// What a job may reach. Inbound traffic comes only through published ports; other jobs, the host, and private,
/// link-local and carrier address ranges are out of reach under every policy, IPv4 and IPv6.
enum class NetworkPolicy : std::uint8_t {
    Isolated,  // nothing outbound
    Internet,  // public addresses outbound, no mail ports
};

enum class RootMode : std::uint8_t {
    ReadOnly,  // the image cannot be changed; /tmp and /results are writable
    Writable,  // the whole root is writable; changes count against disk_bytes and die with the job
};

/// A program to run. Every field comes from a renter: nothing here is trusted.
struct JobSpec {
    JobId id;
    std::string image;                 // "source/repository@sha256:…", see image_reference.hpp
    std::vector<std::string> command;  // empty: the image's own entry point and arguments
    std::vector<std::pair<std::string, std::string>>
        environment;                   // public; NVIDIA_*, CUDA_VISIBLE_DEVICES and LD_* are refused
    std::vector<std::uint16_t> ports;  // TCP ports of the job to publish on this host
    std::vector<std::string> gpus;     // UUIDs of GPUs (or MIG slices) of this host
    NetworkPolicy network = NetworkPolicy::Isolated;
    RootMode root = RootMode::ReadOnly;
    Limits limits;
    bool operator==(const JobSpec&) const = default;
};

/// Opened sealed environment: each becomes a file /run/secrets/NAME (0400, in memory), never an environment variable.
using Secrets = std::vector<std::pair<std::string, std::string>>;

/// Why a job did not start or how it ended. `text_of` gives the sentence a renter reads, `culprit_of` who pays for it.
enum class Reason : std::uint8_t {
    // before the start
    BadReference,         // not "source/repository@sha256:…"; tags are refused
    UnknownSource,        // the provider's configuration names no such source
    SourceUnreachable,    // the registry does not answer, or the layout folder is missing
    ImageNotFound,        // the source holds no manifest of this digest
    ImageDigestMismatch,  // the bytes that came do not hash to what was asked for: manifest, config or layer
    ImageTooLarge,        // bytes, layers or files beyond the provider's bounds
    BadImage,             // not an image this worker can unpack (platform, media type, device nodes, broken archive)
    BadSpec,              // a field of the job is out of bounds
    NoSuchGpu,            // a GPU was asked for that this host does not have or cannot hand over
    NoFreePort,           // no published port left in the provider's range
    NoRoom,               // the host lacks the disk or a job slot just now
    StartFailed,          // the program could not be executed (not found, not executable)
    HostFault,            // a tool or kernel feature of this host failed
    // after the start
    Exited,       // by itself; Exit::code says how
    Stopped,      // on request
    Timeout,      // deadline_ms passed
    OutOfMemory,  // killed by the kernel at memory_bytes
    DiskFull,     // ended with a failure while its disk was full
    Lost,         // the host or the shim died under it
};

inline constexpr std::size_t reason_count = 19;

/// One sentence for the renter, without a full stop.
std::string_view text_of(Reason reason);
/// "ImageDigestMismatch": for logs, JSON and reports.
std::string_view name_of(Reason reason);
std::optional<Reason> reason_from_name(std::string_view name);

enum class Culprit : std::uint8_t { Nobody, Renter, Provider };

/// A renter's own fault (bad image, limits hit) costs the provider no score; the provider's costs the renter nothing.
Culprit culprit_of(Reason reason);

/// A refusal with its detail: "layer 2 hashes to sha256:…". The text may be shown to the renter; it holds no host
/// paths.
struct Failure {
    Reason reason = Reason::HostFault;
    std::string text;
};
inline std::unexpected<Failure> refuse(Reason reason, std::string text) {
    return std::unexpected{Failure{reason, std::move(text)}};
}

struct Usage {
    std::uint64_t cpu_ms = 0;
    std::uint64_t memory_peak_bytes = 0;
    std::uint64_t disk_bytes = 0;
    bool operator==(const Usage&) const = default;
};

/// What a finished job left in /results.
struct Results {
    chain::Hash root;         // sha256 Merkle root, see results.hpp; all zero when there are no files
    std::uint64_t bytes = 0;  // of the archive that read_results streams
    std::uint32_t files = 0;
    bool operator==(const Results&) const = default;
};

struct Exit {
    Reason reason = Reason::Exited;
    std::int32_t code = 0;         // 128 + signal where a signal ended it, as shells count
    std::uint64_t started_ms = 0;  // Unix time; 0: it never started
    std::uint64_t ended_ms = 0;
    Usage usage;
    Results results;
    std::string text;  // more about it, for people
    bool operator==(const Exit&) const = default;
};

struct PublishedPort {
    std::uint16_t job = 0;   // as the job sees it
    std::uint16_t host = 0;  // as the renter reaches it
    bool operator==(const PublishedPort&) const = default;
};

struct JobState {
    bool running = false;
    std::uint64_t started_ms = 0;
    std::vector<PublishedPort> ports;
    Usage usage;               // so far, or in all
    std::optional<Exit> exit;  // set when it is over
};

enum class LogStream : std::uint8_t { Out, Error, Worker };  // Worker: remarks of ours, such as "log limit reached"

struct LogChunk {
    std::uint64_t time_ms = 0;
    LogStream stream = LogStream::Out;
    std::string bytes;  // as written: may split lines and need not be UTF-8
};

struct LogPage {
    std::vector<LogChunk> chunks;
    std::uint64_t next = 0;  // cursor for the next read
    bool end = false;        // the job is over and nothing follows
};

enum class StopMode : std::uint8_t { Graceful /* TERM, grace, KILL */, Now /* KILL */ };

/// Runs jobs. Every method may be called from every thread; prepare and launch block (seconds, milliseconds).
/// Jobs outlive the process: an implementation that is opened on the same folder again finds them, running or ended.
class Containers {
public:
    virtual ~Containers() = default;

    /// Fetches, verifies and unpacks the image, unless it is cached, and checks the whole spec. No job is made.
    virtual Result<void, Failure> prepare(const JobSpec& spec) = 0;

    /// Starts the job (prepares it first where needed). The ports where the host publishes it come back.
    virtual Result<std::vector<PublishedPort>, Failure> launch(const JobSpec& spec, const Secrets& secrets) = 0;

    /// Asks the job to end; its Exit follows. Nothing happens where it has ended already. Fault: no such job.
    virtual Result<void> stop(const JobId& id, StopMode mode) = 0;

    virtual std::optional<JobState> state(const JobId& id) const = 0;

    /// Every job that was not removed, also those that an earlier process launched.
    virtual std::vector<JobId> jobs() const = 0;

    /// At most `bytes_max` of log from `cursor` (0, or LogPage::next). Empty and not `end`: nothing new yet.
    virtual Result<LogPage> read_log(const JobId& id, std::uint64_t cursor, std::size_t bytes_max) const = 0;

    /// A part of the results' tar archive. Fewer bytes than asked for only at its end. Fault: not ended, or no such
    /// job.
    virtual Result<chain::Bytes> read_results(const JobId& id, std::uint64_t offset, std::size_t bytes_max) const = 0;

    /// Forgets an ended job: log, results, disk. A running one is stopped now and awaited first.
    virtual Result<void> remove(const JobId& id) = 0;

    /// Called once for each job that ends while this object lives, from a thread of its own; jobs that ended while no
    /// worker ran are found by jobs() and state(). Set it before the first launch.
    virtual void on_exit(std::function<void(const JobId&, const Exit&)> handler) = 0;
};

}  // namespace worker
