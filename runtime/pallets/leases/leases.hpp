#pragma once
// Leases: slots of a machine, rented for a time, at a price. compute.md, "Leases and escrow". Calls are declared in
// calls.hpp; this page is what RPC, workers and tests use.
//
// Each lease has exactly one entry in the queue: its start deadline, then its end, then the removal of its record.
// Entries run in order of time, at most `closings_max` a block, in on_finalize, and settle at the moment that was
// agreed: what waits pays nothing for waiting.

#include "runtime/frame/pallet.hpp"
#include "runtime/pallets/leases/records.hpp"

#include <string>
#include <tuple>

namespace leases {

inline constexpr std::string_view name = "Leases";
inline constexpr std::uint8_t index = 11;

struct Seat;
template <class T>
Seat pallet_of(const T&);

using frame::Context;
using frame::DispatchResult;

// ---- constants -----------------------------------------------------------------------------------------------

struct Constants {
    frame::Constant<std::uint32_t> closings_max{256, "Most queue entries and lost leases that one block handles."};
    frame::Constant<std::uint32_t> workload_bytes_max{leases::workload_bytes_max, "Most bytes of an encoded workload."};
    frame::Constant<std::uint32_t> terms_max{leases::terms_max, "Most stretches of different terms in one lease."};
    frame::Constant<std::uint64_t> auto_extend_step_ms_min{60'000, "Shortest step of an automatic extension."};
};
inline constexpr Constants constants;

// ---- storage -------------------------------------------------------------------------------------------------

/// A place in the queue: entries sort by time, then by lease.
struct DueKey {
    frame::BigEndian<std::uint64_t> at_ms;
    frame::BigEndian<std::uint64_t> lease;
};

using LeaseIds = scale::Bounded<std::vector<LeaseId>, machines::slots_max>;

struct Storage {
    frame::Value<Parameters> parameters{"What root decides about leases."};
    frame::Value<LeaseId> next_lease_id{"The number that the next lease gets."};
    frame::Map<frame::Twox64Concat, LeaseId, Lease> leases{"Every open lease, and closed ones for a while."};
    frame::DoubleMap<frame::Blake2_128Concat, AccountId, frame::Twox64Concat, LeaseId, std::tuple<>> leases_of_renter{
        "The leases of a renter, as long as they are readable."};
    frame::MapOr<frame::Blake2_128Concat, AccountId, LeaseIds> open_on_machine{"The open leases of a machine."};
    frame::Map<frame::Identity, DueKey, std::tuple<>> queue{"When which lease is due."};
    frame::MapOr<frame::Blake2_128Concat, AccountId, std::uint8_t> unstarted{
        "How many leases of a renter wait for their start."};
    frame::DoubleMap<frame::Blake2_128Concat, AccountId, frame::Blake2_128Concat, AccountId, Allowance> allowances{
        "What a sponsor (first) lets a renter (second) take for leases."};
};
extern const Storage storage;

// ---- errors: each text names the remedy ------------------------------------------------------------------------

enum class Error : std::uint8_t {
    UnknownLease,
    UnknownMachine,
    NotRenter,
    NotRenterOrSponsor,
    NotThisMachine,
    LeaseClosed,
    LeaseEnded,
    LeaseNotActive,
    LeaseNotStarting,
    MachineNotOnline,
    MachineSilent,
    MachineFrozen,
    MachineNeedsProbe,
    NotEnoughSlots,
    DurationTooShort,
    DurationTooLong,
    MaintenanceAhead,
    CardVersionChanged,
    PriceTooHigh,
    TooManyUnstarted,
    WorkloadTooLarge,
    WorkloadBadImage,
    WorkloadBadCommand,
    WorkloadBadEnvironment,
    WorkloadBadPort,
    WorkloadNoMemory,
    WorkloadNoCpu,
    WorkloadNoTime,
    DepositTooSmall,
    DepositTooLarge,
    NoAllowance,
    AllowanceExpired,
    AllowanceRateExceeded,
    AllowancePerLeaseExceeded,
    AllowanceExhausted,
    AllowanceForSelf,
    TooManyTerms,
    NothingToSettle,
    FullyFunded,
    TopUpTooSmall,
    NotAJob,
    BadAutoExtend,
    NoAutoExtend,
    BadParameters,
    Overflow,
    NobodysAccount,
    NothingChanges,
    EmptyAllowance,
};
constexpr std::string_view doc(Error error) {
    switch (error) {
        case Error::UnknownLease:
            return "No lease has this number, or its record is gone. Look into the blocks' events.";
        case Error::UnknownMachine: return "No machine has this account. List them with compute_machines.";
        case Error::NotRenter: return "Only the renter may do this. Sign with the renter's account.";
        case Error::NotRenterOrSponsor: return "Only renter or sponsor may do this. Sign with one of them.";
        case Error::NotThisMachine: return "The lease is on another machine. Sign with that machine's key.";
        case Error::LeaseClosed: return "The lease is closed. Rent again.";
        case Error::LeaseEnded: return "The lease's time is up; this block settles it. Rent again.";
        case Error::LeaseNotActive: return "The lease has not started. Wait for its confirmation.";
        case Error::LeaseNotStarting: return "The lease has started, or its start deadline has passed. Read its state.";
        case Error::MachineNotOnline: return "The machine takes no leases in its state. Ask compute_quote for others.";
        case Error::MachineSilent: return "The machine's heartbeat is overdue. Wait for it, or take another machine.";
        case Error::MachineFrozen: return "The machine's key is frozen. Take another machine.";
        case Error::MachineNeedsProbe: return "The machine is to be probed again. Wait, or take another machine.";
        case Error::NotEnoughSlots:
            return "The machine has fewer free slots. Ask for at least one and no more than are free.";
        case Error::DurationTooShort: return "The card asks for a longer lease. See its minimum duration.";
        case Error::DurationTooLong: return "The card allows no such long lease. See its maximum duration.";
        case Error::MaintenanceAhead: return "The lease would not end before announced maintenance. Take less time.";
        case Error::CardVersionChanged: return "The machine has another price card. Read it and order again.";
        case Error::PriceTooHigh:
            return "The card's price exceeds the order's most. Raise it, or take another machine.";
        case Error::TooManyUnstarted: return "Too many leases of this renter wait for their start. Wait for them.";
        case Error::WorkloadTooLarge: return "The workload is too large. Pass data by other ways than its arguments.";
        case Error::WorkloadBadImage: return "The image must be host/path without tag or digest, in lower case.";
        case Error::WorkloadBadCommand: return "The command has an empty program or a NUL byte. Mend it.";
        case Error::WorkloadBadEnvironment:
            return "A variable's name is empty, repeated or no name, or a NUL is in it.";
        case Error::WorkloadBadPort: return "A port is 0 or named twice. Mend the ports.";
        case Error::WorkloadNoMemory: return "The workload asks for less than 4 MiB of memory. Ask for more.";
        case Error::WorkloadNoCpu: return "The workload asks for no cpu. Ask for at least a thousandth of a core.";
        case Error::WorkloadNoTime: return "The workload's deadline is 0. Leave it out or set it later.";
        case Error::DepositTooSmall: return "The deposit does not pay for the card's minimum duration. Put in more.";
        case Error::DepositTooLarge: return "The deposit exceeds the rent of the whole lease. Put in less.";
        case Error::NoAllowance: return "The sponsor has no allowance for this renter. Ask the sponsor for one.";
        case Error::AllowanceExpired: return "The sponsor's allowance has expired. Ask the sponsor to renew it.";
        case Error::AllowanceRateExceeded:
            return "The lease costs more per hour than the sponsor allows. Take fewer slots.";
        case Error::AllowancePerLeaseExceeded: return "The deposit exceeds what the sponsor allows for one lease.";
        case Error::AllowanceExhausted: return "The sponsor's allowance has less left. Ask the sponsor to raise it.";
        case Error::AllowanceForSelf: return "An allowance is for somebody else. Rent without a sponsor.";
        case Error::TooManyTerms: return "The lease has changed terms as often as it may. Rent anew when it ends.";
        case Error::NothingToSettle: return "All that is earned is withheld or paid. Wait, or let the lease close.";
        case Error::FullyFunded: return "The lease is paid for to its end. Extend it to add time.";
        case Error::TopUpTooSmall: return "The top-up pays for too little time. Add more.";
        case Error::NotAJob: return "The lease has no workload that runs to completion. Only the renter ends it.";
        case Error::BadAutoExtend:
            return "An automatic extension needs a step from a minute to the longest lease, a price and a total.";
        case Error::NoAutoExtend: return "The lease is not extended automatically. Nothing is to be taken back.";
        case Error::BadParameters: return "These parameters contradict each other. See `are_valid` in leases.hpp.";
        case Error::Overflow: return "An amount or a time exceeds what the chain can count. Use less.";
        case Error::NobodysAccount: return "The zero account is nobody's. Name another account, or none.";
        case Error::NothingChanges: return "It is so already. Nothing is to be done.";
        case Error::EmptyAllowance:
            return "An allowance needs a total, a most for one lease and a most per hour. To take one back, send none.";
    }
    std::unreachable();
}

// ---- events --------------------------------------------------------------------------------------------------

struct LeaseOpened {
    static constexpr auto doc = "Slots of a machine are rented; the machine has until the deadline to confirm.";
    LeaseId lease;
    AccountId machine;
    AccountId renter;
    scale::Bounded<std::vector<std::uint8_t>, machines::slots_max> slots;
    Balance deposit{};
    std::uint64_t deadline_ms{};
    std::optional<Hash> workload_hash;
};
struct LeaseStarted {
    static constexpr auto doc = "The machine confirmed; rent runs and ends at the given live-clock moment.";
    LeaseId lease;
    AccountId machine;
    Hash start_proof;
    std::uint64_t started_ms{};
    std::uint64_t ends_ms{};
};
struct StartRefused {
    static constexpr auto doc = "The machine could not start the lease and says why.";
    LeaseId lease;
    AccountId machine;
    RejectReason reason{};
};
struct LeaseExtended {
    static constexpr auto doc = "The lease runs longer, for the added time on the given terms.";
    LeaseId lease;
    Term term;
    std::uint64_t ends_ms{};
};
struct AutoExtendSet {
    static constexpr auto doc = "The lease is extended by itself from now on; without rules no more.";
    LeaseId lease;
    std::optional<AutoExtend> rules;
};
struct AutoExtendRefused {
    static constexpr auto doc = "The lease could not be extended by itself and ends.";
    LeaseId lease;
    frame::DispatchError error;
};
struct ToppedUp {
    static constexpr auto doc = "Money was added to a lease.";
    LeaseId lease;
    AccountId payer;
    Balance amount{};
    std::uint64_t ends_ms{};
};
struct Settled {
    static constexpr auto doc = "Rent of a running lease was paid out up to the given moment after its start.";
    LeaseId lease;
    Balance burned{};
    Balance frontend{};
    Balance owner{};
    std::uint64_t settled_ms{};
};
struct JobReported {
    static constexpr auto doc = "The machine reports how a job ended and what it left.";
    LeaseId lease;
    std::int32_t code{};
    Hash output_root;
    Usage usage;
};
struct LeaseClosed {
    static constexpr auto doc = "A lease ended; deposited = burned + frontend + owner + refunded.";
    LeaseId lease;
    AccountId machine;
    AccountId renter;
    CloseReason reason{};
    std::uint64_t at_ms{};
    Ledger ledger;
};
struct AllowanceSet {
    static constexpr auto doc = "A sponsor pays for a renter's leases within these bounds; without them no more.";
    AccountId sponsor;
    AccountId renter;
    std::optional<Allowance> allowance;
};
struct ParametersSet {
    static constexpr auto doc = "Root changed the rules for leases.";
    Parameters parameters;
};

using Event = std::variant<LeaseOpened, LeaseStarted, StartRefused, LeaseExtended, AutoExtendSet, AutoExtendRefused,
                           ToppedUp, Settled, JobReported, LeaseClosed, AllowanceSet, ParametersSet>;

// ---- the pallet, without its list of calls -------------------------------------------------------------------

/// All that errors, events and single calls need to know of their pallet. calls.hpp adds the list of calls.
struct Seat {
    static constexpr auto name = leases::name;
    static constexpr auto index = leases::index;
    static constexpr auto doc = "Slots of machines, rented by time.";
    using Constants = leases::Constants;
    using Storage = leases::Storage;
    static constexpr const auto& storage = leases::storage;
    using Error = leases::Error;
    using Event = leases::Event;

