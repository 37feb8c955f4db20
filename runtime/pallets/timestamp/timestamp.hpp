#pragma once
// Timestamp: the block's time, and the live clock that rents, heartbeats and deadlines run on.
//
// The proposer puts one `set` in front of every block. A block is later than its parent; that it is near to real time
// is what validators check before they vote. The live clock follows, by at most 10 s a block: a chain that stood still
// for hours has not aged anybody's deadline.

#include "runtime/frame/pallet.hpp"
#include "runtime/pallets/timestamp/weights.hpp"

namespace timestamp {

inline constexpr std::string_view name = "Timestamp";
inline constexpr std::uint8_t index = 1;

struct Pallet;
template <class T>
Pallet pallet_of(const T&);

// ---- constants
// -------------------------------------------------------------------------------------------------------

struct Constants {
    frame::Constant<std::uint64_t> minimum_period{
        500, "The shortest time between two blocks that validators aim for, in ms; wallets size mortal eras by it."};
    frame::Constant<std::uint64_t> max_live_step{10'000, "The live clock advances by at most so many ms in one block."};
};
inline constexpr Constants constants;

// ---- storage
// ---------------------------------------------------------------------------------------------------------

struct Storage {
    frame::Value<std::uint64_t> now{"The block's time: ms since 1970 (UTC)."};
    frame::Value<std::uint64_t> live_now{"The live clock in ms: what the chain has lived through since genesis."};
    frame::Value<bool> did_update{"Whether this block has its time."};
};
extern const Storage storage;

// ---- errors
// ----------------------------------------------------------------------------------------------------------

enum class Error : std::uint8_t { AlreadySet, NotLater };
constexpr std::string_view doc(Error error) {
    switch (error) {
        case Error::AlreadySet: return "The block has its time already.";
        case Error::NotLater: return "The time is not later than the parent block's.";
    }
    std::unreachable();
}

// ---- calls
// -----------------------------------------------------------------------------------------------------------

struct Set {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc = "Set the block's time. Only the proposer's inherent can; once in every block.";
    static constexpr frame::Weight weight = weights::set;
    static constexpr auto dispatch_class = frame::DispatchClass::Mandatory;
    static constexpr auto pays = frame::Pays::No;

    scale::Compact<std::uint64_t> now;  ///< ms since 1970 (UTC)

    frame::DispatchResult operator()(frame::Context& context) const;
};

struct Pallet {
    static constexpr auto name = timestamp::name;
    static constexpr auto index = timestamp::index;
    static constexpr auto doc = "The block's time and the live clock.";
    using Constants = timestamp::Constants;
    using Storage = timestamp::Storage;
    using Error = timestamp::Error;
    static constexpr const auto& storage = timestamp::storage;
    using Event = std::variant<>;
    using Call = std::variant<Set>;

    /// Accounts for on_finalize.
    static frame::Weight on_initialize(frame::Context& context);
    /// Makes ready for the next block. A block without its time must not get here: the executor refuses it before.
    static void on_finalize(frame::Context& context);
};

// ---- reading
// ---------------------------------------------------------------------------------------------------------

/// The block's time: ms since 1970 (UTC). The parent's until `set` ran.
inline std::uint64_t now(const state::StateView& state) { return storage.now.get(state); }
/// The live clock in ms.
inline std::uint64_t live_now(const state::StateView& state) { return storage.live_now.get(state); }

}  // namespace timestamp
