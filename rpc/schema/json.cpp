#include "rpc/schema/json.hpp"

#include <fmt/format.h>

namespace rpc {

namespace {

/// "0x1a", "26" or nothing.
std::optional<u128> number_from_text(std::string_view text) {
    if (!text.starts_with("0x")) return chain::from_decimal(text);
    text.remove_prefix(2);
    if (text.empty() || text.size() > 32) return std::nullopt;
    u128 out = 0;
    for (const char c : text) {
        const auto lower = static_cast<char>(c | 0x20);
        if ('0' <= c && c <= '9') out = out << 4 | static_cast<u128>(c - '0');
        else if ('a' <= lower && lower <= 'f') out = out << 4 | static_cast<u128>(lower - 'a' + 10);
        else return std::nullopt;
    }
    return out;
}

Result<u128, std::string> read_number(const json::value& in, std::string_view what) {
    if (in.is_uint64()) return in.get_uint64();
    if (in.is_int64() && in.get_int64() >= 0) return static_cast<u128>(in.get_int64());
    if (in.is_string())
        if (const auto number = number_from_text(in.get_string())) return *number;
    return detail::expected(what, in);
}

std::string hex_number(u128 value) {
    std::string digits;
    do digits.insert(digits.begin(), "0123456789abcdef"[static_cast<unsigned>(value & 15)]);
    while ((value >>= 4) != 0);
    return "0x" + digits;
}

}  // namespace

std::string describe(const json::value& value) {
    switch (value.kind()) {
        case json::kind::null: return "nothing";
        case json::kind::bool_: return value.get_bool() ? "true" : "false";
        case json::kind::int64: return fmt::format("{}", value.get_int64());
        case json::kind::uint64: return fmt::format("{}", value.get_uint64());
        case json::kind::double_: return fmt::format("{}", value.get_double());
        case json::kind::string: {
            const std::string_view text = value.get_string();
            return text.size() <= 24 ? fmt::format("\"{}\"", text) : fmt::format("a text of {} bytes", text.size());
        }
        case json::kind::array: return fmt::format("a list of {}", value.get_array().size());
        case json::kind::object: return "an object";
    }
    return "a value";
}

std::string camel_case(std::string_view snake) {
    std::string out;
    bool raise = false;
    for (const char c : snake) {
        if (c == '_') raise = true;
        else out.push_back(raise && reflect::is_lower(c) ? static_cast<char>(c - 32) : c), raise = false;
    }
    return out;
}

namespace detail {

std::unexpected<std::string> expected(std::string_view what, const json::value& got) {
    return std::unexpected{fmt::format("expected {}, got {}", what, describe(got))};
}

Result<std::uint64_t, std::string> read_unsigned(const json::value& in, std::uint64_t max) {
    std::optional<std::uint64_t> number;
    if (in.is_uint64()) number = in.get_uint64();
    if (in.is_int64() && in.get_int64() >= 0) number = static_cast<std::uint64_t>(in.get_int64());
    if (!number) return expected("a whole number", in);
    if (*number > max) return expected(fmt::format("a number up to {}", max), in);
    return *number;
}

Result<Hash, std::string> read_hash(const json::value& in) {
    if (in.is_string() && std::string_view{in.get_string()}.starts_with("0x"))
        if (const auto hash = chain::hash_from_hex(in.get_string())) return *hash;
    return expected("a hash (0x and 64 hexadecimal digits)", in);
}

Result<AccountId, std::string> read_account(const json::value& in) {
    if (in.is_string())
        if (const auto account = crypto::account_from_string(in.get_string())) return *account;
    return expected("an account (0x and 40 hexadecimal digits)", in);
}

json::object schema(std::string_view type, std::string_view description, std::string_view pattern) {
    json::object out;
    out["type"] = type;
    if (!description.empty()) out["description"] = description;
    if (!pattern.empty()) out["pattern"] = pattern;
    return out;
}

}  // namespace detail

Result<HexBytes, std::string> HexBytes::from_json(const json::value& in) {
    if (in.is_string()) {
        const std::string_view text = in.get_string();
        // papi sends "" for "no bytes"; other bare digits are more likely a mistake than meant.
        if (text.empty()) return HexBytes{};
        if (text.starts_with("0x"))
            if (auto bytes = chain::from_hex(text)) return HexBytes{*std::move(bytes)};
    }
    return detail::expected("bytes (0x and an even count of hexadecimal digits)", in);
}
json::value HexBytes::to_json() const { return json::value(chain::to_hex(value)); }
json::object HexBytes::schema() { return detail::schema("string", "bytes", "^0x([0-9a-f]{2})*$"); }

Result<HexNumber, std::string> HexNumber::from_json(const json::value& in) {
    TRY(const u128 number, read_number(in, "a number or its hexadecimal text (0x…)"));
    return HexNumber{number};
}
json::value HexNumber::to_json() const { return json::value(hex_number(value)); }
json::object HexNumber::schema() { return detail::schema("string", "hexadecimal number", "^0x[0-9a-f]+$"); }

Result<Decimal, std::string> Decimal::from_json(const json::value& in) {
    TRY(const u128 number, read_number(in, "a number or its decimal text"));
    return Decimal{number};
}
json::value Decimal::to_json() const { return json::value(chain::to_decimal(value)); }
json::object Decimal::schema() { return detail::schema("string", "decimal number", "^[0-9]+$"); }

Result<Any, std::string> Any::from_json(const json::value& in) { return Any{in}; }
json::value Any::to_json() const { return value; }
json::object Any::schema() { return {}; }

}  // namespace rpc
