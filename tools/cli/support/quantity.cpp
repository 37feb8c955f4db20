#include "tools/cli/support/quantity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace cli {

using chain::Balance;
using chain::Result;
using chain::u128;

namespace {

constexpr std::size_t decimals_max = 18;

std::string without_separators(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != '_' && c != ' ') out.push_back(c);
    return out;
}

bool take_suffix(std::string& text, std::string_view suffix) {
    if (text.size() <= suffix.size()) return false;
    const auto tail = std::string_view{text}.substr(text.size() - suffix.size());
    if (!std::ranges::equal(tail, suffix, [](char a, char b) { return std::tolower(a) == std::tolower(b); }))
        return false;
    text.resize(text.size() - suffix.size());
    return true;
}

/// A decimal number times 10^places, exactly; nothing where it has more places or is no number.
std::optional<u128> fixed_point(std::string_view text, std::size_t places) {
    const auto point = text.find('.');
    std::string digits{text.substr(0, point)};
    std::string fraction{point == std::string_view::npos ? "" : text.substr(point + 1)};
    if (digits.empty() && fraction.empty()) return std::nullopt;
    if (point != std::string_view::npos && fraction.empty()) return std::nullopt;
    if (fraction.size() > places) return std::nullopt;
    fraction.append(places - fraction.size(), '0');
    return chain::from_decimal((digits.empty() ? "0" : digits) + fraction);
}

struct Unit {
    std::string_view name;
    std::uint64_t factor;
};
constexpr std::array time_units{Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"m", 60'000}, Unit{"h", 3'600'000},
                                Unit{"d", 86'400'000}};

}  // namespace

Result<Balance, std::string> parse_amount(std::string_view text) {
    std::string digits = without_separators(text);
    const bool units = take_suffix(digits, "units") || take_suffix(digits, "unit");
    if (!units) take_suffix(digits, "TPH");
    const auto amount = units ? chain::from_decimal(digits) : fixed_point(digits, decimals_max);
    if (!amount)
        return std::unexpected{
            "\"" + std::string{text} +
            "\" is no amount: write TPH with up to 18 decimals, such as 2.5, or base units, such as \"15 units\""};
    return *amount;
}

std::string format_tph(Balance amount) {
    std::string fraction = chain::to_decimal(amount % chain::tph);
    fraction.insert(0, decimals_max - fraction.size(), '0');
    fraction.erase(fraction.find_last_not_of('0') + 1);
    const std::string whole = chain::to_decimal(amount / chain::tph);
    return fraction.empty() ? whole : whole + "." + fraction;
}

std::string format_amount(Balance amount) { return format_tph(amount) + " TPH"; }

Result<std::uint64_t, std::string> parse_duration(std::string_view text) {
    const std::string all = without_separators(text);
    std::string_view rest = all;
    std::uint64_t ms = 0;
    bool good = !rest.empty();
    while (good && !rest.empty()) {
        const auto number_end = std::min(rest.find_first_not_of("0123456789."), rest.size());
        const auto unit_end = std::min(rest.find_first_of("0123456789.", number_end), rest.size());
        const auto unit = rest.substr(number_end, unit_end - number_end);
        const auto thousandths = fixed_point(rest.substr(0, number_end), 3);
        const auto* found = std::ranges::find(time_units, unit, &Unit::name);
        good = thousandths && found != time_units.end() && *thousandths < (u128{1} << 62);
        if (!good) break;
        const u128 part = *thousandths * found->factor / 1'000;
        good = part < (u128{1} << 62);
        ms += static_cast<std::uint64_t>(part);
        rest.remove_prefix(unit_end);
    }
    if (!good || ms == 0)
        return std::unexpected{"\"" + std::string{text} +
                               "\" is no time: write a number with ms, s, m, h or d, such as 90s or 1h30m"};
    return ms;
}

std::string format_duration(std::uint64_t ms) {
    if (ms < 1'000) return fmt::format("{}ms", ms);
    if (ms < 60'000)
        return ms % 1'000 == 0 ? fmt::format("{}s", ms / 1'000) : fmt::format("{}.{}s", ms / 1'000, ms % 1'000 / 100);
    if (ms < 3'600'000) return fmt::format("{}m {}s", ms / 60'000, ms % 60'000 / 1'000);
    if (ms < 86'400'000) return fmt::format("{}h {}m", ms / 3'600'000, ms % 3'600'000 / 60'000);
    return fmt::format("{}d {}h", ms / 86'400'000, ms % 86'400'000 / 3'600'000);
}

Result<std::uint64_t, std::string> parse_size(std::string_view text) {
    std::string digits = without_separators(text);
    if (!take_suffix(digits, "iB")) take_suffix(digits, "B");
    int shift = 0;
    for (const auto& [letter, bits] : {std::pair{"K", 10}, {"M", 20}, {"G", 30}, {"T", 40}})
        if (shift == 0 && take_suffix(digits, letter)) shift = bits;
    const auto thousandths = fixed_point(digits, 3);
    const u128 bytes = thousandths ? (*thousandths << shift) / 1'000 : 0;
    if (!thousandths || *thousandths >= (u128{1} << 64) || bytes >= (u128{1} << 63))
        return std::unexpected{"\"" + std::string{text} +
                               "\" is no size: write bytes, or a number with K, M, G or T, such as 512M"};
    return static_cast<std::uint64_t>(bytes);
}

std::string format_size(std::uint64_t bytes) {
    constexpr std::array names{"B", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    std::uint64_t tenths = bytes * 10;
    while (tenths >= 10'240 && unit + 1 < names.size()) {
        tenths /= 1'024;
        ++unit;
    }
    return tenths % 10 == 0 ? fmt::format("{} {}", tenths / 10, names[unit])
                            : fmt::format("{}.{} {}", tenths / 10, tenths % 10, names[unit]);
}

Result<std::uint32_t, std::string> parse_cores(std::string_view text) {
    std::string digits = without_separators(text);
    const bool thousandths = take_suffix(digits, "m");
    const auto value = fixed_point(digits, thousandths ? 0 : 3);
    if (!value || *value == 0 || *value > 1'000'000)
        return std::unexpected{"\"" + std::string{text} +
                               "\" is no cpu share: write cores, such as 2 or 0.5, or thousandths, such as 250m"};
    return static_cast<std::uint32_t>(*value);
}

}  // namespace cli
