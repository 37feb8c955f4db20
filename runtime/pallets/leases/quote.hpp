#pragma once
// Which machines would take an order, at what price, and for the others why not. The same rules decide in `rent`.

#include "chain/state/view.hpp"
#include "runtime/pallets/leases/records.hpp"

namespace leases {

/// What somebody wants. Filters look at claims, which nobody has proven.
struct Order {
    std::uint8_t slots{};
    std::uint64_t duration_ms{};
    std::optional<machines::DeviceClass> device_class;
    std::uint64_t gpu_memory_bytes_min{};  ///< of each GPU
    std::uint64_t memory_bytes_min{};      ///< of the whole machine
    std::optional<machines::Label> region;
    std::optional<Balance> max_price;  ///< most for one slot-hour

    bool operator==(const Order&) const = default;
};

/// Why a machine does not take an order.
enum class Refusal : std::uint8_t {
    NotOnline,         ///< its state takes no leases
    Silent,            ///< a heartbeat is overdue
    Frozen,            ///< its key is frozen
    NeedsProbe,        ///< it lapsed too often and is to be probed
    NotEnoughSlots,    ///< fewer free slots
    DurationTooShort,  ///< shorter than its card allows
    DurationTooLong,   ///< longer than its card allows
    MaintenanceAhead,  ///< would not end before announced maintenance
    PriceTooHigh,      ///< dearer than the order allows
    OtherClass,        ///< another device class
    TooLittleMemory,   ///< less GPU or main memory than wanted
    OtherRegion,       ///< elsewhere
};

/// What a machine asks for the order.
struct Offer {
    std::uint32_t card_version{};
    Balance slot_hour{};
    Balance deposit{};         ///< for the whole duration, rounded up
    std::uint32_t burn_ppm{};  ///< of the rent
    std::uint32_t score{};     ///< 0 to 1,000: machines::score

    bool operator==(const Offer&) const = default;
};

struct Quote {
    AccountId machine;
    machines::DeviceClass device_class{};
    std::uint8_t free_slots{};
    std::optional<Offer> offer;  ///< present where nothing speaks against the order
    std::vector<Refusal> why_not;

    bool operator==(const Quote&) const = default;
};

struct QuotePage {
    std::vector<Quote> quotes;
    std::optional<AccountId> next;  ///< ask for what follows this machine; absent at the end

    bool operator==(const QuotePage&) const = default;
};

/// Most machines that one page looks at.
inline constexpr std::uint32_t quote_page_max = 256;

/// What speaks against leasing `slots` slots from now for `duration_ms`, whatever the price; `latest_end_ms` is the
/// moment at which the lease could end at the latest.
std::vector<Refusal> refusals(const machines::Machine& machine, std::uint8_t slots, std::uint64_t duration_ms,
                              std::uint64_t now_ms, std::uint64_t latest_end_ms);

/// Quotes of the machines that follow `after` (from the first, where it is absent), at most `limit` of them and at most
/// quote_page_max. Machines that have exited are left out. Runtime API `ComputeApi_quote(order, after, limit)`.
QuotePage quote(const state::StateView& state, const Order& order, const std::optional<AccountId>& after,
                std::uint32_t limit);

}  // namespace leases
