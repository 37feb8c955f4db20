#pragma once
// Calls by which a lease starts and ends. The machine's are free, but only when due.

#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/leases/weights.hpp"

namespace leases {

struct EndLease {
    static constexpr std::uint8_t index = 1;
    static constexpr auto doc = "The renter ends a lease; what is not used is refunded at once.";
    static constexpr frame::Weight weight = weights::close;

    LeaseId lease;

    DispatchResult operator()(Context& context) const;
};

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

struct SetParameters {
    static constexpr std::uint8_t index = 10;
    static constexpr auto doc = "Root changes the rules for leases.";
    static constexpr frame::Weight weight = weights::small_call;

    Parameters parameters;

    DispatchResult operator()(Context& context) const;
};

}  // namespace leases
