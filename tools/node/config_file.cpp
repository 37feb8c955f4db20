#include "tools/node/config_file.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace node {
namespace {

constexpr auto head = R"(# What this node does: every option of `tephra-node run`, under the same name.
# A line that begins with "#" shows a default; take the "#" away to change it. The command line wins over this file.

[run]
)";

bool is_number(const std::string& text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// As the file writes it: numbers and words of a flag are bare, texts are quoted.
std::string quoted(const std::string& value) { return is_number(value) ? value : fmt::format("\"{}\"", value); }

std::string default_of(const CLI::Option& option) {
    if (option.get_items_expected_max() == 0) return "false";
    const bool is_list = option.get_items_expected_max() > 1;
    return is_list ? "[]" : quoted(option.get_default_str());
}

}  // namespace

std::string config_text(const CLI::App& run, const std::map<std::string, std::string>& given) {
    std::string out = head;
    for (const CLI::Option* option : run.get_options()) {
        if (option->get_lnames().empty() || option == run.get_help_ptr()) continue;
        if (option->get_lnames().front() == "tmp") continue;  // a file names its folder
        const std::string& name = option->get_lnames().front();
        const auto value = given.find(name);
        out += fmt::format("\n# {}\n", option->get_description());
        if (value != given.end()) out += fmt::format("{} = {}\n", name, quoted(value->second));
        else out += fmt::format("#{} = {}\n", name, default_of(*option));
    }
    return out;
}

}  // namespace node
