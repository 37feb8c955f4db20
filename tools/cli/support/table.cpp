#include "tools/cli/support/table.hpp"

#include "chain/base/check.hpp"

#include <algorithm>

namespace cli {

namespace {

std::size_t width_of(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width, Align align) {
    const std::string space(width - std::min(width, width_of(text)), ' ');
    return align == Align::Right ? space + text : text + space;
}

}  // namespace

void Table::row(std::vector<std::string> cells) {
    chain::check(cells.size() == columns_.size());
    rows_.push_back(std::move(cells));
}

std::string Table::text() const {
    std::vector<std::size_t> widths;
    for (const auto& column : columns_) widths.push_back(width_of(column.title));
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    std::string out;
    const auto line = [&](auto&& cell) {
        std::string text;
        for (std::size_t i = 0; i < columns_.size(); ++i)
            text += (i == 0 ? "" : "  ") + padded(cell(i), widths[i], columns_[i].align);
        text.erase(text.find_last_not_of(' ') + 1);
        out += text + "\n";
    };
    line([&](std::size_t i) { return columns_[i].title; });
    for (const auto& row : rows_) line([&](std::size_t i) { return row[i]; });
    return out;
}

std::string fields(const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::size_t width = 0;
    for (const auto& [name, value] : pairs) width = std::max(width, width_of(name));
    std::string out;
    for (const auto& [name, value] : pairs) out += padded(name, width, Align::Left) + "  " + value + "\n";
    return out;
}

}  // namespace cli
