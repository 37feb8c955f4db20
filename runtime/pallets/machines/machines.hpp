#pragma once
// Machines: providers' rigs with their keys, claims, prices and slots, and how the chain knows that they live.
// compute.md, "Machines". Calls are declared in calls.hpp; this page is what other pallets, RPC and tests use.
//
// Each machine has at most one entry in the wake queue: the next moment at which the chain looks at it by itself, for a
// missed heartbeat, an unanswered probe, the begin of maintenance, the end of unbonding. Entries run in order of time,
// at most `wakes_max` a block, in on_finalize: after the block's own heartbeats have counted.

#include "runtime/frame/pallet.hpp"
#include "runtime/pallets/machines/lifecycle.hpp"
#include "runtime/pallets/machines/outage.hpp"
#include "runtime/pallets/machines/usage.hpp"

#include <string>
#include <tuple>

namespace machines {

inline constexpr std::string_view name = "Machines";
inline constexpr std::uint8_t index = 10;

struct Seat;
template <class T>
Seat pallet_of(const T&);

using frame::Context;
using frame::DispatchResult;

/// The live clock advances by at most so much in one block (compute.md, "Time").
inline constexpr std::uint64_t live_step_ms_max = 10'000;

/// Auditors that root may list.
inline constexpr std::uint32_t auditors_max = 32;
using Auditors = scale::Bounded<std::vector<AccountId>, auditors_max>;

// ---- constants -----------------------------------------------------------------------------------------------

struct Constants {
    frame::Constant<std::uint8_t> slots_max{machines::slots_max, "Most slots of one machine."};
    frame::Constant<std::uint32_t> wakes_max{256, "Most machines that one block looks at by itself."};
    frame::Constant<std::uint32_t> auditors_max{machines::auditors_max, "Most auditors that root may list."};
};
inline constexpr Constants constants;

// ---- storage -------------------------------------------------------------------------------------------------

/// A place in the wake queue: entries sort by time.
struct WakeKey {
    frame::BigEndian<std::uint64_t> at_ms;
    AccountId machine;
};

struct Storage {
    frame::Value<Parameters> parameters{"What root decides about machines."};
    frame::Value<Auditors> auditors{"Accounts that may open probes."};
    frame::Map<frame::Blake2_128Concat, AccountId, Machine> machines{"Every machine, exited ones included."};
    frame::Map<frame::Blake2_128Concat, AccountId, Claims> claims{"What each machine's owner says of it."};
    frame::Map<frame::Blake2_128Concat, AccountId, AccountId> machine_of_signer{
        "The machine that an account signs for."};
    frame::DoubleMap<frame::Blake2_128Concat, AccountId, frame::Blake2_128Concat, AccountId, std::tuple<>>
        machines_of_owner{"The machines of an owner, exited ones included."};
    frame::MapOr<frame::Blake2_128Concat, AccountId, std::uint32_t> registrations{
        "How many machine signatures an owner has used; the next one must carry this number."};
    frame::Map<frame::Blake2_128Concat, AccountId, Probe> probes{"Questions that machines have not answered yet."};
    frame::Map<frame::Identity, WakeKey, std::tuple<>> wakes{"When the chain looks at which machine again."};
    frame::Map<frame::Blake2_128Concat, AccountId, std::uint64_t> lost{
        "Machines that went away with leases, and their last heartbeat; Leases closes these leases and clears the "
        "entry."};
    frame::Value<Totals> totals{"Machines and slots by class."};
    frame::Value<UsageMeter> usage{"Proven GPU slots over the last seven days."};
    frame::Value<Outage> outage{"Who is missing, and whether that is the network's fault."};
};
extern const Storage storage;

// ---- errors: each text names the remedy ------------------------------------------------------------------------

enum class Error : std::uint8_t {
    UnknownMachine,
    NotOwner,
    NotController,
    NotAuditor,
    UnknownSigner,
    SignerInUse,
    AlreadyRegistered,
    BadMachineSignature,
    BadClaims,
    PriceOutOfRange,
    DurationOutOfRange,
    FrontendShareTooHigh,
    NothingChanges,
    MachineFrozen,
    AlreadyFrozen,
    HasLeases,
    WrongState,
    AlreadyLeaving,
    BadMaintenance,
    NoMaintenance,
    WrongInterval,
    HeartbeatAlreadySent,
    BadUtilisation,
    ProbeAlreadyOpen,
    NoOpenProbe,
    ProbeBackedOff,
    NoRecentHeartbeat,
    DuplicateAuditor,
    BadParameters,
    Overflow,
    NobodysAccount,
};
constexpr std::string_view doc(Error error) {
    switch (error) {
        case Error::UnknownMachine: return "No machine has this account. List them with compute_machines.";
        case Error::NotOwner: return "Only the machine's owner may do this. Sign with the owner's account.";
        case Error::NotController: return "Only the machine's owner or controller may do this. Sign with one of them.";
        case Error::NotAuditor: return "Only listed auditors open probes. Ask root to list this account.";
        case Error::UnknownSigner: return "This account is no machine's key. Sign with the key that was registered.";
        case Error::SignerInUse: return "This key signs for another machine. Make a new machine key.";
        case Error::AlreadyRegistered:
            return "This machine is registered. Let it exit first, or make a new machine key.";
        case Error::BadMachineSignature:
            return "The machine's signature does not fit genesis, machine, owner, counter, claims and keys. Read the "
                   "owner's Registrations counter and sign again.";
        case Error::BadClaims:
            return "The claims are not consistent. Name 1 to 16 slots, one for each GPU if there are GPUs, no GPU "
                   "twice, "
                   "and memory, disk and threads above zero.";
        case Error::PriceOutOfRange: return "The price lies outside the class's bounds. See Parameters.";
        case Error::DurationOutOfRange:
            return "The durations are out of order or exceed the most that is allowed. See Parameters.";
        case Error::FrontendShareTooHigh: return "The frontend's share exceeds what is allowed. See Parameters.";
        case Error::NothingChanges: return "It is so already. Nothing is to be done.";
        case Error::MachineFrozen: return "The machine's key is frozen. The owner must rotate it.";
        case Error::AlreadyFrozen: return "The machine's key is frozen already. Rotate it to go on.";
        case Error::HasLeases: return "The machine has leases. Wait until they have ended.";
        case Error::WrongState: return "The machine's state does not allow this. Read its state first.";
        case Error::AlreadyLeaving: return "The machine is leaving already. Wait until it has exited.";
        case Error::BadMaintenance:
            return "Maintenance must begin now or later and end after it begins. Mend the times.";
        case Error::NoMaintenance: return "No maintenance is announced. Nothing is to be taken back.";
        case Error::WrongInterval:
            return "This is not the present heartbeat interval. Use live clock / interval length.";
        case Error::HeartbeatAlreadySent: return "This interval has its heartbeat. Wait for the next interval.";
        case Error::BadUtilisation: return "Utilisation is a percentage. Send 0 to 100.";
        case Error::ProbeAlreadyOpen: return "The machine has an open probe. Wait for its answer or its deadline.";
        case Error::NoOpenProbe: return "No probe is open, or its deadline has passed. Wait for the next probe.";
        case Error::ProbeBackedOff: return "The machine failed probes. Wait until its probes.not_before_ms.";
        case Error::NoRecentHeartbeat: return "The machine is silent. Start its worker and wait for a heartbeat.";
        case Error::DuplicateAuditor: return "An auditor is listed twice. List each once.";
        case Error::BadParameters: return "These parameters contradict each other. See `are_valid` in lifecycle.hpp.";
        case Error::Overflow: return "An amount exceeds what the chain can count. Use smaller amounts.";
        case Error::NobodysAccount: return "The zero account is nobody's. Name another account.";
    }
    std::unreachable();
}

/// Why a machine call is not due; the code that clients see as `Custom error: n`. Leases counts on from these.
enum class Undue : std::uint8_t {
    UnknownSigner = 1,
    Frozen = 2,
    WrongState = 3,
    WrongInterval = 4,
    HeartbeatSent = 5,
    NoOpenProbe = 6,
    NoSuchLease = 7,
    LeaseNotStarting = 8,
    LeaseNotActive = 9,
    NotAJob = 10,
    BadArgument = 11,
};
constexpr std::unexpected<frame::NotDue> not_due(Undue why) {
    return std::unexpected{frame::NotDue{static_cast<std::uint8_t>(why)}};
}

// ---- events --------------------------------------------------------------------------------------------------

struct Registered {
    static constexpr auto doc = "A machine is registered and its bond held.";
    AccountId machine;
    AccountId owner;
    DeviceClass device_class{};
    std::uint8_t slots{};
    Balance bond{};
};
struct StateChanged {
    static constexpr auto doc = "A machine went from one state to another.";
    AccountId machine;
    MachineState from{};
    MachineState to{};
};
struct PriceCardSet {
    static constexpr auto doc = "A machine has a new price card, in force from the given live-clock moment.";
    AccountId machine;
    PriceCard card;
    std::uint64_t from_ms{};
};
struct ReceiverSet {
    static constexpr auto doc = "New leases of a machine pay its owner's share to this account.";
    AccountId machine;
    AccountId receiver;
};
struct ControllerSet {
    static constexpr auto doc = "This account may set a machine's prices and announce its maintenance.";
    AccountId machine;
    AccountId controller;
};
struct SignerRotated {
    static constexpr auto doc = "A machine signs with another key; the former key is worth nothing.";
    AccountId machine;
    AccountId signer;
};
struct Frozen {
    static constexpr auto doc = "A machine's key is refused until its owner rotates it.";
    AccountId machine;
};
struct MaintenanceAnnounced {
    static constexpr auto doc = "A machine will be away; absent times take an announcement back.";
    AccountId machine;
    std::optional<Maintenance> window;
};
struct HardwareChanged {
    static constexpr auto doc = "A machine was rebuilt: new claims, a bond to match, and nothing proven.";
    AccountId machine;
    Hash claims_hash;
    std::uint8_t slots{};
    Balance bond{};
};
struct ProbeOpened {
    static constexpr auto doc = "An auditor asks a machine; it must answer before the deadline.";
    AccountId machine;
    AccountId auditor;
    Hash seed;
    std::uint64_t deadline_ms{};
};
struct ProbePassed {
    static constexpr auto doc = "A machine answered its probe.";
    AccountId machine;
};
struct ProbeFailed {
    static constexpr auto doc = "A machine failed its probe; no other is opened before the given moment.";
    AccountId machine;
    ProbeFailure reason{};
    std::uint64_t not_before_ms{};
};
struct BondReturned {
    static constexpr auto doc = "A machine has exited; its bond is free again.";
    AccountId machine;
    AccountId owner;
    Balance amount{};
};
struct OutageBegan {
    static constexpr auto doc = "So many slots are missing at once that it is the network's fault; nobody is fined.";
    std::uint32_t missing_slots{};
};
struct OutageEnded {
    static constexpr auto doc = "Machines answer for their silence again.";
    std::uint32_t missing_slots{};
};
struct AuditorsSet {
    static constexpr auto doc = "Root listed the accounts that may open probes.";
    Auditors auditors;
};
struct ParametersSet {
    static constexpr auto doc = "Root changed the rules for machines.";
    Parameters parameters;
};

using Event = std::variant<Registered, StateChanged, PriceCardSet, ReceiverSet, ControllerSet, SignerRotated, Frozen,
                           MaintenanceAnnounced, HardwareChanged, ProbeOpened, ProbePassed, ProbeFailed, BondReturned,
                           OutageBegan, OutageEnded, AuditorsSet, ParametersSet>;

// ---- the pallet, without its list of calls -------------------------------------------------------------------

/// All that errors, events and single calls need to know of their pallet. calls.hpp adds the list of calls.
struct Seat {
    static constexpr auto name = machines::name;
    static constexpr auto index = machines::index;
    static constexpr auto doc = "Providers' rigs: keys, claims, prices, slots, signs of life.";
    using Constants = machines::Constants;
    using Storage = machines::Storage;
    static constexpr const auto& storage = machines::storage;
    using Error = machines::Error;
    using Event = machines::Event;

