#include "chain/base/numbers.hpp"

#include <algorithm>

namespace chain {

namespace {

/// a × b as high and low halves, by schoolbook on 64-bit limbs.
struct Wide {
    u128 high;
    u128 low;
};

Wide multiply(u128 a, u128 b) {
    constexpr u128 mask = ~std::uint64_t{0};
    const u128 a0 = a & mask, a1 = a >> 64, b0 = b & mask, b1 = b >> 64;
    const u128 low = a0 * b0;
    const u128 middle = a1 * b0 + (low >> 64);
    const u128 crossed = a0 * b1 + (middle & mask);
    return {a1 * b1 + (middle >> 64) + (crossed >> 64), crossed << 64 | (low & mask)};
}

struct Division {
    u128 quotient;
    u128 remainder;
};

/// Long division bit by bit; the caller has checked wide.high < divisor, so the quotient fits.
Division divide(Wide wide, u128 divisor) {
    if (wide.high == 0) return {wide.low / divisor, wide.low % divisor};
    u128 remainder = wide.high;
    u128 quotient = 0;
    for (int bit = 127; bit >= 0; --bit) {
        const bool carry = remainder >> 127 != 0;
        remainder = remainder << 1 | (wide.low >> bit & 1);
        quotient <<= 1;
        if (carry || remainder >= divisor) {
            remainder -= divisor;
            quotient |= 1;
        }
    }
    return {quotient, remainder};
}

std::optional<Division> mul_then_divide(u128 a, u128 b, u128 divisor) {
    if (divisor == 0) return std::nullopt;
    const Wide product = multiply(a, b);
    if (product.high >= divisor) return std::nullopt;
    return divide(product, divisor);
}

}  // namespace

std::optional<u128> mul_div(u128 a, u128 b, u128 divisor) {
    const auto division = mul_then_divide(a, b, divisor);
    return division ? std::optional{division->quotient} : std::nullopt;
}

std::optional<u128> mul_div_up(u128 a, u128 b, u128 divisor) {
    const auto division = mul_then_divide(a, b, divisor);
    if (!division) return std::nullopt;
    return checked_add(division->quotient, u128{division->remainder != 0});
}

std::string to_decimal(u128 value) {
    std::string digits;
    do {
        digits += static_cast<char>('0' + static_cast<int>(value % 10));
        value /= 10;
    } while (value != 0);
    std::reverse(digits.begin(), digits.end());
    return digits;
}

std::optional<u128> from_decimal(std::string_view text) {
    if (text.empty()) return std::nullopt;
    u128 value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        const auto shifted = checked_mul(value, u128{10});
        if (!shifted) return std::nullopt;
        const auto next = checked_add(*shifted, static_cast<u128>(c - '0'));
        if (!next) return std::nullopt;
        value = *next;
    }
    return value;
}

}  // namespace chain
