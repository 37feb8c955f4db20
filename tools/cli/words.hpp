#pragma once
// Enumerators in words, and records as JSON.

#include "chain/codec/reflect.hpp"

#include <boost/json.hpp>

#include <string>

namespace cli {

/// The enumerator's name: "Online".
template <reflect::Enum E>
std::string word(E value) {
    std::string name = "?";
    reflect::for_each_index<reflect::enumerator_count<E>()>([&](auto i) {
        constexpr auto candidate = static_cast<E>(i.value);
        if (candidate == value) name = reflect::enumerator_name<candidate>;
    });
    return name;
}

/// One JSON document with a newline.
inline std::string text_of(const boost::json::value& value) { return boost::json::serialize(value) + "\n"; }

}  // namespace cli
