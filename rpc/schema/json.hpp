#pragma once
// JSON from and to the declarations: a Record is an object whose members are lowerCamelCase, and every other shape that
// JSON-RPC carries is one branch below. A type with another form has three members:
//   static Result<T, std::string> from_json(const json::value&);  json::value to_json() const;  static json::object
//   schema();

#include "chain/base/bytes.hpp"
#include "chain/base/numbers.hpp"
#include "chain/base/result.hpp"
#include "chain/codec/reflect.hpp"
#include "chain/crypto/account.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <limits>
#include <variant>

namespace rpc {

namespace json = boost::json;
using chain::Bytes;
using chain::ByteView;
using chain::Hash;
using chain::Result;
using chain::u128;
using crypto::AccountId;

/// Bytes as "0x" and two digits each.
struct HexBytes {
    Bytes value;
    static Result<HexBytes, std::string> from_json(const json::value& in);
    json::value to_json() const;
    static json::object schema();
    bool operator==(const HexBytes&) const = default;
};

/// An integer as "0x1a": Substrate writes block numbers and some fees so. Reads plain numbers and decimal texts too.
struct HexNumber {
    u128 value = 0;
    static Result<HexNumber, std::string> from_json(const json::value& in);
    json::value to_json() const;
    static json::object schema();
    bool operator==(const HexNumber&) const = default;
};

/// Money or another number that JavaScript could round: decimal digits in a text. Reads plain numbers too.
struct Decimal {
    u128 value = 0;
    static Result<Decimal, std::string> from_json(const json::value& in);
    json::value to_json() const;
    static json::object schema();
    bool operator==(const Decimal&) const = default;
};

/// Any JSON value: for the few answers whose shape is made elsewhere.
struct Any {
    json::value value;
    static Result<Any, std::string> from_json(const json::value& in);
    json::value to_json() const;
    static json::object schema();
};

/// "a number", "a text of 5 characters": how an error message calls a value that did not fit.
std::string describe(const json::value& value);

/// parent_hash -> parentHash
std::string camel_case(std::string_view snake);

template <class T>
concept CustomJson = requires(const T& value, const json::value& in) {
    value.to_json();
    T::from_json(in);
    T::schema();
};

namespace detail {
template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <class... A, template <class...> class Template>
inline constexpr bool is_a<Template<A...>, Template> = true;

std::unexpected<std::string> expected(std::string_view what, const json::value& got);
Result<std::uint64_t, std::string> read_unsigned(const json::value& in, std::uint64_t max);
Result<Hash, std::string> read_hash(const json::value& in);
Result<AccountId, std::string> read_account(const json::value& in);
json::object schema(std::string_view type, std::string_view description, std::string_view pattern = {});
}  // namespace detail

/// A member's name in JSON: camelCase, or as written where the Record says `json_names_as_written`.
template <class T, std::size_t I>
std::string json_name() {
    if constexpr (requires { T::json_names_as_written; }) return std::string{reflect::field_name<T, I>};
    else return camel_case(reflect::field_name<T, I>);
}

template <class T>
json::value to_json(const T& value) {
    if constexpr (CustomJson<T>) {
        return value.to_json();
    } else if constexpr (std::same_as<T, bool> || std::integral<T>) {
        return value;
    } else if constexpr (std::same_as<T, std::string>) {
        return json::value(value);
    } else if constexpr (std::same_as<T, Hash>) {
        return json::value(chain::to_hex(value));
    } else if constexpr (std::same_as<T, AccountId>) {
        return json::value(to_string(value));
    } else if constexpr (detail::is_a<T, std::optional>) {
        return value ? to_json(*value) : json::value(nullptr);
    } else if constexpr (detail::is_a<T, std::vector>) {
        json::array out;
        out.reserve(value.size());
        for (const auto& item : value) out.push_back(to_json(item));
        return out;
    } else if constexpr (detail::is_a<T, std::pair>) {
        json::array out;
        out.push_back(to_json(value.first));
        out.push_back(to_json(value.second));
        return out;
    } else if constexpr (std::same_as<T, std::monostate>) {
        return nullptr;
    } else {
        static_assert(reflect::Record<T>, "this type has no JSON form");
        json::object out;
        out.reserve(reflect::field_count<T>);
        reflect::for_each_index<reflect::field_count<T>>(
            [&](auto i) { out[json_name<T, i>()] = to_json(reflect::field<i>(value)); });
        return out;
    }
}

template <class T>
Result<T, std::string> from_json(const json::value& in) {
    if constexpr (CustomJson<T>) {
        return T::from_json(in);
    } else if constexpr (std::same_as<T, bool>) {
        if (!in.is_bool()) return detail::expected("true or false", in);
        return in.get_bool();
    } else if constexpr (std::unsigned_integral<T>) {
        TRY(const auto wide, detail::read_unsigned(in, std::numeric_limits<T>::max()));
        return static_cast<T>(wide);
    } else if constexpr (std::same_as<T, std::string>) {
        if (!in.is_string()) return detail::expected("a text", in);
        return std::string{in.get_string()};
    } else if constexpr (std::same_as<T, Hash>) {
        return detail::read_hash(in);
    } else if constexpr (std::same_as<T, AccountId>) {
        return detail::read_account(in);
    } else if constexpr (detail::is_a<T, std::optional>) {
        if (in.is_null()) return T{};
        TRY(auto value, from_json<typename T::value_type>(in));
        return T{std::move(value)};
    } else if constexpr (detail::is_a<T, std::vector>) {
        const json::array* items = in.if_array();
        if (!items) return detail::expected("a list", in);
        T out;
        out.reserve(items->size());
        for (const json::value& item : *items) {
            auto value = from_json<typename T::value_type>(item);
            if (!value) return std::unexpected{"item " + std::to_string(out.size()) + ": " + value.error()};
            out.push_back(*std::move(value));
        }
        return out;
    } else if constexpr (detail::is_a<T, std::pair>) {
        const json::array* items = in.if_array();
        if (!items || items->size() != 2) return detail::expected("a list of two", in);
        TRY(auto first, from_json<typename T::first_type>((*items)[0]));
        TRY(auto second, from_json<typename T::second_type>((*items)[1]));
        return T{std::move(first), std::move(second)};
    } else if constexpr (std::same_as<T, std::monostate>) {
        if (!in.is_null()) return detail::expected("null", in);
        return T{};
    } else {
        static_assert(reflect::Record<T>, "this type has no JSON form");
        const json::object* object = in.if_object();
        if (!object) return detail::expected("an object", in);
        T out{};
        std::optional<std::string> problem;
        reflect::for_each_index<reflect::field_count<T>>([&](auto i) {
            if (problem) return;
            const json::value* member = object->if_contains(json_name<T, i>());
            auto value = from_json<reflect::field_type<T, i>>(member ? *member : json::value{});
            if (value) reflect::field<i>(out) = *std::move(value);
            else problem = json_name<T, i>() + ": " + value.error();
        });
        if (problem) return std::unexpected{*std::move(problem)};
        return out;
    }
}

/// The JSON Schema of T, for OpenRPC and the reference pages.
template <class T>
json::object schema_of() {
    if constexpr (CustomJson<T>) {
        return T::schema();
    } else if constexpr (std::same_as<T, bool>) {
        return detail::schema("boolean", {});
    } else if constexpr (std::integral<T>) {
        return detail::schema("integer", {});
    } else if constexpr (std::same_as<T, std::string>) {
        return detail::schema("string", {});
    } else if constexpr (std::same_as<T, Hash>) {
        return detail::schema("string", "hash", "^0x[0-9a-f]{64}$");
    } else if constexpr (std::same_as<T, AccountId>) {
        return detail::schema("string", "account", "^0x[0-9a-fA-F]{40}$");
    } else if constexpr (detail::is_a<T, std::optional>) {
        json::object out = schema_of<typename T::value_type>();
        if (json::value* type = out.if_contains("type"); type && type->is_string())
            out["type"] = json::array{*type, "null"};
        return out;
    } else if constexpr (detail::is_a<T, std::vector>) {
        json::object out = detail::schema("array", {});
        out["items"] = schema_of<typename T::value_type>();
        return out;
    } else if constexpr (detail::is_a<T, std::pair>) {
        json::object out = detail::schema("array", {});
        json::array items;
        items.push_back(schema_of<typename T::first_type>());
        items.push_back(schema_of<typename T::second_type>());
        out["prefixItems"] = std::move(items);
        return out;
    } else if constexpr (std::same_as<T, std::monostate>) {
        return detail::schema("null", {});
    } else {
        static_assert(reflect::Record<T>, "this type has no JSON form");
        json::object members;
        reflect::for_each_index<reflect::field_count<T>>(
            [&](auto i) { members[json_name<T, i>()] = schema_of<reflect::field_type<T, i>>(); });
        json::object out = detail::schema("object", {});
        out["properties"] = std::move(members);
        return out;
    }
}

}  // namespace rpc
