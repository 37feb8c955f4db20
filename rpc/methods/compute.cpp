#include "rpc/methods/compute.hpp"

#include "rpc/methods/at.hpp"
#include "rpc/methods/compute_views.hpp"
#include "runtime/pallets/escrow/escrow.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"

#include <fmt/format.h>

namespace rpc {

namespace {

/// A page's size, or an error that names the bound.
Answer<std::uint32_t> page_size(const std::optional<std::uint32_t>& wanted) {
    const std::uint32_t size = wanted.value_or(compute_page_default);
    if (size >= 1 && size <= compute_page_max) return size;
    return std::unexpected{invalid_params(
        fmt::format("parameter `limit`: expected a number from 1 to {}, got {}", compute_page_max, size))};
}

/// An optional enumerator by its name.
template <reflect::Enum E>
Answer<std::optional<E>> enumerator(std::string_view parameter, const std::optional<std::string>& name) {
    if (!name) return std::optional<E>{};
    if (const auto value = from_name<E>(*name)) return std::optional{*value};
    std::string known;
    reflect::for_each_index<reflect::enumerator_count<E>()>([&](auto i) {
        known += fmt::format("{}{}", known.empty() ? "" : ", ", reflect::enumerator_name<static_cast<E>(i.value)>);
    });
    return std::unexpected{invalid_params(fmt::format("parameter `{}`: expected one of {}", parameter, known))};
}

Answer<leases::Order> read_order(const OrderView& order) {
    leases::Order out{.slots = order.slots,
                      .duration_ms = order.duration_ms,
                      .gpu_memory_bytes_min = order.gpu_memory_bytes_min.value_or(0),
                      .memory_bytes_min = order.memory_bytes_min.value_or(0)};
    if (order.slots == 0) return std::unexpected{invalid_params("parameter `order`: slots: expected at least 1")};
    if (order.duration_ms == 0)
        return std::unexpected{invalid_params("parameter `order`: durationMs: expected at least 1")};
    TRY(out.device_class, enumerator<machines::DeviceClass>("order`: `deviceClass", order.device_class));
    if (order.region) {
        if (order.region->size() > machines::Label::max)
            return std::unexpected{invalid_params(
                fmt::format("parameter `order`: region: expected at most {} bytes", machines::Label::max))};
        out.region = machines::Label{*order.region};
    }
    if (order.max_price) out.max_price = order.max_price->value;
    return out;
}

}  // namespace

Answer<MachinePage> Compute::answer(const ComputeMachines::Params& params) const {
    TRY(const std::uint32_t limit, page_size(params.limit));
    TRY(const auto wanted, enumerator<machines::MachineState>("state", params.state));
    TRY(const auto state, state_at(ledger_, params.at));
    const auto& map = machines::storage.machines;
    MachinePage out;
    auto entry = params.after ? map.next(*state, *params.after) : map.first(*state);
    for (std::uint32_t seen = 0; entry; ++seen) {
        const auto& [account, machine] = *entry;
        if (!wanted || machine.state == *wanted) out.machines.push_back(view(*state, account, machine));
        auto following = map.next(*state, account);
        // A page looks at `limit` machines, whether or not they are in the wanted state.
        if (seen + 1 >= limit) {
            if (following) out.next = account;
            break;
        }
        entry = std::move(following);
    }
    return out;
}

Answer<ComputeMachine::Result> Compute::answer(const ComputeMachine::Params& params) const {
    TRY(const auto state, state_at(ledger_, params.at));
    const auto machine = machines::storage.machines.get(*state, params.machine);
    return machine ? ComputeMachine::Result{view(*state, params.machine, *machine)} : std::nullopt;
}

Answer<ComputeLease::Result> Compute::answer(const ComputeLease::Params& params) const {
    TRY(const auto state, state_at(ledger_, params.at));
    const leases::LeaseId id{params.lease};
    const auto lease = leases::storage.leases.get(*state, id);
    return lease ? ComputeLease::Result{view(*state, id, *lease)} : std::nullopt;
}

Answer<LeasePage> Compute::answer(const ComputeLeases::Params& params) const {
    TRY(const std::uint32_t limit, page_size(params.limit));
    TRY(const auto state, state_at(ledger_, params.at));
    const auto& map = leases::storage.leases_of_renter;
    LeasePage out;
    auto entry = params.after ? map.next(*state, params.renter, leases::LeaseId{*params.after})
                              : map.first(*state, params.renter);
    while (entry) {
        const leases::LeaseId id = entry->first;
        if (const auto lease = leases::storage.leases.get(*state, id)) out.leases.push_back(view(*state, id, *lease));
        entry = map.next(*state, params.renter, id);
        if (entry && out.leases.size() >= limit) {
            out.next = id.value;
            break;
        }
    }
    return out;
}

Answer<QuotePageView> Compute::answer(const ComputeQuote::Params& params) const {
    TRY(const std::uint32_t limit, page_size(params.limit));
    TRY(const leases::Order order, read_order(params.order));
    TRY(const auto state, state_at(ledger_, params.at));
    const leases::QuotePage page = leases::quote(*state, order, params.after, limit);
    QuotePageView out{.next = page.next};
    for (const leases::Quote& quote : page.quotes) out.quotes.push_back(view(quote));
    return out;
}

Answer<ComputeBurnStats::Result> Compute::answer(const ComputeBurnStats::Params& params) const {
    const std::uint32_t days = params.days.value_or(burn_days_default);
    if (days < 1 || days > burn_days_max)
        return std::unexpected{invalid_params(
            fmt::format("parameter `days`: expected a number from 1 to {}, got {}", burn_days_max, days))};
    TRY(const auto state, state_at(ledger_, params.at));
    ComputeBurnStats::Result out{.total_burned = {escrow::storage.total_burned.get(*state)},
                                 .burn_share_ppm = escrow::present_burn_ppm(*state)};
    constexpr std::uint64_t day_ms = 86'400'000;
    const std::uint64_t today = timestamp::now(*state) / day_ms;
    for (std::uint64_t back = 0; back < days && back <= today; ++back) {
        BurnDayView day{.day = today - back};
        reflect::for_each_index<reflect::enumerator_count<escrow::BurnReason>()>([&](auto i) {
            constexpr auto reason = static_cast<escrow::BurnReason>(i.value);
            if (const auto burned = escrow::storage.burn_stats.get(*state, day.day, reason))
                day.burns.push_back({name_of(reason), {burned->amount}, burned->count});
        });
        if (!day.burns.empty()) out.days.push_back(std::move(day));
    }
    return out;
}

}  // namespace rpc
