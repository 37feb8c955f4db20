#pragma once
// The calls of Leases, and the pallet itself.

#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/leases/weights.hpp"

namespace leases {

// ---- renters, sponsors, anyone -----------------------------------------------------------------------------------

struct Rent {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc =
        "Rent slots of a machine, at the named version of its card and for at most `max_price` per slot-hour. "
        "`deposit` is "
        "what is put in now; without it, the rent of the whole duration. With a sponsor the sponsor pays.";
    static constexpr frame::Weight weight = weights::rent;

    AccountId machine;
    std::uint8_t slots{};
    std::uint64_t duration_ms{};
    Balance max_price{};
    std::uint32_t card_version{};
    std::optional<Workload> workload;
    std::optional<AccountId> sponsor;
    std::optional<AccountId> frontend;
    std::optional<Balance> deposit;

    DispatchResult operator()(Context& context) const;
};

struct EndLease {
    static constexpr std::uint8_t index = 1;
    static constexpr auto doc = "The renter ends a lease; what is not used is refunded at once.";
    static constexpr frame::Weight weight = weights::close;

    LeaseId lease;

    DispatchResult operator()(Context& context) const;
};

struct Extend {
    static constexpr std::uint8_t index = 2;
    static constexpr auto doc =
        "Renter or sponsor adds time, at the present card and burn share; the signer pays what the lease then lacks.";
    static constexpr frame::Weight weight = weights::extend;

    LeaseId lease;
    std::uint64_t added_ms{};
    Balance max_price{};
    std::uint32_t card_version{};

    DispatchResult operator()(Context& context) const;
};

/// The bounds within which a lease is extended by itself.
struct AutoExtendRules {
    Balance max_price{};
    Balance total{};
    std::uint64_t step_ms{};
};

struct SetAutoExtend {
    static constexpr std::uint8_t index = 3;
    static constexpr auto doc =
        "Renter or sponsor lets the lease be extended by a step whenever its time is up, at the signer's cost, while a "
        "slot-hour costs at most `max_price` and all extensions together at most `total`. Without rules: no more.";
    static constexpr frame::Weight weight = weights::small_call;

    LeaseId lease;
    std::optional<AutoExtendRules> rules;

    DispatchResult operator()(Context& context) const;
};

struct TopUp {
    static constexpr std::uint8_t index = 4;
    static constexpr auto doc = "Add money to a lease, at most what its agreed time still lacks; never time.";
    static constexpr frame::Weight weight = weights::top_up;

    LeaseId lease;
    Balance amount{};

    DispatchResult operator()(Context& context) const;
};

struct Settle {
    static constexpr std::uint8_t index = 5;
    static constexpr auto doc = "Pay out what a running lease has earned and need not withhold. Anyone may ask for it.";
    static constexpr frame::Weight weight = weights::settle;

    LeaseId lease;

    DispatchResult operator()(Context& context) const;
};

struct SetAllowance {
    static constexpr std::uint8_t index = 6;
    static constexpr auto doc =
        "Let a renter rent at the signer's cost within these bounds; without them, take the leave back. Leases that "
        "run "
        "are not touched.";
    static constexpr frame::Weight weight = weights::small_call;

    AccountId renter;
    std::optional<Allowance> allowance;

    DispatchResult operator()(Context& context) const;
};

// ---- the machine: free, but only when due --------------------------------------------------------------------

struct ConfirmStart {
    static constexpr std::uint8_t index = 7;
    static constexpr auto doc = "The sandbox is ready and the workload accepted: rent runs from now.";
    static constexpr frame::Weight weight = weights::start;
    static constexpr auto dispatch_class = frame::DispatchClass::Operational;
    static constexpr auto pays = frame::Pays::No;

    LeaseId lease;
    Hash start_proof;

    chain::Result<void, frame::NotDue> check_due(const state::StateView& state, const AccountId& signer) const;
    DispatchResult operator()(Context& context) const;
};

struct RejectStart {
    static constexpr std::uint8_t index = 8;
    static constexpr auto doc =
        "The lease cannot be started. Where the order is at fault it costs the renter a minute of rent, which is "
        "burned.";
    static constexpr frame::Weight weight = weights::close;
    static constexpr auto dispatch_class = frame::DispatchClass::Operational;
    static constexpr auto pays = frame::Pays::No;

    LeaseId lease;
    RejectReason reason{};

    chain::Result<void, frame::NotDue> check_due(const state::StateView& state, const AccountId& signer) const;
    DispatchResult operator()(Context& context) const;
};

struct ReportExit {
    static constexpr std::uint8_t index = 9;
    static constexpr auto doc =
        "A job that runs to completion ended with this code: 0 closes the lease as completed, anything else as failed. "
        "Elapsed time is charged, the rest refunded. `output_root` is the SHA-256 Merkle root of what it left.";
    static constexpr frame::Weight weight = weights::close;
    static constexpr auto dispatch_class = frame::DispatchClass::Operational;
    static constexpr auto pays = frame::Pays::No;

    LeaseId lease;
    std::int32_t code{};
    Hash output_root;
    Usage usage;

    chain::Result<void, frame::NotDue> check_due(const state::StateView& state, const AccountId& signer) const;
    DispatchResult operator()(Context& context) const;
};

// ---- root ----------------------------------------------------------------------------------------------------

struct SetParameters {
    static constexpr std::uint8_t index = 10;
    static constexpr auto doc = "Root changes the rules for leases.";
    static constexpr frame::Weight weight = weights::small_call;

    Parameters parameters;

    DispatchResult operator()(Context& context) const;
};

// ---- the pallet ----------------------------------------------------------------------------------------------

struct Pallet {
    static constexpr auto name = leases::name;
    static constexpr auto index = leases::index;
    static constexpr auto doc = "Slots of machines, rented by time.";
    using Constants = leases::Constants;
    using Storage = leases::Storage;
    static constexpr const auto& storage = leases::storage;
    using Error = leases::Error;
    using Event = leases::Event;
    using Call = std::variant<Rent, EndLease, Extend, SetAutoExtend, TopUp, Settle, SetAllowance, ConfirmStart,
                              RejectStart, ReportExit, SetParameters>;

    /// Accounts for what on_finalize may have to close.
    static frame::Weight on_initialize(Context& context);
    /// Closes what is due, and the leases of machines that went away.
    static void on_finalize(Context& context);
};

}  // namespace leases
