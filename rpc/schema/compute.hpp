#pragma once
// compute_*: machines, leases, quotes and burns, read from typed storage at a block. Amounts are decimal texts in base
// units (10^18 make one TPH); moments and durations are milliseconds of the live clock; shares are millionths (ppm).
// Enumerations are texts: the enumerators' names, as docs/reference/runtime.md lists them.

#include "rpc/schema/method.hpp"

namespace rpc {

/// Records per page, and its default.
inline constexpr std::uint32_t compute_page_max = 100;
inline constexpr std::uint32_t compute_page_default = 20;
/// Days of compute_burnStats, and its default.
inline constexpr std::uint32_t burn_days_max = 366;
inline constexpr std::uint32_t burn_days_default = 7;

struct CardView {
    std::uint32_t version = 0;
    /// For one slot and one hour.
    Decimal slot_hour;
    std::uint64_t minimum_duration_ms = 0;
    std::uint64_t maximum_duration_ms = 0;
    std::uint32_t frontend_share_ppm = 0;
};

struct NextCardView {
    std::uint64_t from_ms = 0;
    CardView card;
};

struct GpuView {
    std::string label;
    std::uint64_t memory_bytes = 0;
    /// Major × 10 + minor.
    std::uint16_t compute_capability = 0;
    Hash uuid_hash;
};

/// What the owner says; nothing of it is proven.
struct ClaimsView {
    std::vector<GpuView> gpus;
    std::string cpu;
    std::uint32_t cpu_threads = 0;
    std::uint64_t memory_bytes = 0;
    std::uint64_t disk_bytes = 0;
    std::uint64_t upload_bits_per_second = 0;
    std::uint64_t download_bits_per_second = 0;
    std::string region;
    std::string driver_version;
    std::string worker_version;
    /// host:port of the worker's gRPC.
    std::optional<std::string> endpoint;
};

struct HeartbeatView {
    /// The first live-clock interval whose heartbeat has not come.
    std::uint64_t next_interval = 0;
    std::uint64_t at_ms = 0;
    std::uint8_t utilisation_percent = 0;
    bool missing = false;
};

struct MaintenanceView {
    std::uint64_t from_ms = 0;
    std::uint64_t to_ms = 0;
};

struct StandingView {
    std::uint32_t started = 0;
    std::uint32_t failed_starts = 0;
    std::uint32_t abandoned = 0;
    /// 0 to 1000, from the three counts.
    std::uint32_t score = 0;
};

struct MachineView {
    AccountId machine;
    AccountId owner;
    AccountId controller;
    AccountId receiver;
    /// The machine's present key.
    AccountId signer;
    HexBytes tls_key;
    HexBytes box_key;
    std::string state;
    std::uint64_t state_since_ms = 0;
    std::string device_class;
    std::uint8_t slots = 0;
    std::vector<std::uint8_t> free_slots;
    Decimal bond;
    CardView card;
    std::optional<NextCardView> next_card;
    std::optional<HeartbeatView> heartbeat;
    std::optional<MaintenanceView> maintenance;
    bool exiting = false;
    bool frozen = false;
    StandingView standing;
    std::vector<std::uint64_t> open_leases;
    ClaimsView claims;
};

struct MachinePage {
    std::vector<MachineView> machines;
    /// The `after` of the next page; null at the end.
    std::optional<AccountId> next;
};

struct TermView {
    std::uint64_t until_ms = 0;
    Decimal slot_hour;
    std::uint32_t burn_ppm = 0;
    std::uint32_t frontend_ppm = 0;
    std::uint32_t card_version = 0;
};

/// Cumulative. Of a closed lease: deposited = burned + frontend + owner + refunded.
struct LeaseLedgerView {
    Decimal deposited;
    Decimal burned;
    Decimal frontend;
    Decimal owner;
    Decimal refunded;
    Decimal penalty;
    /// What the lease still has.
    Decimal left;
};

struct ClosureView {
    std::string reason;
    std::uint64_t at_ms = 0;
};

struct LeaseView {
    std::uint64_t lease = 0;
    AccountId machine;
    AccountId renter;
    std::optional<AccountId> sponsor;
    std::optional<AccountId> frontend;
    AccountId receiver;
    std::string state;
    std::vector<std::uint8_t> slots;
    std::vector<TermView> terms;
    std::uint64_t created_ms = 0;
    /// 0 while starting.
    std::uint64_t started_ms = 0;
    /// Rent is paid out up to here, counted from the start.
    std::uint64_t settled_ms = 0;
    /// Start deadline, end, or removal of the record.
    std::uint64_t due_ms = 0;
    LeaseLedgerView ledger;
    std::optional<Hash> workload_hash;
    std::string restart;
    std::optional<ClosureView> closed;
};

struct LeasePage {
    std::vector<LeaseView> leases;
    std::optional<std::uint64_t> next;
};

/// What somebody wants to rent.
struct OrderView {
    std::uint8_t slots = 0;
    std::uint64_t duration_ms = 0;
    /// Gpu or Cpu.
    std::optional<std::string> device_class;
    /// Of each GPU.
    std::optional<std::uint64_t> gpu_memory_bytes_min;
    std::optional<std::uint64_t> memory_bytes_min;
    std::optional<std::string> region;
    /// Most for one slot-hour.
    std::optional<Decimal> max_price;
};

struct OfferView {
    std::uint32_t card_version = 0;
    Decimal slot_hour;
    /// For the whole duration.
    Decimal deposit;
    std::uint32_t burn_ppm = 0;
    std::uint32_t score = 0;
};

struct QuoteView {
    AccountId machine;
    std::string device_class;
    std::uint8_t free_slots = 0;
    /// Null where something speaks against the order.
    std::optional<OfferView> offer;
    std::vector<std::string> why_not;
};

struct QuotePageView {
    std::vector<QuoteView> quotes;
    std::optional<AccountId> next;
};

struct BurnView {
    std::string reason;
    Decimal amount;
    std::uint32_t count = 0;
};

struct BurnDayView {
    /// Days since 1970-01-01, UTC.
    std::uint64_t day = 0;
    std::vector<BurnView> burns;
};

struct ComputeMachines {
    static constexpr std::string_view name = "compute_machines";
    static constexpr std::string_view doc =
        "Machines with claims, price card and standing, `limit` (20; at most 100) a page, the next page by `after`. "
        "With "
        "`state` (such as Online) only those in it; a page may then hold fewer, or none, before the end.";
    struct Params {
        std::optional<AccountId> after;
        std::optional<std::uint32_t> limit;
        std::optional<std::string> state;
        std::optional<Hash> at;
    };
    using Result = MachinePage;
};

struct ComputeMachine {
    static constexpr std::string_view name = "compute_machine";
    static constexpr std::string_view doc = "One machine by its account; null for an unknown one.";
    struct Params {
        AccountId machine;
        std::optional<Hash> at;
    };
    using Result = std::optional<MachineView>;
};

struct ComputeLease {
    static constexpr std::string_view name = "compute_lease";
    static constexpr std::string_view doc =
        "One lease by its number: terms, moments, money. Null for an unknown one, and for one whose record is gone.";
    struct Params {
        std::uint64_t lease = 0;
        std::optional<Hash> at;
    };
    using Result = std::optional<LeaseView>;
};

struct ComputeLeases {
    static constexpr std::string_view name = "compute_leases";
    static constexpr std::string_view doc =
        "The leases of a renter that are open or closed lately, `limit` (20; at most 100) a page, in no useful order.";
    struct Params {
        AccountId renter;
        std::optional<std::uint64_t> after;
        std::optional<std::uint32_t> limit;
        std::optional<Hash> at;
    };
    using Result = LeasePage;
};

struct ComputeQuote {
    static constexpr std::string_view name = "compute_quote";
    static constexpr std::string_view doc =
        "Which machines would take an order, at what price, and for the others why not; `limit` (20; at most 100) "
        "machines a page. `rent` decides by the same rules.";
    struct Params {
        OrderView order;
        std::optional<AccountId> after;
        std::optional<std::uint32_t> limit;
        std::optional<Hash> at;
    };
    using Result = QuotePageView;
};

struct ComputeBurnStats {
    static constexpr std::string_view name = "compute_burnStats";
    static constexpr std::string_view doc =
        "All that was burned by leases, the burn share of a lease made now, and the last `days` (7; at most 366) "
        "calendar days by reason, today first. Days without a burn are left out.";
    struct Params {
        std::optional<std::uint32_t> days;
        std::optional<Hash> at;
    };
    struct Result {
        Decimal total_burned;
        std::uint32_t burn_share_ppm = 0;
        std::vector<BurnDayView> days;
    };
};

using ComputeMethods =
    Methods<ComputeMachines, ComputeMachine, ComputeLease, ComputeLeases, ComputeQuote, ComputeBurnStats>;

}  // namespace rpc
