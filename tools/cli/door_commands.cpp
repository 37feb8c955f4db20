// tephra logs, cp, stats, start, stop: what a renter does at the machine's door.

#include "tools/cli/commands.hpp"
#include "tools/cli/door.hpp"
#include "tools/cli/support/quantity.hpp"
#include "tools/cli/support/table.hpp"
#include "tools/cli/support/workload_options.hpp"
#include "tools/cli/waiting.hpp"
#include "tools/cli/words.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace cli {

namespace {

using chain::fault;
using rpc::worker_api::DoorClient;

struct DoorOptions {
    std::uint64_t lease = 0;
    std::string from;
    std::string door;
    std::string folder = ".";
    bool follow = false;
    WorkloadOptions workload;
};

Result<std::unique_ptr<DoorClient>> open(Session& session, const DoorOptions& options) {
    TRY(const auto lease, find_lease(session, options.lease));
    TRY(const auto key, session.key(options.from));
    return open_door(session, lease, key, options.door);
}

Result<void> logs(Session& session, const DoorOptions& options) {
    TRY(const auto door, open(session, options));
    return stream_logs(*door, options.follow);
}

Result<void> copy(Session& session, const DoorOptions& options) {
    TRY(const auto door, open(session, options));
    TRY(const auto files, download_results(session, *door, options.folder));
    if (session.globals.json) session.print(text_of(boost::json::object{{"files", files}, {"folder", options.folder}}));
    else session.print(std::to_string(files) + " files in " + options.folder + "\n");
    return {};
}

Result<void> stats(Session& session, const DoorOptions& options) {
    TRY(const auto door, open(session, options));
    const auto s = door->stats();
    if (!s) return fault(s.error().text);
    if (session.globals.json) {
        boost::json::object out{{"phase", s->phase},           {"text", s->text},
                                {"cpu_ms", s->cpu_ms},         {"memory_peak_bytes", s->memory_peak_bytes},
                                {"disk_bytes", s->disk_bytes}, {"results_kept_until_ms", s->results_kept_until_ms}};
        if (s->exit_code) out["exit_code"] = *s->exit_code;
        boost::json::array ports;
        for (const auto& [job, host] : s->ports) ports.push_back({{"job", job}, {"host", host}});
        out["ports"] = ports;
        session.print(text_of(out));
        return {};
    }
    std::vector<std::pair<std::string, std::string>> lines{{"phase", s->phase}, {"says", s->text}};
    if (s->exit_code) lines.emplace_back("exit code", std::to_string(*s->exit_code));
    lines.emplace_back("cpu time", format_duration(s->cpu_ms));
    lines.emplace_back("memory peak", format_size(s->memory_peak_bytes));
    lines.emplace_back("disk", format_size(s->disk_bytes));
    for (const auto& [job, host] : s->ports)
        lines.emplace_back("port " + std::to_string(job), "published as " + std::to_string(host));
    session.print(fields(lines));
    return {};
}

Result<void> start(Session& session, const DoorOptions& options) {
    TRY(const auto facts, find_lease(session, options.lease));
    TRY(Chain* const chain, session.chain());
    TRY(const auto machine,
        chain->read([&](const auto& state) { return machines::storage.machines.get(state, facts.lease.machine); }));
    std::optional<crypto::BoxPublic> box;
    if (machine) box = crypto::BoxPublic{machine->keys.box_key};
    const auto workload = workload_from(options.workload, box);
    if (!workload) return fault(workload.error());
    if (!*workload) return fault("say what to start: --image SOURCE/REPOSITORY@sha256:DIGEST");
    TRY(const auto door, open(session, options));
    if (const auto started = door->start(scale::encode(**workload)); !started) return fault(started.error().text);
    session.progress("starting; `tephra logs -f " + std::to_string(options.lease) + "` shows its output");
    return {};
}

Result<void> stop(Session& session, const DoorOptions& options) {
    TRY(const auto door, open(session, options));
    if (const auto stopped = door->stop(); !stopped) return fault(stopped.error().text);
    session.progress("stopping");
    return {};
}

}  // namespace

void add_door_commands(CLI::App& app, Session& session, Run& run) {
    const auto options = std::make_shared<DoorOptions>();
    const auto add = [&](const char* name, const char* doc, auto body) {
        auto* command = app.add_subcommand(name, doc);
        command->add_option("lease", options->lease, "The lease's number")->required();
        command->add_option("--from", options->from, "Key of the renter")->required();
        command->add_option("--door", options->door,
                            "host:port of the machine's worker, where the chain does not tell it");
        command->callback(
            [&run, &session, options, body] { run = [&session, options, body] { return body(session, *options); }; });
        return command;
    };
    add("logs", "What the workload has written", logs)->add_flag("--follow,-f", options->follow, "Until it ends");
    add("cp", "Download what the workload left in /results", copy)
        ->add_option("folder", options->folder, "Into this folder")
        ->capture_default_str();
    add("stats", "How the workload gets on", stats);
    add_workload_options(*add("start", "Start a workload in an open lease", start), options->workload);
    add("stop", "Stop the workload: TERM, a grace, KILL", stop);
}

}  // namespace cli
