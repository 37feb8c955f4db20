#include "runtime/pallets/escrow/money.hpp"

#include "chain/base/check.hpp"

#include <algorithm>

namespace escrow {
namespace {

constexpr std::uint32_t whole_ppm = 1'000'000;

/// slots × ms fits u128 by far.
constexpr chain::u128 slot_ms(std::uint32_t slots, std::uint64_t ms) { return chain::u128{slots} * ms; }

/// The height at x of the line from (x0, y0) to (x1, y1), rounded towards y0. x lies between.
std::uint32_t on_line(std::uint32_t x, std::uint32_t x0, std::uint32_t y0, std::uint32_t x1, std::uint32_t y1) {
    const std::uint64_t rise = std::uint64_t{y1 - y0} * (x - x0);
    return y0 + static_cast<std::uint32_t>(rise / (x1 - x0));
}

}  // namespace

std::optional<Balance> rent(Balance slot_hour, std::uint32_t slots, std::uint64_t ms) {
    return chain::mul_div(slot_hour, slot_ms(slots, ms), hour_ms);
}

std::optional<Balance> deposit_for(Balance slot_hour, std::uint32_t slots, std::uint64_t ms) {
    return chain::mul_div_up(slot_hour, slot_ms(slots, ms), hour_ms);
}

std::uint64_t funded_ms(Balance money, Balance slot_hour, std::uint32_t slots) {
    constexpr std::uint64_t for_ever = ~std::uint64_t{0};
    const auto per_hour = chain::checked_mul(slot_hour, Balance{slots});
    if (per_hour == Balance{0}) return for_ever;
    if (!per_hour) return 0;
    const auto ms = chain::mul_div(money, hour_ms, *per_hour);
    return ms && *ms < for_ever ? static_cast<std::uint64_t>(*ms) : for_ever;
}

Balance share(Balance amount, std::uint32_t ppm) {
    chain::check(ppm <= whole_ppm);
    return *chain::mul_div(amount, ppm, whole_ppm);
}

Split& Split::operator+=(const Split& more) {
    burn += more.burn;
    frontend += more.frontend;
    owner += more.owner;
    return *this;
}

Split split(Balance used, std::uint32_t burn_ppm, std::uint32_t frontend_ppm) {
    chain::check(std::uint64_t{burn_ppm} + frontend_ppm <= whole_ppm);
    Split parts{.burn = share(used, burn_ppm), .frontend = share(used, frontend_ppm)};
    parts.owner = used - parts.burn - parts.frontend;
    return parts;
}

std::uint32_t burn_share_ppm(const BurnRamp& ramp, std::uint32_t slots) {
    if (slots <= ramp.low_slots) return ramp.low_ppm;
    if (slots >= ramp.high_slots) return ramp.high_ppm;
    if (slots <= ramp.middle_slots)
        return on_line(slots, ramp.low_slots, ramp.low_ppm, ramp.middle_slots, ramp.middle_ppm);
    return on_line(slots, ramp.middle_slots, ramp.middle_ppm, ramp.high_slots, ramp.high_ppm);
}

bool is_valid(const BurnRamp& ramp) {
    return ramp.low_slots < ramp.middle_slots && ramp.middle_slots < ramp.high_slots &&
           ramp.low_ppm <= ramp.middle_ppm && ramp.middle_ppm <= ramp.high_ppm && ramp.high_ppm <= whole_ppm / 4 * 3;
}

Penalty penalty(Balance most, Balance withheld_owner_share, std::uint32_t share_ppm) {
    const Balance owed = std::min(most, share(withheld_owner_share, share_ppm));
    return {.to_depositors = owed / 2, .burn = owed - owed / 2};
}

Balance sum_of(std::span<const Deposit> deposits) {
    Balance sum = 0;
    for (const auto& deposit : deposits) sum += deposit.amount;
    return sum;
}

std::vector<Balance> in_proportion(Balance amount, std::span<const Deposit> deposits) {
    const Balance total = sum_of(deposits);
    chain::check(amount <= total);
    std::vector<Balance> parts;
    parts.reserve(deposits.size());
    // Differences of rounded running sums: the last running sum is the amount itself, so nothing is lost or made.
    Balance so_far = 0;
    Balance given = 0;
    for (const auto& deposit : deposits) {
        so_far += deposit.amount;
        const Balance reached = total == 0 ? 0 : *chain::mul_div(amount, so_far, total);
        parts.push_back(reached - given);
        given = reached;
    }
    chain::check(given == amount);
    return parts;
}

}  // namespace escrow
