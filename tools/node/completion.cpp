#include "tools/node/completion.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace node {
namespace {

/// "--data --chain …" and the names of subcommands.
std::string words_of(const CLI::App& app) {
    std::string out;
    for (const auto* option : app.get_options()) {
        for (const auto& name : option->get_lnames()) out += "--" + name + " ";
        for (const auto& name : option->get_snames()) out += "-" + name + " ";
    }
    for (const auto* command : app.get_subcommands({})) out += command->get_name() + " ";
    if (!out.empty()) out.pop_back();
    return out;
}

void add_cases(const CLI::App& app, const std::string& path, std::string& out) {
    out += fmt::format("        \"{}\") words=\"{}\" ;;\n", path, words_of(app));
    for (const auto* command : app.get_subcommands({})) add_cases(*command, path + " " + command->get_name(), out);
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
    const std::string name = app.get_name();
    std::string cases;
    add_cases(app, name, cases);
    return fmt::format(R"(# bash completion for {0}: source <({0} completion bash)
_{1}() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" path="{0}" words="" i
    for ((i = 1; i < COMP_CWORD; ++i)); do
        [[ "${{COMP_WORDS[i]}}" == -* ]] && break
        path="$path ${{COMP_WORDS[i]}}"
    done
    case "$path" in
{2}    esac
    if [[ "$current" == -* || "$COMP_CWORD" -eq 1 ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$current"))
    else
        COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))
    fi
}}
complete -o filenames -F _{1} {0}
)",
                       name, "tephra_node", cases);
}

}  // namespace node
