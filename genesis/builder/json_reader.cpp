#include "genesis/builder/json_reader.hpp"

#include <algorithm>

namespace genesis::reading {

namespace {

constexpr std::size_t shown_bytes_max = 60;

/// How many letters must change to make one of the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string shown(const json::value& value) {
    std::string text = json::serialize(value);
    if (text.size() > shown_bytes_max) text = text.substr(0, shown_bytes_max) + "…";
    return text;
}

std::unexpected<chain::Fault> unexpected_value(const std::string& path, std::string_view what,
                                               const json::value& found) {
    return chain::fault(fmt::format("{}: expected {}, found {}", path.empty() ? "the file" : path, what, shown(found)));
}

std::string member_path(const std::string& path, std::string_view key) {
    return path.empty() ? std::string{key} : fmt::format("{}.{}", path, key);
}

Result<void> refuse_unknown_keys(const json::object& object, const std::vector<std::string_view>& known,
                                 const std::string& path) {
    for (const auto& member : object) {
        const std::string_view key{member.key().data(), member.key().size()};
        if (std::ranges::find(known, key) != known.end()) continue;
        const auto nearest =
            std::ranges::min_element(known, {}, [&](std::string_view name) { return distance(key, name); });
        const bool is_near = nearest != known.end() && distance(key, *nearest) <= 1 + nearest->size() / 3;
        const std::string remedy = is_near ? fmt::format("did you mean \"{}\"?", *nearest)
                                           : fmt::format("known here: {}", fmt::join(known, ", "));
        return chain::fault(
            fmt::format("{}: unknown field; {}", member_path(path, key.substr(0, shown_bytes_max)), remedy));
    }
    return {};
}

}  // namespace genesis::reading
