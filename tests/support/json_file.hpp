#pragma once
// Test vectors are JSON files under tests/vectors; their bytes are hexadecimal texts.

#include "chain/base/bytes.hpp"
#include "chain/base/check.hpp"

#include <boost/json.hpp>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace tests {

/// The file of this path below the source folder. Stops the test program where it is missing or no JSON.
inline boost::json::value json_file(std::string_view path) {
    const std::ifstream file{std::string{TEPHRA_SOURCE_DIR} + "/" + std::string{path}};
    chain::check(file.good());
    std::ostringstream text;
    text << file.rdbuf();
    boost::system::error_code error;
    boost::json::value parsed = boost::json::parse(text.str(), error);
    chain::check(!error);
    return parsed;
}

inline std::string_view text(const boost::json::value& value) {
    const boost::json::string& string = value.as_string();
    return {string.data(), string.size()};
}

inline chain::Bytes bytes(const boost::json::value& value) {
    auto decoded = chain::from_hex(text(value));
    chain::check(decoded.has_value());
    return *std::move(decoded);
}

inline chain::Hash hash(const boost::json::value& value) {
    const auto decoded = chain::hash_from_hex(text(value));
    chain::check(decoded.has_value());
    return *decoded;
}

}  // namespace tests
