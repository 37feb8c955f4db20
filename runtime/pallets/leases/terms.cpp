#include "runtime/pallets/leases/terms.hpp"

#include "chain/base/check.hpp"

#include <algorithm>

namespace leases {
namespace {

/// Earned since the beginning of a stretch. Terms were checked against overflow when they were agreed.
Balance rent_of(const Term& term, std::uint32_t slots, std::uint64_t ms) {
    const auto amount = escrow::rent(term.slot_hour, slots, ms);
    chain::check(amount.has_value());
    return *amount;
}

/// Calls `visit(term, from, to)` for the part of each stretch between the two moments; from and to count from the
/// stretch's own beginning.
void for_each_part(std::span<const Term> terms, std::uint64_t from_ms, std::uint64_t to_ms, auto&& visit) {
    std::uint64_t begin = 0;
    for (const auto& term : terms) {
        const std::uint64_t from = std::clamp(from_ms, begin, term.until_ms);
        const std::uint64_t to = std::clamp(to_ms, begin, term.until_ms);
        if (from < to) visit(term, from - begin, to - begin);
        begin = term.until_ms;
    }
}

}  // namespace

std::uint64_t duration_ms(std::span<const Term> terms) { return terms.empty() ? 0 : terms.back().until_ms; }

Balance earned(std::span<const Term> terms, std::uint32_t slots, std::uint64_t from_ms, std::uint64_t to_ms) {
    Balance sum = 0;
    for_each_part(terms, from_ms, to_ms, [&](const Term& term, std::uint64_t from, std::uint64_t to) {
        sum += rent_of(term, slots, to) - rent_of(term, slots, from);
    });
    return sum;
}

escrow::Split earned_split(std::span<const Term> terms, std::uint32_t slots, std::uint64_t from_ms,
                           std::uint64_t to_ms) {
    escrow::Split sum;
    for_each_part(terms, from_ms, to_ms, [&](const Term& term, std::uint64_t from, std::uint64_t to) {
        const Balance used = rent_of(term, slots, to) - rent_of(term, slots, from);
        sum += escrow::split(used, term.burn_ppm, term.frontend_ppm);
    });
    return sum;
}

std::uint64_t funded_until(std::span<const Term> terms, std::uint32_t slots, std::uint64_t from_ms, Balance money) {
    std::uint64_t begin = 0;
    for (const auto& term : terms) {
        const std::uint64_t from = std::clamp(from_ms, begin, term.until_ms) - begin;
        const std::uint64_t length = term.until_ms - begin;
        const Balance before = rent_of(term, slots, from);
        const Balance cost = rent_of(term, slots, length) - before;
        if (money < cost) {
            const std::uint64_t reach = escrow::funded_ms(before + money, term.slot_hour, slots);
            return begin + std::clamp(reach, from, length);
        }
        money -= cost;
        begin = term.until_ms;
    }
    return std::max(begin, from_ms);
}

}  // namespace leases
