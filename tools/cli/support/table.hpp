#pragma once
// Rows for people. Columns are as wide as what stands in them; numbers lean right.

#include <string>
#include <vector>

namespace cli {

enum class Align : unsigned char { Left, Right };

struct Column {
    std::string title;
    Align align = Align::Left;
};

class Table {
public:
    explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
    void row(std::vector<std::string> cells);
    bool empty() const { return rows_.empty(); }
    /// Title line, rows, each ended by a newline. UTF-8 counts by characters.
    std::string text() const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

/// "name   value" lines for one thing.
std::string fields(const std::vector<std::pair<std::string, std::string>>& pairs);

}  // namespace cli
