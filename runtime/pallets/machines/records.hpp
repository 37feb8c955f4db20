#pragma once
// What the chain remembers of a machine: its keys, its claims, its price, its slots, and how it behaves.
// All moments and durations are milliseconds of the live clock, which stands still while the chain does.

#include "chain/codec/scale.hpp"
#include "chain/crypto/account.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace machines {

using chain::Balance;
using chain::Hash;
using crypto::AccountId;

/// One part of a whole, in millionths.
inline constexpr std::uint32_t whole_ppm = 1'000'000;
/// Most slots of one machine.
inline constexpr std::uint8_t slots_max = 16;

using Label = scale::Bounded<std::string, 64>;
using Endpoint = scale::Bounded<std::string, 128>;
using PublicKey = std::array<std::uint8_t, 32>;

/// One GPU as its owner describes it.
struct Gpu {
    Label label;                         ///< the maker's name for it
    std::uint64_t memory_bytes{};        ///< of its own memory
    std::uint16_t compute_capability{};  ///< major × 10 + minor
    Hash uuid_hash;                      ///< blake2b-256 of the device's UUID; no device twice

    bool operator==(const Gpu&) const = default;
};

/// What an owner says of a machine. Nothing here is proven; the market shows it as claims.
struct Claims {
    scale::Bounded<std::vector<Gpu>, slots_max> gpus;
    std::uint8_t slots{};  ///< the number of GPUs; without a GPU, how many equal parts are rented out
    Label cpu;
    std::uint32_t cpu_threads{};
    std::uint64_t memory_bytes{};
    std::uint64_t disk_bytes{};
    std::uint64_t upload_bits_per_second{};
    std::uint64_t download_bits_per_second{};
    Label region;
    Label driver_version;
    Label worker_version;
    std::optional<Endpoint> endpoint;  ///< host:port of the worker's gRPC door; absent: told to each renter at start

    bool operator==(const Claims&) const = default;
};

/// Gpu: a slot is one GPU. Cpu: the machine has none and says so.
enum class DeviceClass : std::uint8_t { Gpu, Cpu };

/// The keys of a machine. The record of a machine stays under its first signer when the key is rotated.
struct Keys {
    AccountId signer;   ///< signs the machine's extrinsics
    PublicKey tls_key;  ///< Ed25519: the worker's TLS certificate carries it
    PublicKey box_key;  ///< X25519: renters seal secrets to it

    bool operator==(const Keys&) const = default;
};

/// What an owner asks of renters.
struct CardTerms {
    Balance slot_hour{};  ///< base units for one slot and one hour
    std::uint64_t minimum_duration_ms{};
    std::uint64_t maximum_duration_ms{};
    std::uint32_t frontend_share_ppm{};  ///< of the rent, to the frontend that brought the renter

    bool operator==(const CardTerms&) const = default;
};

/// Terms with their number. An order names the version it agrees to.
struct PriceCard {
    std::uint32_t version{};
    CardTerms terms;

    bool operator==(const PriceCard&) const = default;
};

/// A card that waits for its moment: a raise never surprises an order on its way.
struct NextCard {
    std::uint64_t from_ms{};
    PriceCard card;

    bool operator==(const NextCard&) const = default;
};

/// Where a machine stands (compute.md, "Machines"). The order never changes.
enum class MachineState : std::uint8_t {
    Bonded,     ///< registered, bond held, nothing proven
    Probing,    ///< a probe is open, or one is due
    Online,     ///< rentable
    Degraded,   ///< missed a heartbeat: leases run, none are added or extended
    Offline,    ///< announced or silent
    Draining,   ///< maintenance or exit announced
    Jailed,     ///< lost a dispute
    Unbonding,  ///< leaving; the bond is still held
    Exited,     ///< gone; the record stays for explorers
};

/// The last sign of life.
struct LastHeartbeat {
    std::uint64_t next_interval{};  ///< the first live-clock interval whose heartbeat has not come
    std::uint64_t at_ms{};          ///< when the last one came
    std::uint8_t utilisation_percent{};
    bool missing{};  ///< the next one is overdue and counted as such

    bool operator==(const LastHeartbeat&) const = default;
};

/// When the machine will be away.
struct Maintenance {
    std::uint64_t from_ms{};
    std::uint64_t to_ms{};

    bool operator==(const Maintenance&) const = default;
};

