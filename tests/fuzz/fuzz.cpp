#include "tests/fuzz/fuzz.hpp"

#include <map>

namespace fuzz {

namespace {

std::map<std::string_view, Body>& targets() {
    static std::map<std::string_view, Body> all;
    return all;
}

}  // namespace

Target::Target(std::string_view name, Body body) { targets().emplace(name, body); }

Body find(std::string_view name) {
    const auto found = targets().find(name);
    return found == targets().end() ? nullptr : found->second;
}

std::span<const std::string_view> names() {
    static const std::vector<std::string_view> all = [] {
        std::vector<std::string_view> out;
        for (const auto& [name, body] : targets()) out.push_back(name);
        return out;
    }();
    return all;
}

}  // namespace fuzz
