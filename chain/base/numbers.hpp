#pragma once
// Money is u128 with checked arithmetic only; products go through 256 bits so that nothing is lost before the division.

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chain {

__extension__ using u128 = unsigned __int128;

/// Base units of TPH: 10^18 make one.
using Balance = u128;

inline constexpr Balance tph = 1'000'000'000'000'000'000ULL;
inline constexpr u128 u128_max = ~u128{0};

template <class T>
concept Unsigned = std::unsigned_integral<T> || std::same_as<T, u128>;

template <Unsigned T>
constexpr std::optional<T> checked_add(T a, T b) {
    const T sum = static_cast<T>(a + b);
    return sum < a ? std::nullopt : std::optional{sum};
}

template <Unsigned T>
constexpr std::optional<T> checked_sub(T a, T b) {
    return a < b ? std::nullopt : std::optional{static_cast<T>(a - b)};
}

template <Unsigned T>
constexpr std::optional<T> checked_mul(T a, T b) {
    if (a != 0 && b > static_cast<T>(~T{0}) / a) return std::nullopt;
    return static_cast<T>(a * b);
}

template <Unsigned T>
constexpr T saturating_add(T a, T b) {
    return checked_add(a, b).value_or(static_cast<T>(~T{0}));
}

template <Unsigned T>
constexpr T saturating_sub(T a, T b) {
    return a < b ? T{0} : static_cast<T>(a - b);
}

template <Unsigned T>
constexpr T saturating_mul(T a, T b) {
    return checked_mul(a, b).value_or(static_cast<T>(~T{0}));
}

/// ⌊a × b / divisor⌋ with a 256-bit product. Nothing where the divisor is 0 or the quotient exceeds u128.
std::optional<u128> mul_div(u128 a, u128 b, u128 divisor);

/// ⌈a × b / divisor⌉, otherwise as mul_div.
std::optional<u128> mul_div_up(u128 a, u128 b, u128 divisor);

/// Decimal digits, no sign, no separators.
std::string to_decimal(u128 value);

/// Reads what to_decimal writes. Nothing for an empty text, another character or more than u128.
std::optional<u128> from_decimal(std::string_view text);

}  // namespace chain
