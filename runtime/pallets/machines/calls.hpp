#pragma once
// The calls of Machines, and the pallet itself.

#include "chain/crypto/signature.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/machines/weights.hpp"

namespace machines {

// ---- the owner -------------------------------------------------------------------------------------------------

struct RegisterMachine {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc =
        "Register a machine and hold its bond. `machine` is the account of the machine's key, which must have signed "
        "the "
        "registration message with this owner's next counter.";
    static constexpr frame::Weight weight = weights::register_machine;

    AccountId machine;
    Claims claims;
    CardTerms price_card;
    PublicKey tls_key{};
    PublicKey box_key{};
    crypto::Signature machine_signature;

    DispatchResult operator()(Context& context) const;
};

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

struct RotateMachineKey {
    static constexpr std::uint8_t index = 4;
    static constexpr auto doc =
        "Give a machine another key, which must have signed the rotation message with this owner's next counter. Ends "
        "a "
        "freeze.";
    static constexpr frame::Weight weight = weights::rotate;

    AccountId machine;
    Keys keys;
    crypto::Signature signature;

    DispatchResult operator()(Context& context) const;
};

struct Freeze {
    static constexpr std::uint8_t index = 5;
    static constexpr auto doc =
        "Refuse everything that the machine's key signs until it is rotated: the key is stolen.";
    static constexpr frame::Weight weight = weights::owner_call;

    AccountId machine;

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

struct Exit {
    static constexpr std::uint8_t index = 7;
    static constexpr auto doc =
        "Leave: no new leases; when the last has ended, the bond is held for the unbonding time and then returned.";
    static constexpr frame::Weight weight = weights::owner_call;

    AccountId machine;

    DispatchResult operator()(Context& context) const;
};

struct ChangeHardware {
    static constexpr std::uint8_t index = 8;
    static constexpr auto doc =
        "Register other hardware under the same key, which must have signed the registration message with this owner's "
        "next counter. The bond follows the slots; the machine is to be probed again.";
    static constexpr frame::Weight weight = weights::change_hardware;

    AccountId machine;
    Claims claims;
    PublicKey tls_key{};
    PublicKey box_key{};
    crypto::Signature machine_signature;

    DispatchResult operator()(Context& context) const;
};

// ---- the machine: free, but only when due --------------------------------------------------------------------

struct Heartbeat {
    static constexpr std::uint8_t index = 9;
    static constexpr auto doc = "The machine lives: once in each interval of the live clock.";
    static constexpr frame::Weight weight = weights::heartbeat;
    static constexpr auto dispatch_class = frame::DispatchClass::Operational;
    static constexpr auto pays = frame::Pays::No;

    std::uint64_t interval{};
    std::uint8_t utilisation_percent{};

    chain::Result<void, frame::NotDue> check_due(const state::StateView& state, const AccountId& signer) const;
    DispatchResult operator()(Context& context) const;
};

struct AnswerProbe {
    static constexpr std::uint8_t index = 10;
    static constexpr auto doc =
        "Answer the open probe: what follows from its seed, the machine and what it finds in itself.";
    static constexpr frame::Weight weight = weights::probe;
    static constexpr auto dispatch_class = frame::DispatchClass::Operational;
    static constexpr auto pays = frame::Pays::No;

    Hash answer;

    chain::Result<void, frame::NotDue> check_due(const state::StateView& state, const AccountId& signer) const;
    DispatchResult operator()(Context& context) const;
};

// ---- auditors and root -------------------------------------------------------------------------------------------

struct OpenProbe {
    static constexpr std::uint8_t index = 11;
    static constexpr auto doc = "An auditor asks a machine that is not proven; the right answer brings it online.";
    static constexpr frame::Weight weight = weights::probe;

    AccountId machine;
    Hash seed;

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

// ---- the pallet ----------------------------------------------------------------------------------------------

struct Pallet {
    static constexpr auto name = machines::name;
    static constexpr auto index = machines::index;
    static constexpr auto doc = "Providers' rigs: keys, claims, prices, slots, signs of life.";
    using Constants = machines::Constants;
    using Storage = machines::Storage;
    static constexpr const auto& storage = machines::storage;
    using Error = machines::Error;
    using Event = machines::Event;
    using Call = std::variant<RegisterMachine, SetPriceCard, SetReceiver, SetController, RotateMachineKey, Freeze,
                              AnnounceMaintenance, Exit, ChangeHardware, Heartbeat, AnswerProbe, OpenProbe, SetAuditors,
                              SetParameters>;

    /// Accounts for the machines that on_finalize may look at.
    static frame::Weight on_initialize(Context& context);
    /// Looks at the machines whose moment has come.
    static void on_finalize(Context& context);
};

}  // namespace machines
