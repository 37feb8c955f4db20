// tephra completion bash|zsh: a script made from the commands themselves, so it knows each of them.

#include "tools/cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace cli {

namespace {

/// "path of subcommands" → words that may follow.
void collect(const CLI::App& app, const std::string& path, std::string& cases) {
    std::string words;
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) words += sub->get_name() + " ";
    for (const auto* option : app.get_options())
        for (const auto& name : option->get_lnames()) words += "--" + name + " ";
    cases += fmt::format("        \"{}\") words=\"{}\" ;;\n", path, words);
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; }))
        collect(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), cases);
}

std::string bash_script(const CLI::App& app) {
    std::string cases;
    collect(app, "", cases);
    return fmt::format(R"sh(# bash completion of tephra: source <(tephra completion bash)
_tephra_words() {{
    local words=""
    case "$1" in
{}    esac
    echo "$words"
}}
_tephra() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" path="" word i
    for ((i = 1; i < COMP_CWORD; i++)); do
        word="${{COMP_WORDS[i]}}"
        if [[ $word != -* && " $(_tephra_words "$path") " == *" $word "* ]]; then path="${{path:+$path }}$word"; fi
    done
    COMPREPLY=($(compgen -W "$(_tephra_words "$path")" -- "$current"))
}}
complete -o default -F _tephra tephra
)sh",
                       cases);
}

}  // namespace

void add_completion_command(CLI::App& app, Session& session, Run& run) {
    const auto shell = std::make_shared<std::string>();
    auto* command = app.add_subcommand("completion", "Print a completion script: source <(tephra completion bash)");
    command->add_option("shell", *shell, "bash or zsh")->required()->check(CLI::IsMember({"bash", "zsh"}));
    command->callback([&, shell] {
        run = [&, shell]() -> Result<void> {
            // zsh runs bash's completion scripts through its own adapter.
            if (*shell == "zsh")
                session.print("autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n");
            session.print(bash_script(app));
            return {};
        };
    });
}

}  // namespace cli
