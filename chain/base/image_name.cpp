#include "chain/base/image_name.hpp"

#include <algorithm>

namespace chain {
namespace {

constexpr std::size_t port_digits_max = 5;

constexpr bool is_digit(char c) { return '0' <= c && c <= '9'; }
constexpr bool is_alphanumeric(char c) { return ('a' <= c && c <= 'z') || is_digit(c); }

bool is_component(std::string_view text) {
    const auto allowed = [](char c) { return is_alphanumeric(c) || c == '.' || c == '_' || c == '-'; };
    return !text.empty() && is_alphanumeric(text.front()) && is_alphanumeric(text.back()) &&
           text.find("..") == std::string_view::npos && std::ranges::all_of(text, allowed);
}

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= port_digits_max && std::ranges::all_of(text, is_digit);
}

}  // namespace

bool is_image_source(std::string_view text) {
    const auto colon = text.find(':');
    return is_component(text.substr(0, colon)) && (colon == std::string_view::npos || is_port(text.substr(colon + 1)));
}

bool is_image_path(std::string_view text) {
    for (;;) {
        const auto slash = text.find('/');
        if (!is_component(text.substr(0, slash))) return false;
        if (slash == std::string_view::npos) return true;
        text.remove_prefix(slash + 1);
    }
}

}  // namespace chain
