// tephra: rent machines, offer machines, see where the money went.

#include "chain/base/log.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/words.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

int main(int argc, char** argv) {
    chain::log::configure(chain::log::Level::Warn, chain::log::Format::Text);
    cli::Session session;
    cli::Run run;

    CLI::App app{"Rent machines, offer machines, see where the money went.", "tephra"};
    app.footer(
        "Examples:\n"
        "  tephra machines list\n"
        "  tephra quote --slots 1 --time 1h --gpu\n"
        "  tephra rent --from baltathar --time 10m --image local/busybox@sha256:… --follow -- echo hello\n"
        "  tephra cp 7 results --from baltathar\n"
        "  tephra money 7\n"
        "Keys are names from `tephra keys list`; alith, baltathar … are the development accounts.");
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", "tephra 0.1.0");
    app.add_option("--node", session.globals.node, "JSON-RPC of a node")->envname("TEPHRA_NODE")->capture_default_str();
    app.add_flag("--json", session.globals.json, "Print one JSON document, for programs");
    app.add_flag("--quiet,-q", session.globals.quiet, "No progress on standard error");

    cli::add_key_commands(app, session, run);
    cli::add_machine_commands(app, session, run);
    cli::add_quote_command(app, session, run);
    cli::add_rent_command(app, session, run);
    cli::add_lease_commands(app, session, run);
    cli::add_door_commands(app, session, run);
    cli::add_money_commands(app, session, run);
    cli::add_completion_command(app, session, run);

    CLI11_PARSE(app, argc, argv);
    if (const auto done = run(); !done) {
        if (session.globals.json) fmt::print("{}", cli::text_of(boost::json::object{{"error", done.error().text}}));
        fmt::print(stderr, "error: {}\n", done.error().text);
        return 1;
    }
    return 0;
}
