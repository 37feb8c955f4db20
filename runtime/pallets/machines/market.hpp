#pragma once
// Calls about what a machine costs, whom it pays and when it is away; and what root decides.

#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/machines/weights.hpp"

namespace machines {

struct SetPriceCard {
    static constexpr std::uint8_t index = 1;
    static constexpr auto doc =
        "Set what renters pay. A raise takes effect after a minute, anything else at once; each card has its own "
        "version.";
    static constexpr frame::Weight weight = weights::owner_call;

    AccountId machine;
    CardTerms terms;

    DispatchResult operator()(Context& context) const;
};

struct SetReceiver {
    static constexpr std::uint8_t index = 2;
    static constexpr auto doc = "Name the account that new leases pay the owner's share to.";
    static constexpr frame::Weight weight = weights::owner_call;

    AccountId machine;
    AccountId receiver;

    DispatchResult operator()(Context& context) const;
};

struct SetController {
    static constexpr std::uint8_t index = 3;
    static constexpr auto doc = "Name the account that may set prices and announce maintenance beside the owner.";
    static constexpr frame::Weight weight = weights::owner_call;

    AccountId machine;
    AccountId controller;

    DispatchResult operator()(Context& context) const;
};

struct AnnounceMaintenance {
    static constexpr std::uint8_t index = 6;
    static constexpr auto doc =
        "Announce when the machine will be away, in live-clock milliseconds. No lease may end after it begins; leases "
        "that "
        "do are closed then, with a penalty. Without times an announcement is taken back.";
    static constexpr frame::Weight weight = weights::owner_call;

    AccountId machine;
    std::optional<Maintenance> window;

    DispatchResult operator()(Context& context) const;
};

struct SetAuditors {
    static constexpr std::uint8_t index = 12;
    static constexpr auto doc = "Root lists the accounts that may open probes.";
    static constexpr frame::Weight weight = weights::root_call;

    Auditors auditors;

    DispatchResult operator()(Context& context) const;
};

struct SetParameters {
    static constexpr std::uint8_t index = 13;
    static constexpr auto doc = "Root changes the rules for machines.";
    static constexpr frame::Weight weight = weights::root_call;

    Parameters parameters;

    DispatchResult operator()(Context& context) const;
};

}  // namespace machines
