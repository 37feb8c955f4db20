// tephra rent: from an order to the workload's output and the money table.

#include "runtime/pallets/leases/renting.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/door.hpp"
#include "tools/cli/quotes.hpp"
#include "tools/cli/support/quantity.hpp"
#include "tools/cli/support/workload_options.hpp"
#include "tools/cli/waiting.hpp"
#include "tools/cli/words.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace cli {

namespace {

using chain::fault;

struct RentOptions {
    OrderOptions order;
    WorkloadOptions workload;
    std::string machine;
    std::string from;
    std::string door;
    std::string output;
    bool follow = false;
    bool no_wait = false;
};

/// The machine that was named, or the cheapest that takes the order.
Result<leases::Quote> choose(Session& session, const RentOptions& options, const leases::Order& order) {
    TRY(auto quotes, ask_quotes(session, order));
    if (!options.machine.empty()) {
        TRY(const auto wanted, parse_account(session, options.machine));
        std::erase_if(quotes, [&](const leases::Quote& quote) { return quote.machine != wanted; });
        if (quotes.empty())
            return fault("no machine has the account " + options.machine + ": list them with `tephra machines list`");
    }
    if (quotes.empty()) return fault("no machine is registered");
    if (!quotes.front().offer) {
        std::string why;
        for (const auto reason : quotes.front().why_not) why += (why.empty() ? "" : ", ") + word(reason);
        if (!options.machine.empty()) return fault("the machine does not take the order: " + why);
        return fault(
            "no machine takes the order; `tephra quote` with the same options says why each does not (the first: " +
            why + ")");
    }
    return quotes.front();
}

Result<std::optional<leases::Workload>> workload_for(Session& session, const RentOptions& options,
                                                     const crypto::AccountId& machine) {
    TRY(Chain* const chain, session.chain());
    TRY(const auto record,
        chain->read([&](const auto& state) { return machines::storage.machines.get(state, machine); }));
    std::optional<crypto::BoxPublic> box;
    if (record) box = crypto::BoxPublic{record->keys.box_key};
    auto workload = workload_from(options.workload, box);
    if (!workload) return fault(workload.error());
    return *std::move(workload);
}

Result<LeaseFacts> open_lease(Session& session, const RentOptions& options, const crypto::SecretKey& key) {
    TRY(const leases::Order order, order_from(options.order));
    TRY(const auto quote, choose(session, options, order));
    TRY(const auto workload, workload_for(session, options, quote.machine));
    session.progress("renting " + std::to_string(order.slots) + " of " + crypto::to_string(quote.machine) + " at " +
                     format_amount(quote.offer->slot_hour) + " for a slot and hour, deposit " +
                     format_amount(quote.offer->deposit));
    const leases::Rent call{.machine = quote.machine,
                            .slots = order.slots,
                            .duration_ms = order.duration_ms,
                            .max_price = quote.offer->slot_hour,
                            .card_version = quote.offer->card_version,
                            .workload = workload};
    TRY(Chain* const chain, session.chain());
    TRY(const Done done, chain->submit(key, frame::to_call(call)));
    const auto opened = event_of<leases::LeaseOpened>(done);
    if (!opened) return fault("the block does not tell the lease's number: use the node's own `tephra`");
    session.progress("lease " + std::to_string(opened->lease.value) + " in block " + std::to_string(done.block_number) +
                     ", the machine prepares it");
    return find_lease(session, opened->lease.value);
}

Result<void> follow(Session& session, const RentOptions& options, const LeaseFacts& started,
                    const crypto::SecretKey& key) {
    TRY(const auto door, open_door(session, started, key, options.door));
    if (const auto logs = stream_logs(*door, true); !logs) session.progress("log: " + logs.error().text);
    TRY(const LeaseFacts closed, wait_until_closed(session, started.id));
    if (!options.output.empty()) {
        TRY(const auto files, download_results(session, *door, options.output));
        session.progress(std::to_string(files) + " files in " + options.output);
    }
    if (session.globals.json) session.print(text_of(money_json(closed)));
    else if (!session.globals.quiet) session.progress(money_table(closed));
    const auto reason = closed.lease.closed->reason;
    if (reason == leases::CloseReason::Completed || reason == leases::CloseReason::EndedByRenter ||
        reason == leases::CloseReason::Expired)
        return {};
    return fault("the lease closed with " + word(reason));
}

/// The chain keeps the kind of a refusal; the sentence behind it is with the worker.
std::string worker_says(Session& session, const RentOptions& options, const LeaseFacts& lease,
                        const crypto::SecretKey& key) {
    const auto door = open_door(session, lease, key, options.door);
    if (!door) return {};
    const auto stats = (*door)->stats();
    return stats ? "\nthe machine says: " + stats->text : std::string{};
}

Result<void> rent(Session& session, const RentOptions& options) {
    TRY(const auto key, session.key(options.from));
    TRY(const LeaseFacts opened, open_lease(session, options, key));
    if (options.no_wait) {
        if (session.globals.json) session.print(text_of(as_json(opened)));
        else session.print(std::to_string(opened.id.value) + "\n");
        return {};
    }
    const auto waited = wait_until_started(session, opened.id);
    if (!waited) return fault(waited.error().text + worker_says(session, options, opened, key));
    const LeaseFacts& started = *waited;
    session.progress("lease " + std::to_string(started.id.value) + " is active");
    if (options.follow) return follow(session, options, started, key);
    if (session.globals.json) session.print(text_of(as_json(started)));
    else session.print(std::to_string(started.id.value) + "\n");
    return {};
}

}  // namespace