/// How a machine fared with probes.
struct ProbeHistory {
    std::uint8_t failures{};                   ///< in a row
    std::uint64_t not_before_ms{};             ///< no new probe before
    std::optional<std::uint64_t> deadline_ms;  ///< of the open probe

    bool operator==(const ProbeHistory&) const = default;
};

/// How often the machine came back late on one live-clock day.
struct Lapses {
    std::uint64_t day{};
    std::uint8_t count{};

    bool operator==(const Lapses&) const = default;
};

/// What renters lived through with this machine.
struct Standing {
    std::uint32_t started{};        ///< leases that began
    std::uint32_t failed_starts{};  ///< leases that never did, by the machine's fault
    std::uint32_t abandoned{};      ///< leases that ended because the machine went away

    bool operator==(const Standing&) const = default;
};

/// What the owner has told the machine to do.
struct Orders {
    bool exiting{};      ///< leaves when its leases have ended
    bool frozen{};       ///< the machine key is refused until it is rotated
    bool needs_probe{};  ///< lapsed too often: probed again once it is free of leases

    bool operator==(const Orders&) const = default;
};

struct Machine {
    AccountId owner;
    AccountId controller;  ///< may set prices and announce maintenance; the owner at first
    AccountId receiver;    ///< gets the owner's share of rents; the owner at first
    Keys keys;
    MachineState state{};
    DeviceClass device_class{};
    std::uint8_t slots{};
    std::uint32_t occupied{};  ///< bit i: slot i has a lease
    Balance bond{};            ///< held from the owner
    Hash claims_hash;          ///< blake2b-256 of the encoded claims
    PriceCard card;
    std::optional<NextCard> next_card;
    LastHeartbeat heartbeat;
    std::optional<Maintenance> maintenance;
    Orders orders;
    ProbeHistory probes;
    Lapses lapses;
    Standing standing;
    std::uint64_t state_since_ms{};
    std::optional<std::uint64_t> wake_ms;  ///< when the chain looks at this machine again; its one queue entry

    bool operator==(const Machine&) const = default;
};

/// An open question to a machine.
struct Probe {
    AccountId auditor;
    Hash seed;
    std::uint64_t deadline_ms{};

    bool operator==(const Probe&) const = default;
};

enum class ProbeFailure : std::uint8_t {
    Late,         ///< no answer before the deadline
    WrongAnswer,  ///< the answer does not follow from seed, machine and registered claims
};

/// Machines and slots of one device class. "Proven": Online, Degraded or Draining.
struct ClassTotals {
    std::uint32_t machines{};  ///< not exited
    std::uint32_t slots{};     ///< of those
    std::uint32_t proven_machines{};
    std::uint32_t proven_slots{};
    std::uint32_t leased_slots{};

    bool operator==(const ClassTotals&) const = default;
};

struct Totals {
    ClassTotals gpu;
    ClassTotals cpu;

    bool operator==(const Totals&) const = default;
};

/// What root decides about machines. Genesis fills it.
struct Parameters {
    Balance bond_per_slot = 1'000 * chain::tph;
    Balance gpu_slot_hour_min = chain::tph;  ///< cheapest allowed slot-hour of class Gpu
    Balance cpu_slot_hour_min = chain::tph;  ///< cheapest allowed slot-hour of class Cpu
    Balance slot_hour_max = 1'000'000 * chain::tph;
    std::uint64_t duration_max_ms = 60ULL * 86'400'000;
    std::uint32_t frontend_share_max_ppm = 100'000;
    std::uint64_t price_raise_delay_ms = 60'000;
    std::uint64_t heartbeat_interval_ms = 60'000;
    std::uint8_t degraded_after = 1;  ///< whole intervals without a heartbeat
    std::uint8_t offline_after = 3;
    std::uint8_t lapses_max = 3;  ///< as many in a day: probed again
    std::uint64_t probe_deadline_ms = 60'000;
    std::uint64_t probe_backoff_ms = 60'000;  ///< after the first failure; doubles with each
    std::uint64_t probe_backoff_max_ms = 86'400'000;
    std::uint64_t unbonding_ms = 7ULL * 86'400'000;
    std::uint32_t outage_share_ppm = 100'000;  ///< more missing slots than this within the window: the network's fault
    std::uint64_t outage_window_ms = 600'000;
    std::uint32_t outage_machines_min = 10;   ///< fewer missing machines are never an outage
    std::uint64_t outage_ms_max = 3'600'000;  ///< then each machine answers for itself again

    bool operator==(const Parameters&) const = default;
};

}  // namespace machines
