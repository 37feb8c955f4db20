#pragma once
// Utility: several calls in one transaction. Names, indices and events are those of polkadot-sdk's pallet_utility.
// A batch is always of class Normal and always pays, so nobody reaches the machines' share of a block through one.

#include "runtime/frame/pallet.hpp"

namespace utility {

inline constexpr std::string_view name = "Utility";
inline constexpr std::uint8_t index = 4;

struct Pallet;
template <class T>
Pallet pallet_of(const T&);

inline constexpr std::uint32_t batched_calls_limit = 1'024;

struct Constants {
    frame::Constant<std::uint32_t> batched_calls_limit{utility::batched_calls_limit, "Most calls of one batch."};
};
inline constexpr Constants constants;

// ---- errors --------------------------------------------------------------------------------------------------

enum class Error : std::uint8_t { TooManyCalls };

constexpr std::string_view doc(Error error) {
    switch (error) {
        case Error::TooManyCalls: return "The batch has more calls than BatchedCallsLimit.";
    }
    std::unreachable();
}

// ---- events --------------------------------------------------------------------------------------------------

struct BatchInterrupted {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc = "A call of the batch failed; the ones before it stand, the ones after it did not run.";
    std::uint32_t index_{};  ///< which call, from 0 (a client sees the name `index`)
    frame::DispatchError error;
};

struct BatchCompleted {
    static constexpr std::uint8_t index = 1;
    static constexpr auto doc = "Every call of the batch succeeded.";
};

struct ItemCompleted {
    static constexpr std::uint8_t index = 3;
    static constexpr auto doc = "One call of the batch succeeded.";
};

// ---- calls ---------------------------------------------------------------------------------------------------

/// The calls' weights together, and what the batch adds.
frame::Weight batch_weight(const std::vector<frame::Call>& calls);

struct Batch {
    static constexpr std::uint8_t index = 0;
    static constexpr auto doc =
        "Run the calls in order. The first that fails ends the batch; what ran before it stands. The batch itself "
        "succeeds either way: look at its events.";
    static frame::Weight weight(const Batch& batch) { return batch_weight(batch.calls); }

    std::vector<frame::Call> calls;

    frame::DispatchResult operator()(frame::Context&) const;
};

struct BatchAll {
    static constexpr std::uint8_t index = 2;
    static constexpr auto doc = "Run the calls in order, all or none: one failure takes back everything.";
    static frame::Weight weight(const BatchAll& batch) { return batch_weight(batch.calls); }

    std::vector<frame::Call> calls;

    frame::DispatchResult operator()(frame::Context&) const;
};

// ---- the pallet ----------------------------------------------------------------------------------------------

struct Pallet {
    static constexpr auto name = utility::name;
    static constexpr auto index = utility::index;
    static constexpr auto doc = "Several calls in one transaction.";
    using Constants = utility::Constants;
    using Storage = frame::NoStorage;
    using Error = utility::Error;
    using Event = std::variant<BatchInterrupted, BatchCompleted, ItemCompleted>;
    using Call = std::variant<Batch, BatchAll>;
};

}  // namespace utility
