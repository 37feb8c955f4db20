#pragma once
// Sudo: one account that may act as the chain itself, until it gives that up. Names, indices and events are those of
// polkadot-sdk's pallet_sudo. A successful call by the sudo key pays no fee.

#include "runtime/frame/pallet.hpp"
#include "runtime/pallets/sudo/weights.hpp"

namespace sudo {

inline constexpr std::string_view name = "Sudo";
inline constexpr std::uint8_t index = 5;

struct Pallet;
template <class T>
Pallet pallet_of(const T&);

using frame::AccountId;

struct Storage {
    frame::OptionalValue<AccountId> key{"The account that may act as root; none once it was removed."};
};
extern const Storage storage;

// ---- errors --------------------------------------------------------------------------------------------------

enum class Error : std::uint8_t { RequireSudo };

constexpr std::string_view doc(Error error) {
    switch (error) {
        case Error::RequireSudo: return "Only the sudo key may do this.";
    }
    std::unreachable();
}

// ---- events --------------------------------------------------------------------------------------------------

struct Sudid {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc = "The sudo key had a call run as root; it may have failed.";
    frame::DispatchOutcome sudo_result;
};

struct KeyChanged {
    static constexpr std::uint8_t index = 1;
    static constexpr auto doc = "Another account is the sudo key.";
    std::optional<AccountId> old;
    AccountId new_;
};

struct KeyRemoved {
    static constexpr std::uint8_t index = 2;
    static constexpr auto doc = "There is no sudo key any longer, for good.";
};

struct SudoAsDone {
    static constexpr std::uint8_t index = 3;
    static constexpr auto doc = "The sudo key had a call run as another account; it may have failed.";
    frame::DispatchOutcome sudo_result;
};

// ---- calls ---------------------------------------------------------------------------------------------------

struct Sudo {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc =
        "Run a call as root. Only for the sudo key. Succeeds even if the call fails: see Sudid.";
    static frame::Weight weight(const Sudo& sudo) { return weights::sudo() + frame::info_of(sudo.call).weight; }

    frame::Call call;

    frame::DispatchResult operator()(frame::Context&) const;
};

struct SetKey {
    static constexpr std::uint8_t index = 2;
    static constexpr auto doc = "Make another account the sudo key. Only for the sudo key and root.";
    static constexpr frame::Weight weight = weights::set_key();

    AccountId new_;

    frame::DispatchResult operator()(frame::Context&) const;
};

struct SudoAs {
    static constexpr std::uint8_t index = 3;
    static constexpr auto doc = "Run a call as another account. Only for the sudo key. See SudoAsDone for its result.";
    static frame::Weight weight(const SudoAs& sudo) { return weights::sudo() + frame::info_of(sudo.call).weight; }

    AccountId who;
    frame::Call call;

    frame::DispatchResult operator()(frame::Context&) const;
};

struct RemoveKey {
    static constexpr std::uint8_t index = 4;
    static constexpr auto doc = "Give up the sudo key, for good. Only for the sudo key and root.";
    static constexpr frame::Weight weight = weights::set_key();

    frame::DispatchResult operator()(frame::Context&) const;
};

// ---- the pallet ----------------------------------------------------------------------------------------------

struct Pallet {
    static constexpr auto name = sudo::name;
    static constexpr auto index = sudo::index;
    static constexpr auto doc = "One account that may act as the chain itself.";
    using Constants = frame::NoConstants;
    using Storage = sudo::Storage;
    static constexpr const auto& storage = sudo::storage;
    using Error = sudo::Error;
    using Event = std::variant<Sudid, KeyChanged, KeyRemoved, SudoAsDone>;
    using Call = std::variant<Sudo, SetKey, SudoAs, RemoveKey>;
};

}  // namespace sudo
