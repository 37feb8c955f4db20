#include "rpc/server/origin.hpp"

#include <algorithm>

namespace rpc {

namespace {

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_digits(std::string_view text) {
    return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return '0' <= c && c <= '9'; });
}

bool is_ipv4(std::string_view text) {
    int parts = 0;
    while (true) {
        const auto dot = text.find('.');
        const std::string_view part = text.substr(0, dot);
        if (part.size() > 3 || !is_digits(part) || ++parts > 4) return false;
        if (dot == std::string_view::npos) return parts == 4;
        text.remove_prefix(dot + 1);
    }
}

}  // namespace

bool is_origin_allowed(std::string_view origin, std::span<const std::string> rules) {
    return std::ranges::any_of(rules, [&](std::string_view rule) {
        if (rule == "*" || equal_ignoring_case(rule, origin)) return true;
        if (!rule.ends_with(":*")) return false;
        const std::string_view base = rule.substr(0, rule.size() - 2);
        if (origin.size() < base.size() || !equal_ignoring_case(origin.substr(0, base.size()), base)) return false;
        const std::string_view rest = origin.substr(base.size());
        return rest.empty() || (rest.front() == ':' && is_digits(rest.substr(1)));
    });
}

bool is_host_allowed(std::string_view host, std::span<const std::string> names) {
    std::string_view name = host;
    if (name.starts_with('[')) {
        const auto end = name.find(']');
        if (end == std::string_view::npos) return false;
        const std::string_view rest = name.substr(end + 1);
        return rest.empty() || (rest.front() == ':' && is_digits(rest.substr(1)));
    }
    if (const auto colon = name.find(':'); colon != std::string_view::npos) {
        if (!is_digits(name.substr(colon + 1))) return false;
        name = name.substr(0, colon);
    }
    if (is_ipv4(name) || equal_ignoring_case(name, "localhost")) return true;
    return std::ranges::any_of(
        names, [&](std::string_view allowed) { return allowed == "*" || equal_ignoring_case(allowed, name); });
}

}  // namespace rpc
