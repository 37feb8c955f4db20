#pragma once
// The commands, by what they are about. Each adds its subcommands; `run` is set to what the user chose.

#include "tools/cli/session.hpp"

#include <functional>

namespace CLI {
class App;
}

namespace cli {

/// The chosen command. Its fault is printed as "error: …" and ends the program with 1.
using Run = std::function<Result<void>()>;

void add_key_commands(CLI::App& app, Session& session, Run& run);
void add_machine_commands(CLI::App& app, Session& session, Run& run);
void add_quote_command(CLI::App& app, Session& session, Run& run);
void add_rent_command(CLI::App& app, Session& session, Run& run);
void add_lease_commands(CLI::App& app, Session& session, Run& run);
void add_door_commands(CLI::App& app, Session& session, Run& run);
void add_money_commands(CLI::App& app, Session& session, Run& run);
void add_completion_command(CLI::App& app, Session& session, Run& run);

}  // namespace cli
