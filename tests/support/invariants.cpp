#include "tests/support/invariants.hpp"

#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/system/accounts.hpp"

#include <fmt/format.h>

namespace tests {

namespace {

constexpr std::size_t all = ~std::size_t{0};

/// issuance = Σ (free + reserved).
std::optional<std::string> issuance_is_what_accounts_own(const state::StateView& state) {
    chain::Balance sum = 0;
    frame_system::storage.account.for_each(state, all, [&](const auto&, const frame_system::AccountInfo& info) {
        sum += info.data.free + info.data.reserved;
    });
    const auto issuance = balances::storage.total_issuance.get(state);
    if (sum == issuance) return std::nullopt;
    return fmt::format("accounts own {} base units, the issuance says {}", chain::to_decimal(sum),
                       chain::to_decimal(issuance));
}

/// An account's `reserved` is the sum of its holds.
std::optional<std::string> reserved_is_what_holds_say(const state::StateView& state) {
    std::optional<std::string> broken;
    frame_system::storage.account.for_each(state, all, [&](const auto& who, const frame_system::AccountInfo& info) {
        chain::Balance held = 0;
        for (const auto& hold : balances::storage.holds.get(state, who)) held += hold.amount;
        if (held != info.data.reserved)
            broken = fmt::format("{} has {} reserved and {} in holds", crypto::to_string(who),
                                 chain::to_decimal(info.data.reserved), chain::to_decimal(held));
    });
    return broken;
}

/// Every stored account is alive, and consumers have a provider.
std::optional<std::string> references_keep_accounts_alive(const state::StateView& state) {
    std::optional<std::string> broken;
    frame_system::storage.account.for_each(state, all, [&](const auto& who, const frame_system::AccountInfo& info) {
        if (info.providers == 0 && info.sufficients == 0)
            broken = fmt::format("{} is stored and nothing keeps it alive", crypto::to_string(who));
        if (info.consumers != 0 && info.providers == 0)
            broken = fmt::format("{} has consumers and no provider", crypto::to_string(who));
    });
    return broken;
}

}  // namespace

std::vector<Invariant> standard_invariants() {
    return {issuance_is_what_accounts_own, reserved_is_what_holds_say, references_keep_accounts_alive};
}

}  // namespace tests
