// tephra machines …: what providers do with their rigs, and what everybody may see of them.

#include "gpu-worker/host/registration.hpp"
#include "runtime/appchain/describe.hpp"
#include "runtime/pallets/machines/market.hpp"
#include "runtime/pallets/machines/probes.hpp"
#include "runtime/pallets/machines/registry.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/support/quantity.hpp"
#include "tools/cli/support/table.hpp"
#include "tools/cli/words.hpp"

#include <CLI/CLI.hpp>

#include <bit>
#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <thread>

namespace cli {

namespace {

using chain::fault;
using crypto::AccountId;
using machines::Machine;

constexpr std::size_t machines_listed_max = 1'000;
constexpr std::chrono::milliseconds machine_poll{250};

struct MachineOptions {
    std::string machine;
    std::string from;
    std::string file;
    std::string price;
    std::string minimum = "1m";
    std::string maximum = "60d";
    double frontend_percent = 0;
    std::string begin;
    std::string length;
    bool cancel = false;
    std::uint32_t wait_seconds = 90;
};

Result<machines::CardTerms> card_from(const MachineOptions& options) {
    machines::CardTerms card;
    TRY(card.slot_hour, named("--price", parse_amount(options.price)));
    TRY(card.minimum_duration_ms, named("--min", parse_duration(options.minimum)));
    TRY(card.maximum_duration_ms, named("--max", parse_duration(options.maximum)));
    if (options.frontend_percent < 0 || options.frontend_percent > 100) return fault("--frontend: write a percentage");
    card.frontend_share_ppm = static_cast<std::uint32_t>(options.frontend_percent * 10'000 + 0.5);
    return card;
}

std::uint32_t free_slots(const Machine& machine) {
    return machine.slots - static_cast<std::uint32_t>(std::popcount(machine.occupied));
}

std::string hardware_of(const machines::Claims& claims) {
    if (claims.gpus.value.empty()) return claims.cpu.value;
    return std::to_string(claims.gpus.value.size()) + " × " + claims.gpus.value[0].label.value;
}

boost::json::value as_json(const AccountId& id, const Machine& machine, const std::optional<machines::Claims>& claims) {
    boost::json::object out;
    out["machine"] = crypto::to_string(id);
    boost::system::error_code ignored;  // describe_storage writes JSON
    if (const auto text = runtime::describe_storage("Machines", "Machines", scale::encode(machine)))
        out["record"] = boost::json::parse(*text, ignored);
    if (claims)
        if (const auto text = runtime::describe_storage("Machines", "Claims", scale::encode(*claims)))
            out["claims"] = boost::json::parse(*text, ignored);
    return out;
}

Result<void> list_machines(Session& session) {
    TRY(Chain* const chain, session.chain());
    Table table{{{"MACHINE"},
                 {"STATE"},
                 {"CLASS"},
                 {"FREE", Align::Right},
                 {"SLOTS", Align::Right},
                 {"TPH/SLOT-HOUR", Align::Right},
                 {"HARDWARE"},
                 {"REGION"}}};
    boost::json::array json;
    machines::storage.machines.for_each(
        chain->state(), machines_listed_max, [&](const AccountId& id, const Machine& machine) {
            if (machine.state == machines::MachineState::Exited) return;
            const auto claims = machines::storage.claims.get(chain->state(), id);
            if (session.globals.json) return static_cast<void>(json.push_back(as_json(id, machine, claims)));
            table.row({crypto::to_string(id), word(machine.state), word(machine.device_class),
                       std::to_string(free_slots(machine)), std::to_string(machine.slots),
                       format_tph(machine.card.terms.slot_hour), claims ? hardware_of(*claims) : "",
                       claims ? claims->region.value : ""});
        });
    TRY_VOID(chain->failure());
    session.print(session.globals.json ? text_of(json) : table.text());
    if (table.empty() && json.empty())
        session.progress("no machine is registered: `tephra-worker init` and `tephra machines register` add one");
    return {};
}

Result<std::pair<AccountId, Machine>> find(Session& session, const std::string& text) {
    TRY(const AccountId id, parse_account(session, text));
    TRY(Chain* const chain, session.chain());
    TRY(const auto machine, chain->read([&](const auto& state) { return machines::storage.machines.get(state, id); }));
    if (!machine)
        return fault("no machine has the account " + crypto::to_string(id) + ": list them with `tephra machines list`");
    return std::pair{id, *machine};
}

Result<void> show(Session& session, const MachineOptions& options) {
    TRY(const auto found, find(session, options.machine));
    const auto& [id, machine] = found;
    TRY(Chain* const chain, session.chain());
    TRY(const auto claims, chain->read([&](const auto& state) { return machines::storage.claims.get(state, id); }));
    if (session.globals.json) {
        session.print(text_of(as_json(id, machine, claims)));
        return {};
    }
    std::vector<std::pair<std::string, std::string>> lines{
        {"machine", crypto::to_string(id)},
        {"owner", crypto::to_string(machine.owner)},
        {"state", word(machine.state)},
        {"class", word(machine.device_class)},
        {"slots", std::to_string(machine.slots) + ", " + std::to_string(free_slots(machine)) + " free"},
        {"price", format_amount(machine.card.terms.slot_hour) + " for a slot and hour (card " +
                      std::to_string(machine.card.version) + ")"},
        {"durations", format_duration(machine.card.terms.minimum_duration_ms) + " to " +
                          format_duration(machine.card.terms.maximum_duration_ms)},
        {"bond", format_amount(machine.bond)},
        {"leases", std::to_string(machine.standing.started) + " started, " +
                       std::to_string(machine.standing.failed_starts) + " failed to start, " +
                       std::to_string(machine.standing.abandoned) + " abandoned"},
        {"TLS key", chain::to_hex(machine.keys.tls_key)}};
    if (claims) {
        lines.emplace_back("claims", hardware_of(*claims) + ", " + std::to_string(claims->cpu_threads) + " threads, " +
                                         format_size(claims->memory_bytes) + " memory, " +
                                         format_size(claims->disk_bytes) + " disk");
        if (claims->endpoint) lines.emplace_back("endpoint", claims->endpoint->value);
    }
    session.print(fields(lines));
    return {};
}

Result<worker::RegistrationBundle> bundle_of(const MachineOptions& options) {
    std::ifstream in{options.file};
    if (!in) return fault("cannot read " + options.file + ": `tephra-worker register` on the machine writes it");
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    auto bundle = worker::bundle_from_json(text);
    if (!bundle) return fault(options.file + ": " + bundle.error().text);
    return bundle;
}

Result<void> register_machine(Session& session, const MachineOptions& options) {
    TRY(const auto bundle, bundle_of(options));
    TRY(const auto card, card_from(options));
    TRY(const auto key, session.key(options.from));
    if (key.account() != bundle.registration.owner)
        return fault("the file names " + crypto::to_string(bundle.registration.owner) + " as the owner, --from is " +
                     crypto::to_string(key.account()) +
                     ": run `tephra-worker register --owner` with the account that signs");
    TRY(Chain* const chain, session.chain());
    TRY(const auto genesis, chain->genesis());
    if (genesis != bundle.registration.genesis)
        return fault("the file is for another chain: its genesis is " + chain::to_hex(bundle.registration.genesis));
    const machines::RegisterMachine call{.machine = bundle.registration.machine,
                                         .claims = bundle.claims,
                                         .price_card = card,
                                         .tls_key = bundle.registration.tls_key,
                                         .box_key = bundle.registration.box_key,
                                         .machine_signature = bundle.signature};
    TRY(const Done done, chain->submit(key, frame::to_call(call)));
    const auto event = event_of<machines::Registered>(done);
    const std::string id = crypto::to_string(bundle.registration.machine);
    if (session.globals.json) {
        session.print(text_of(boost::json::object{
            {"machine", id}, {"block", done.block_number}, {"bond", chain::to_decimal(event ? event->bond : 0)}}));
    } else {
        session.print("registered " + id + " in block " + std::to_string(done.block_number) + ", bond " +
                      format_amount(event ? event->bond : 0) + "\n");
        session.progress("it takes leases once an auditor's probe has passed: tephra machines probe " + id);
    }
    return {};
}

/// Opens a probe and waits for the machine's answer.
Result<void> probe(Session& session, const MachineOptions& options) {
    TRY(const auto found, find(session, options.machine));
    const AccountId id = found.first;
    TRY(const auto key, session.key(options.from));
    TRY(Chain* const chain, session.chain());
    machines::OpenProbe call{.machine = id};
    std::random_device random;
    for (auto& byte : call.seed.value) byte = static_cast<std::uint8_t>(random());
    TRY(const Done opened, chain->submit(key, frame::to_call(call)));
    session.progress("asked in block " + std::to_string(opened.block_number) + ", waiting for the machine's answer");
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{options.wait_seconds};
    for (;;) {
        TRY(const auto machine,
            chain->read([&](const auto& state) { return machines::storage.machines.get(state, id); }));
        if (machine && machine->state == machines::MachineState::Online) break;
        TRY(const auto open,
            chain->read([&](const auto& state) { return machines::storage.probes.contains(state, id); }));
        if (!open) {
            // The answer may have come between the two reads.
            TRY(const auto again,
                chain->read([&](const auto& state) { return machines::storage.machines.get(state, id); }));
            if (again && again->state == machines::MachineState::Online) break;
            return fault(
                "the machine failed the probe: its hardware is not what was registered, or its worker did not answer "
                "in time; its log says which");
        }
        if (std::chrono::steady_clock::now() > until)
            return fault("no answer yet: is `tephra-worker run` running on the machine?");
        std::this_thread::sleep_for(machine_poll);
    }
    if (session.globals.json)
        session.print(text_of(boost::json::object{{"machine", crypto::to_string(id)}, {"state", "Online"}}));
    else session.print(crypto::to_string(id) + " is online\n");
    return {};
}

template <class Call>
Result<void> submit(Session& session, const MachineOptions& options, const Call& call, const std::string& what) {
    TRY(const auto key, session.key(options.from));
    TRY(Chain* const chain, session.chain());
    TRY(const Done done, chain->submit(key, frame::to_call(call)));
    if (session.globals.json) session.print(text_of(boost::json::object{{"block", done.block_number}, {"done", what}}));
    else session.print(what + " in block " + std::to_string(done.block_number) + "\n");
    return {};
}

Result<void> set_price(Session& session, const MachineOptions& options) {
    TRY(const auto found, find(session, options.machine));
    TRY(const auto terms, card_from(options));
    return submit(session, options, machines::SetPriceCard{.machine = found.first, .terms = terms}, "price card set");
}

Result<void> leave(Session& session, const MachineOptions& options) {
    TRY(const auto found, find(session, options.machine));
    return submit(session, options, machines::Exit{.machine = found.first}, "leaving");
}

Result<void> announce(Session& session, const MachineOptions& options) {
    TRY(const auto found, find(session, options.machine));
    machines::AnnounceMaintenance call{.machine = found.first};
    if (!options.cancel) {
        TRY(const auto begin_ms, named("--in", parse_duration(options.begin)));
        TRY(const auto length_ms, named("--for", parse_duration(options.length)));
        TRY(Chain* const chain, session.chain());
        TRY(const auto now_ms, chain->read([](const auto& state) { return machines::live_now(state); }));
        call.window = machines::Maintenance{.from_ms = now_ms + begin_ms, .to_ms = now_ms + begin_ms + length_ms};
    }
    return submit(session, options, call, options.cancel ? "maintenance taken back" : "maintenance announced");
}

void add_card_options(CLI::App& command, const std::shared_ptr<MachineOptions>& options) {
    command.add_option("--price", options->price, "TPH for one slot and hour")->required();
    command.add_option("--min", options->minimum, "Shortest lease")->capture_default_str();
    command.add_option("--max", options->maximum, "Longest lease")->capture_default_str();
    command
        .add_option("--frontend", options->frontend_percent,
                    "Percent of the rent for the frontend that brings a renter")
        ->capture_default_str();
}

}  // namespace

void add_machine_commands(CLI::App& app, Session& session, Run& run) {
    auto* machines =
        app.add_subcommand("machines", "Machines for rent, and what their owners do with them")->require_subcommand(1);
    const auto options = std::make_shared<MachineOptions>();
    const auto add = [&](const char* name, const char* doc, auto body) {
        auto* command = machines->add_subcommand(name, doc);
        command->callback(
            [&run, &session, options, body] { run = [&session, options, body] { return body(session, *options); }; });
        return command;
    };
    const auto with_machine = [&](CLI::App* command) {
        command->add_option("machine", options->machine, "The machine's address")->required();
        return command;
    };
    const auto with_key = [&](CLI::App* command, const char* who) {
        command->add_option("--from", options->from, std::string{"Key of "} + who)->required();
        return command;
    };
    add("list", "Every machine that has not left", [](Session& s, const MachineOptions&) { return list_machines(s); });
    with_machine(add("show", "All about one machine", show));
    auto* make = with_key(
        add("register", "Register a machine with the file that `tephra-worker register` wrote", register_machine),
        "the owner");
    make->add_option("file", options->file, "The file")->required();
    add_card_options(*make, options);
    auto* ask = with_key(
        with_machine(add("probe", "Ask a machine to prove itself, as an auditor, and wait for the answer", probe)),
        "an auditor");
    ask->add_option("--wait", options->wait_seconds, "Seconds to wait")->capture_default_str();
    add_card_options(*with_key(with_machine(add("price", "Set the price card", set_price)), "the owner or controller"),
                     options);
    with_key(with_machine(add("exit", "Leave when the last lease has ended; the bond returns after unbonding", leave)),
             "the owner");
    auto* away = with_key(with_machine(add("maintenance", "Announce when the machine will be away", announce)),
                          "the owner or controller");
    away->add_option("--in", options->begin, "Begins after this time, such as 2h");
    away->add_option("--for", options->length, "Lasts so long, such as 30m");
    away->add_flag("--cancel", options->cancel, "Take the announcement back");
}

}  // namespace cli
