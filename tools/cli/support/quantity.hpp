#pragma once
// Amounts, times and sizes as people write and read them. Money is exact: what is printed is what is meant, to the last
// unit.

#include "chain/base/numbers.hpp"
#include "chain/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cli {

/// "2.5", "2.5 TPH", "1_000" (TPH, up to 18 decimals) or "15 units" (base units).
chain::Result<chain::Balance, std::string> parse_amount(std::string_view text);
/// "2.5 TPH": all decimals that are not zero.
std::string format_amount(chain::Balance amount);
/// "2.5", for columns whose head names the unit.
std::string format_tph(chain::Balance amount);

/// "90s", "15m", "2h", "3d", "1h30m", "500ms", in milliseconds.
chain::Result<std::uint64_t, std::string> parse_duration(std::string_view text);
/// "1h 30m", "12.3s".
std::string format_duration(std::uint64_t ms);

/// "512M", "2G", "64MiB", "1000" bytes; K, M, G, T count in 1024.
chain::Result<std::uint64_t, std::string> parse_size(std::string_view text);
/// "1.5 GiB".
std::string format_size(std::uint64_t bytes);

/// Cores: "2", "0.5", or "250m"; in thousandths.
chain::Result<std::uint32_t, std::string> parse_cores(std::string_view text);

/// What was parsed, or a fault that names the option it was given for.
template <class T>
chain::Result<T> named(const char* option, chain::Result<T, std::string> value) {
    if (!value) return chain::fault(std::string{option} + ": " + value.error());
    return *std::move(value);
}

}  // namespace cli