    /// Accounts for the machines that on_finalize may look at.
    static frame::Weight on_initialize(Context& context);
    /// Looks at the machines whose moment has come.
    static void on_finalize(Context& context);
};

// ---- reading ---------------------------------------------------------------------------------------------------

/// The live clock: it stands still while the chain does.
std::uint64_t live_now(const state::StateView& state);

/// The machine that an account signs for. UnknownSigner, MachineFrozen.
chain::Result<AccountId, Error> machine_of_signer(const state::StateView& state, const AccountId& signer);

/// The same for calls that are free only when due.
chain::Result<AccountId, frame::NotDue> due_machine(const state::StateView& state, const AccountId& signer);

// ---- changing: for this pallet and Leases ------------------------------------------------------------------------

/// The one place where a machine record is written: totals, usage, the wake queue and StateChanged follow from what
/// differs. `before` is what the state holds; nothing for a new machine. The queue entry moves only where the machine
/// must be looked at earlier: a heartbeat does not rewrite the queue. `woken_ms`: the moment at which the queue itself
/// called; then the next entry lies after it.
void save(Context& context, const AccountId& id, const std::optional<Machine>& before, Machine after,
          std::optional<std::uint64_t> woken_ms = std::nullopt);

/// Frees slots in a record that the caller then saves. A machine that waited to be free of leases moves on: to
/// Unbonding if it is leaving, to Probing if it lapsed too often.
void vacate(Machine& machine, std::span<const std::uint8_t> slots);

/// Takes a proven machine off the market: its leases are to be closed at its last heartbeat. The caller saves.
void go_offline(Context& context, const AccountId& id, Machine& machine);

/// What must hold between blocks; the first thing that does not.
chain::Result<void, std::string> check_invariants(const state::StateView& state);

}  // namespace machines

namespace scale {  // what many files read and write: instantiated once, in machines.cpp
extern template void encode(const machines::Machine&, Bytes&);
extern template void decode(Reader&, machines::Machine&);
extern template void decode(Reader&, machines::Event&);
}  // namespace scale
