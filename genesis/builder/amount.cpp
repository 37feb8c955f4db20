#include "genesis/builder/amount.hpp"

namespace genesis {

namespace {

constexpr std::string_view unit = " TPH";
constexpr std::size_t decimals = 18;
static_assert(chain::tph == 1'000'000'000'000'000'000ULL);

}  // namespace

std::optional<chain::Balance> parse_amount(std::string_view text) {
    if (!text.ends_with(unit)) return chain::from_decimal(text);
    text.remove_suffix(unit.size());
    const auto point = text.find('.');
    const auto whole = chain::from_decimal(text.substr(0, point));
    if (!whole) return std::nullopt;
    const auto units = chain::checked_mul(*whole, chain::Balance{chain::tph});
    if (!units || point == std::string_view::npos) return units;

    std::string fraction{text.substr(point + 1)};
    if (fraction.empty() || fraction.size() > decimals) return std::nullopt;
    fraction.resize(decimals, '0');
    const auto rest = chain::from_decimal(fraction);
    return rest ? chain::checked_add(*units, *rest) : std::nullopt;
}

}  // namespace genesis