void add_rent_command(CLI::App& app, Session& session, Run& run) {
    const auto options = std::make_shared<RentOptions>();
    auto* command = app.add_subcommand("rent", "Rent slots of a machine, and run a workload there");
    command->footer(
        "Example:\n"
        "  tephra rent --from baltathar --time 10m --image local/busybox@sha256:… --follow -- sh -c 'echo hello'\n"
        "Without an image the lease stands open, and `tephra start` gives it a workload later.");
    command->add_option("--from", options->from, "Key of the renter")->required();
    command->add_option("--machine", options->machine, "This machine; otherwise the cheapest that takes the order");
    add_order_options(*command, options->order);
    add_workload_options(*command, options->workload);
    command->add_flag("--follow,-f", options->follow, "Show the workload's output until it ends, then the money");
    command->add_option("--output", options->output, "With --follow: download the results into this folder");
    command->add_flag("--no-wait", options->no_wait, "Return as soon as a block has the lease");
    command->add_option("--door", options->door, "host:port of the machine's worker, where the chain does not tell it");
    command->callback([&, options] { run = [&, options] { return rent(session, *options); }; });
}

void add_workload_options(CLI::App& command, WorkloadOptions& options) {
    command.add_option("--image", options.image, "SOURCE/REPOSITORY@sha256:DIGEST; SOURCE is a name of the provider's");
    command.add_option("command", options.command, "Program and arguments, after --; without it the image's own");
    command.add_option("--env,-e", options.environment, "NAME=value; everybody can read it")->allow_extra_args(false);
    command.add_option("--secret", options.secrets, "NAME=value, sealed to the machine: a file in /run/secrets")
        ->allow_extra_args(false);
    command.add_option("--port,-p", options.ports, "TCP port of the workload to publish")->allow_extra_args(false);
    command.add_option("--memory", options.memory, "Memory")->capture_default_str();
    command.add_option("--cpu", options.cpu, "Cores, such as 0.5 or 250m")->capture_default_str();
    command.add_option("--disk", options.disk, "Writable disk, results included")->capture_default_str();
    command.add_option("--deadline", options.deadline, "Stop the workload after this time");
    command.add_option("--restart", options.restart, "never, on-failure or always")->capture_default_str();
    command.add_option("--network", options.network, "closed or outbound")->capture_default_str();
}

}  // namespace cli
