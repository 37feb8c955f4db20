#pragma once
// JSON into plain structs: members are keys, and every refusal says where, what was found and what is right.

#include "chain/base/bytes.hpp"
#include "chain/base/numbers.hpp"
#include "chain/base/result.hpp"
#include "chain/codec/scale.hpp"
#include "chain/crypto/account.hpp"
#include "genesis/builder/amount.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <limits>
#include <string>
#include <vector>

namespace genesis {

namespace reading {

/// What a key that is not there means. A struct that says `static constexpr bool keeps_defaults = true` keeps what its
/// members were declared with, and so does everything inside it; elsewhere only std::optional may be left out.
enum class Missing : std::uint8_t { IsAnError, KeepsDefault };

namespace json = boost::json;
using chain::Result;

/// The value as the file has it, cut to what fits a message.
std::string shown(const json::value& value);
/// `path: expected WHAT, found VALUE`
std::unexpected<chain::Fault> unexpected_value(const std::string& path, std::string_view what,
                                               const json::value& found);
/// `path.key` or `key`
std::string member_path(const std::string& path, std::string_view key);
/// A key that no member has, with the nearest that one has.
Result<void> refuse_unknown_keys(const json::object& object, const std::vector<std::string_view>& known,
                                 const std::string& path);

template <class T>
Result<void> read(const json::value& value, const std::string& path, Missing missing, T& into);

template <class T>
Result<void> read_integer(const json::value& value, const std::string& path, T& into) {
    const bool is_unsigned = value.is_uint64() || (value.is_int64() && value.get_int64() >= 0);
    const std::uint64_t number = value.is_uint64() ? value.get_uint64()
                                 : is_unsigned     ? static_cast<std::uint64_t>(value.get_int64())
                                                   : 0;
    if (!is_unsigned || number > std::numeric_limits<T>::max())
        return unexpected_value(path, fmt::format("a whole number from 0 to {}", std::numeric_limits<T>::max()), value);
    into = static_cast<T>(number);
    return {};
}

template <class T>
Result<void> read_sequence(const json::value& value, const std::string& path, Missing missing, std::size_t most,
                           std::vector<T>& into) {
    if (!value.is_array()) return unexpected_value(path, "a list", value);
    const json::array& list = value.get_array();
    if (list.size() > most)
        return chain::fault(fmt::format("{}: at most {} entries, found {}", path, most, list.size()));
    into.assign(list.size(), T{});
    for (std::size_t i = 0; i < list.size(); ++i)
        TRY_VOID(read(list[i], fmt::format("{}[{}]", path, i), missing, into[i]));
    return {};
}

template <class T>
Result<void> read_enumerator(const json::value& value, const std::string& path, T& into) {
    std::string names;
    bool found = false;
    reflect::for_each_index<reflect::enumerator_count<T>()>([&](auto i) {
        constexpr std::string_view name = reflect::enumerator_name<static_cast<T>(static_cast<std::uint8_t>(i))>;
        names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", name);
        if (!value.is_string() || std::string_view{value.get_string()} != name) return;
        into = static_cast<T>(static_cast<std::uint8_t>(i));
        found = true;
    });
    if (!found) return unexpected_value(path, "one of " + names, value);
    return {};
}

template <class T>
Result<void> read_record(const json::value& value, const std::string& path, Missing missing, T& into) {
    if (!value.is_object()) return unexpected_value(path, "an object { … }", value);
    const json::object& object = value.get_object();
    std::vector<std::string_view> known;
    reflect::for_each_index<reflect::field_count<T>>([&](auto i) { known.push_back(reflect::field_name<T, i>); });
    TRY_VOID(refuse_unknown_keys(object, known, path));

    Result<void> result;
    reflect::for_each_index<reflect::field_count<T>>([&](auto i) {
        if (!result) return;
        const std::string at = member_path(path, reflect::field_name<T, i>);
        constexpr bool has_defaults = requires { T::keeps_defaults; };
        const Missing inside = has_defaults ? Missing::KeepsDefault : missing;
        const json::value* member = object.if_contains(reflect::field_name<T, i>);
        constexpr bool may_lack = scale::is_a<reflect::field_type<T, i>, std::optional>;
        if (member != nullptr) result = read(*member, at, inside, reflect::field<i>(into));
        else if (inside == Missing::IsAnError && !may_lack) result = chain::fault(at + ": missing; add it");
    });
    return result;
}

template <class T>
Result<void> read_bytes(const json::value& value, const std::string& path, T& into) {
    const auto bytes =
        value.is_string() ? chain::array_from_hex<std::tuple_size_v<T>>(value.get_string()) : std::nullopt;
    if (!bytes) return unexpected_value(path, fmt::format("0x and {} hexadecimal digits", 2 * into.size()), value);
    into = *bytes;
    return {};
}

template <class T>
Result<void> read(const json::value& value, const std::string& path, Missing missing, T& into) {
    if constexpr (std::same_as<T, crypto::AccountId>) {
        const auto account = value.is_string() ? crypto::account_from_string(value.get_string()) : std::nullopt;
        if (!account) return unexpected_value(path, "an account: 0x and 40 hexadecimal digits", value);
        into = *account;
        return {};
    } else if constexpr (std::same_as<T, chain::Balance>) {
        const auto amount = value.is_string() ? parse_amount(value.get_string()) : std::nullopt;
        if (!amount)
            return unexpected_value(path, R"(an amount such as "1000 TPH", "0.5 TPH" or, in base units, "1000000")",
                                    value);
        into = *amount;
        return {};
    } else if constexpr (std::same_as<T, bool>) {
        if (!value.is_bool()) return unexpected_value(path, "true or false", value);
        into = value.get_bool();
        return {};
    } else if constexpr (std::unsigned_integral<T>) {
        return read_integer(value, path, into);
    } else if constexpr (std::same_as<T, std::string>) {
        if (!value.is_string()) return unexpected_value(path, "a text", value);
        into = std::string{value.get_string()};
        return {};
    } else if constexpr (reflect::Enum<T>) {
        return read_enumerator(value, path, into);
    } else if constexpr (scale::is_a<T, std::optional>) {
        if (value.is_null()) return {};
        return read(value, path, missing, into.emplace());
    } else if constexpr (scale::is_a<T, std::vector>) {
        return read_sequence(value, path, missing, std::numeric_limits<std::size_t>::max(), into);
    } else if constexpr (scale::is_bounded<T>) {
        return read_sequence(value, path, missing, T::max, into.value);
    } else if constexpr (scale::is_array<T>) {
        return read_bytes(value, path, into);
    } else if constexpr (scale::is_a<T, scale::Compact>) {
        return read(value, path, missing, into.value);
    } else if constexpr (reflect::field_count<T> == 1 && reflect::field_name<T, 0> == "value") {
        return read(value, path, missing, into.value);  // a newtype is written as what it wraps
    } else {
        return read_record(value, path, missing, into);
    }
}

}  // namespace reading

/// Fills `into` from a whole file's value.
template <class T>
chain::Result<void> read_json(const boost::json::value& value, T& into) {
    return reading::read(value, "", reading::Missing::IsAnError, into);
}

}  // namespace genesis
