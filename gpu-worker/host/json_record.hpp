#pragma once
// A plain struct read from JSON by its members' names. What is wrong is named with its path and its remedy; absent
// members keep their defaults; unknown ones are errors, because a misspelt limit is a missing limit.

#include "chain/base/result.hpp"
#include "chain/codec/reflect.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace worker::json {

using chain::fault;
using chain::Result;

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_text_map = false;
template <class T>
inline constexpr bool is_text_map<std::map<std::string, T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// "a, b, c"
template <reflect::Record T>
std::string member_names() {
    std::string out;
    reflect::for_each_index<reflect::field_count<T>>([&](auto i) {
        if (!out.empty()) out += ", ";
        out += reflect::field_name<T, i>;
    });
    return out;
}

template <class T>
Result<void> read(const boost::json::value& in, const std::string& path, T& out) {
    if constexpr (std::is_same_v<T, bool>) {
        if (!in.is_bool()) return fault(path + ": write true or false");
        out = in.get_bool();
    } else if constexpr (std::is_unsigned_v<T>) {
        const auto most = std::to_string(std::numeric_limits<T>::max());
        std::uint64_t number = 0;
        if (in.is_uint64()) number = in.get_uint64();
        else if (in.is_int64() && in.get_int64() >= 0) number = static_cast<std::uint64_t>(in.get_int64());
        else return fault(path + ": write a whole number from 0 to " + most);
        if (number > std::numeric_limits<T>::max()) return fault(path + ": write a whole number from 0 to " + most);
        out = static_cast<T>(number);
    } else if constexpr (std::is_same_v<T, std::string>) {
        if (!in.is_string()) return fault(path + ": write a text in quotes");
        out = in.get_string();
    } else if constexpr (is_optional<T>) {
        return read(in, path, out.emplace());
    } else if constexpr (is_vector<T>) {
        if (!in.is_array()) return fault(path + ": write a list in [ ]");
        out.clear();
        for (std::size_t i = 0; i < in.get_array().size(); ++i)
            TRY_VOID(read(in.get_array()[i], path + "[" + std::to_string(i) + "]", out.emplace_back()));
    } else if constexpr (is_text_map<T>) {
        if (!in.is_object()) return fault(path + ": write names and values in { }");
        out.clear();
        for (const auto& [key, value] : in.get_object()) TRY_VOID(read(value, path + "." + std::string{key}, out[key]));
    } else {
        static_assert(reflect::Record<T>, "this type has no JSON form");
        if (!in.is_object()) return fault(path + ": write names and values in { }");
        for (const auto& member : in.get_object()) {
            bool known = false;
            Result<void> result;
            reflect::for_each_index<reflect::field_count<T>>([&](auto i) {
                if (member.key() != reflect::field_name<T, i>) return;
                known = true;
                const std::string inside =
                    path.empty() ? std::string{member.key()} : path + "." + std::string{member.key()};
                result = read(member.value(), inside, reflect::field<i>(out));
            });
            if (!known)
                return fault((path.empty() ? "" : path + ": ") + "unknown field \"" + std::string{member.key()} +
                             "\"; known are " + member_names<T>());
            if (!result) return result;
        }
    }
    return {};
}

/// The whole text as one T. Comments and trailing commas are allowed: people write these files.
template <reflect::Record T>
Result<T> parse(std::string_view text) {
    boost::system::error_code error;
    boost::json::stream_parser parser{{}, {.max_depth = 16, .allow_comments = true, .allow_trailing_commas = true}};
    std::size_t used = parser.write_some(text.data(), text.size(), error);
    if (!error) parser.finish(error);
    if (error) {
        const auto line =
            1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(used, text.size())), '\n');
        return fault("line " + std::to_string(line) + " is not JSON: " + error.message());
    }
    T out;
    TRY_VOID(read(parser.release(), "", out));
    return out;
}

}  // namespace worker::json