    /// Accounts for what on_finalize may have to close.
    static frame::Weight on_initialize(Context& context);
    /// Closes what is due, and the leases of machines that went away.
    static void on_finalize(Context& context);
};

// ---- reading ---------------------------------------------------------------------------------------------------

/// How many slots the lease has.
std::uint32_t slot_count(const Lease& lease);

/// The live-clock moment at which an active lease ends, by time or by money.
std::uint64_t ends_ms(const state::StateView& state, LeaseId id, const Lease& lease);

/// What an open lease has earned so far, paid out or not.
Balance earned_so_far(const state::StateView& state, const Lease& lease);

/// True where no rule divides by zero or overflows under them.
bool are_valid(const Parameters& parameters);

// ---- changing: for this pallet -----------------------------------------------------------------------------------

/// Writes the record and moves its queue entry to `due_ms`. `was_due_ms`: where its entry is now, if it has one.
void save(Context& context, LeaseId id, Lease& lease, std::optional<std::uint64_t> was_due_ms, std::uint64_t due_ms);

/// What must hold between blocks; the first thing that does not.
chain::Result<void, std::string> check_invariants(const state::StateView& state);

}  // namespace leases

namespace scale {  // what many files read and write: instantiated once, in leases.cpp
extern template void encode(const leases::Lease&, Bytes&);
extern template void decode(Reader&, leases::Lease&);
extern template void decode(Reader&, leases::Event&);
}  // namespace scale
