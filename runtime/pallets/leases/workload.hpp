#pragma once
// What a renter wants run. It is an argument of `rent`; the state keeps its hash, the worker reads it from the
// finalized block. Every part is bounded here, and all of it together takes at most 8 KiB.

#include "chain/base/result.hpp"
#include "chain/codec/scale.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leases {

/// Most bytes of an encoded workload.
inline constexpr std::size_t workload_bytes_max = 8'192;

/// An OCI image by content: no tag can change what runs. `repository` is host[:port]/path at a source that the
/// provider's configuration names, such as "registry.example/team/model"; never a path on the provider's disk.
struct ImageReference {
    scale::Bounded<std::string, 255> repository;
    std::array<std::uint8_t, 32> digest{};  ///< SHA-256 of the source's manifest

    bool operator==(const ImageReference&) const = default;
};

/// One environment variable that everybody may read.
struct Variable {
    scale::Bounded<std::string, 128> name;
    scale::Bounded<std::string, 2'048> value;

    bool operator==(const Variable&) const = default;
};

enum class Protocol : std::uint8_t { Tcp, Udp };

/// A port of the container that the machine publishes on one of its own.
struct Port {
    std::uint16_t number{};
    Protocol protocol{};

    bool operator==(const Port&) const = default;
};

/// What the container may reach. Published ports work under each of them.
enum class NetworkPolicy : std::uint8_t {
    Closed,    ///< nothing
    Outbound,  ///< the public internet; never the provider's own network
};

/// What happens when the command ends.
enum class RestartPolicy : std::uint8_t {
    Never,      ///< a job: its end closes the lease
    OnFailure,  ///< a job that is started again unless it exits with 0
    Always,     ///< a service: it runs until the lease ends
};

struct Workload {
    ImageReference image;
    /// Program and arguments; empty: the image's own.
    scale::Bounded<std::vector<scale::Bounded<std::string, 4'096>>, 64> command;
    scale::Bounded<std::vector<Variable>, 64> environment;
    /// X25519 sealed box to the machine's box key, of lines NAME=value.
    std::optional<scale::Bounded<chain::Bytes, 4'096>> sealed_environment;
    scale::Bounded<std::vector<Port>, 16> ports;
    std::uint64_t disk_bytes{};  ///< writable, beside the image
    std::uint64_t memory_bytes{};
    std::uint32_t cpu_millis{};  ///< thousandths of one core
    NetworkPolicy network{};
    RestartPolicy restart{};
    std::optional<std::uint64_t> deadline_ms;  ///< the worker stops the job so long after its start

    bool operator==(const Workload&) const = default;
};

/// Why a workload is refused before any machine sees it.
enum class WorkloadError : std::uint8_t {
    TooLarge,  ///< more than workload_bytes_max encoded
    BadImage,  ///< the repository is empty, has a tag or a digest of its own, or a character outside a-z 0-9 . _ - : /
    BadCommand,      ///< an empty program or a NUL byte
    BadEnvironment,  ///< a name that is empty, repeated, or not letters, digits and underscores; or a NUL byte
    BadPort,         ///< port 0, or one port twice
    NoMemory,        ///< less than 4 MiB
    NoCpu,           ///< no share of a core
    NoTime,          ///< a deadline of 0
};

/// Nothing, or the first thing that is wrong with it.
chain::Result<void, WorkloadError> check_workload(const Workload& workload);

/// blake2b-256 of the encoded workload: what a lease keeps of it.
chain::Hash hash_of(const Workload& workload);

/// True where the end of the command is the end of the lease.
constexpr bool runs_to_completion(RestartPolicy policy) { return policy != RestartPolicy::Always; }

}  // namespace leases
