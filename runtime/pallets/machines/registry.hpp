#pragma once
// Calls of a machine's owner about the machine itself: registration, keys, hardware, exit.

#include "chain/crypto/signature.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/machines/weights.hpp"

namespace machines {

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

}  // namespace machines
