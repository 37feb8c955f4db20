#pragma once
// A lease: who rents which slots of which machine, on what terms, and where its money went.
// All moments and durations are milliseconds of the live clock.

#include "runtime/pallets/escrow/records.hpp"
#include "runtime/pallets/leases/workload.hpp"
#include "runtime/pallets/machines/records.hpp"

namespace leases {

using chain::Balance;
using chain::Hash;
using crypto::AccountId;
using escrow::LeaseId;

/// Most stretches of different terms in one lease.
inline constexpr std::uint32_t terms_max = 8;

enum class LeaseState : std::uint8_t {
    Starting,  ///< paid for; the machine has until the start deadline to confirm
    Active,    ///< rent runs
    Closed,    ///< settled; the record stays a while for readers
};

/// Why a lease ended. The order never changes. Who may cause which: `may_cause` in closing.hpp. Reclaimed, Outbid,
/// Disputed and Evicted belong to market forms and verdicts that build on this record; nothing here causes them.
enum class CloseReason : std::uint8_t {
    Expired,
    EndedByRenter,
    OutOfFunds,
    StartTimeout,
    StartRejected,
    MachineOffline,
    Reclaimed,
    Outbid,
    Disputed,
    Evicted,
    Completed,
    WorkloadFailed,
};

/// Why a worker could not start a lease.
enum class RejectReason : std::uint8_t {
    MachineBusy,        ///< machine's fault: no room for the sandbox
    SandboxFailed,      ///< machine's fault: the sandbox did not come up
    SourceUnreachable,  ///< machine's fault: a source that it names did not answer
    ImageNotFound,      ///< renter's fault: the source does not have this digest
    ImageInvalid,       ///< renter's fault: not what its digest says, or not an image for this machine
    SourceNotAllowed,   ///< renter's fault: the provider does not name this source
    OutsideLimits,      ///< renter's fault: more than the provider's published limits allow
    BadSealedSecrets,   ///< renter's fault: not sealed to this machine's box key
};

/// True where the order could not have been started by any honest machine.
constexpr bool is_renters_fault(RejectReason reason) { return reason >= RejectReason::ImageNotFound; }

/// What holds until a moment of the lease. Snapshots: later decisions of owner or root do not reach them.
struct Term {
    std::uint64_t until_ms{};  ///< counted from the start of the lease
    Balance slot_hour{};
    std::uint32_t burn_ppm{};
    std::uint32_t frontend_ppm{};
    std::uint32_t card_version{};

    bool operator==(const Term&) const = default;
};

/// Money of a lease, cumulative. Once closed: deposited = burned + frontend + owner + refunded.
struct Ledger {
    Balance deposited{};
    Balance burned{};
    Balance frontend{};
    Balance owner{};
    Balance refunded{};  ///< to the depositors, their half of a penalty included
    Balance penalty{};   ///< taken from the owner's share; its halves are in `refunded` and `burned`

    bool operator==(const Ledger&) const = default;
};

/// The renter's or sponsor's leave to extend the lease when its time is up.
struct AutoExtend {
    AccountId payer;
    Balance max_slot_hour{};  ///< dearer cards are refused
    Balance left{};           ///< what all extensions together may still cost
    std::uint64_t step_ms{};  ///< how much one extension adds

    bool operator==(const AutoExtend&) const = default;
};

struct Closure {
    CloseReason reason{};
    std::uint64_t at_ms{};  ///< the moment up to which rent was charged

    bool operator==(const Closure&) const = default;
};

struct Lease {
    AccountId machine;
    AccountId renter;
    std::optional<AccountId> sponsor;
    std::optional<AccountId> frontend;
    AccountId receiver;  ///< the owner's receiver when the lease was made
    LeaseState state{};
    scale::Bounded<std::vector<std::uint8_t>, machines::slots_max> slots;
    scale::Bounded<std::vector<Term>, terms_max> terms;  ///< in order of time; the last one's end is the lease's end
    std::uint64_t created_ms{};
    std::uint64_t started_ms{};  ///< 0 while starting
    std::uint64_t settled_ms{};  ///< rent is paid out up to here, counted from the start
    std::uint64_t due_ms{};      ///< its one entry in the queue: start deadline, end, or removal of the record
    Ledger ledger;
    std::optional<AutoExtend> auto_extend;
    std::optional<Hash> workload_hash;
    RestartPolicy restart{};  ///< of the workload; Always where there is none
    std::optional<Hash> start_proof;
    std::optional<Closure> closed;

    bool operator==(const Lease&) const = default;
};

/// A sponsor's leave to pay for one renter's leases.
struct Allowance {
    Balance left{};              ///< what may still be put into leases; refunds do not add to it
    Balance per_lease{};         ///< most for one lease, extensions included
    Balance hour_max{};          ///< most rent per hour of one lease, all its slots together
    std::uint64_t expires_ms{};  ///< nothing new from this moment on

    bool operator==(const Allowance&) const = default;
};

/// What a job used, as the worker measured it.
struct Usage {
    std::uint64_t wall_ms{};
    std::uint64_t cpu_ms{};
    std::uint64_t memory_peak_bytes{};
    std::uint64_t disk_peak_bytes{};

    bool operator==(const Usage&) const = default;
};

/// What root decides about leases. Genesis fills it.
struct Parameters {
    std::uint64_t start_deadline_ms = 120'000;
    std::uint64_t withheld_ms = 7'200'000;             ///< the owner's share of so much rent waits for the close
    std::uint64_t penalty_ms = 7'200'000;              ///< a penalty is at most so much rent
    std::uint32_t penalty_share_ppm = 250'000;         ///< and at most so much of the withheld owner share
    std::uint64_t renter_fault_ms = 60'000;            ///< rent that a bad order costs
    std::uint64_t top_up_min_ms = 60'000;              ///< a top-up pays for at least so much
    std::uint64_t record_kept_ms = 7ULL * 86'400'000;  ///< how long a closed lease stays readable
    std::uint8_t unstarted_max = 3;                    ///< leases of one renter that wait for their start

    bool operator==(const Parameters&) const = default;
};

}  // namespace leases
