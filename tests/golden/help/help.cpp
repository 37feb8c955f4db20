// The help of every program: what a person reads first changes only on purpose. Commands are found in the help itself,
// so a new one joins its program's file.

#include "tests/support/golden.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <sstream>
#include <vector>

namespace {

/// What `PROGRAM COMMAND… --help` prints, in an environment that sets nothing.
std::string help_of(const std::string& command) {
    const std::string line = fmt::format("env -i HOME=/nowhere {}/{} --help 2>&1", TEPHRA_PROGRAMS, command);
    std::FILE* pipe = ::popen(line.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string out;
    std::array<char, 4096> piece{};
    while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe)) out.append(piece.data(), got);
    INFO(out);
    REQUIRE(::pclose(pipe) == 0);
    return out;
}

/// The names under "Subcommands:".
std::vector<std::string> commands_in(const std::string& help) {
    std::vector<std::string> names;
    std::istringstream lines{help};
    bool listed = false;
    for (std::string line; std::getline(lines, line);) {
        if (line == "Subcommands:") listed = true;
        else if (line.empty() || line.front() != ' ') listed = false;
        // A name stands two columns in; a description that goes on stands further in.
        else if (listed && line.size() > 2 && line[2] != ' ') names.push_back(line.substr(2, line.find(' ', 2) - 2));
    }
    return names;
}

std::string all_help(const std::string& command) {
    const std::string help = help_of(command);
    std::string out = fmt::format("$ {} --help\n{}\n", command, help);
    for (const auto& name : commands_in(help)) out += all_help(command + ' ' + name);
    return out;
}

}  // namespace

TEST_CASE("the help of each program and of all its commands") {
    for (const std::string program : {"tephra-node", "tephra-worker", "tephra"}) {
        const std::string help = all_help(program);
        CHECK(help.find("$ " + program + ' ') != std::string::npos);
        tests::check_golden("help/" + program + ".txt", help);
    }
}
