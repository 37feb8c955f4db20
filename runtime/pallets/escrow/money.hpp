#pragma once
// The arithmetic of rent: exact, in integers, with 256-bit products. Pure; the command line and RPC quote with it too.

#include "runtime/pallets/escrow/records.hpp"

#include <span>
#include <vector>

namespace escrow {

/// Milliseconds of one hour: prices are per slot and hour.
inline constexpr std::uint64_t hour_ms = 3'600'000;

/// ⌊slot_hour × slots × ms / 3,600,000⌋: what so much time earns. Nothing where it exceeds u128.
std::optional<Balance> rent(Balance slot_hour, std::uint32_t slots, std::uint64_t ms);

/// The same rounded up: what must be deposited so that the time is surely paid for.
std::optional<Balance> deposit_for(Balance slot_hour, std::uint32_t slots, std::uint64_t ms);

/// The longest time that `money` surely pays for; without end where the price is 0.
std::uint64_t funded_ms(Balance money, Balance slot_hour, std::uint32_t slots);

/// ⌊amount × ppm / 1,000,000⌋. `ppm` is at most a whole.
Balance share(Balance amount, std::uint32_t ppm);

/// Where a rent goes.
struct Split {
    Balance burn{};
    Balance frontend{};
    Balance owner{};

    bool operator==(const Split&) const = default;
    Split& operator+=(const Split& more);
};

/// burn = ⌊burn share × used⌋, frontend = ⌊frontend share × used⌋, the owner the rest: the sum is `used` to the last
/// unit. Both shares together are at most a whole.
Split split(Balance used, std::uint32_t burn_ppm, std::uint32_t frontend_ppm);

/// The burn share at this mean use.
std::uint32_t burn_share_ppm(const BurnRamp& ramp, std::uint32_t proven_gpu_slots);

/// True where the corners are in order, the ramp never falls, and a quarter is left for frontend and owner.
bool is_valid(const BurnRamp& ramp);

/// What a machine that goes away owes, and its halves: an odd unit is burned.
struct Penalty {
    Balance to_depositors{};
    Balance burn{};

    bool operator==(const Penalty&) const = default;
};

/// min(`most`, share of the withheld owner share). `most` is the rent of the parameter's hours.
Penalty penalty(Balance most, Balance withheld_owner_share, std::uint32_t share_ppm);

/// `amount` taken from the deposits in proportion; the parts sum to `amount`, and no deposit gives more than it has.
/// `amount` is at most the sum of the deposits.
std::vector<Balance> in_proportion(Balance amount, std::span<const Deposit> deposits);

/// The sum of the deposits.
Balance sum_of(std::span<const Deposit> deposits);

}  // namespace escrow
