// tephra-worker: serves a machine's slots to renters. This file is its command line.

#include "chain/base/log.hpp"
#include "gpu-worker/app/commands.hpp"
#include "gpu-worker/containers/crun_containers.hpp"

#include <CLI/CLI.hpp>

#include <string_view>

namespace {

constexpr auto examples = R"(Examples:
  tephra-worker init --node-key @/var/lib/tephra/worker_key.pub --images local=http://127.0.0.1:5000
  tephra-worker selftest
  tephra-worker register --owner 0x3Cd0A705a2DC65e5b1E1205896BaA2be8A07c6e0 --out registration.json
  tephra-worker run
  tephra-worker clean
)";

}  // namespace

int main(int argc, char** argv) {
    // The hidden command that a job's shim is started with: before anything else, so that it stays small.
    if (argc > 1 && std::string_view{argv[1]} == "shim") return worker::shim_main(argc - 1, argv + 1);

    CLI::App app{"Serves a machine's slots to renters of the Tephra chain.", "tephra-worker"};
    app.footer(examples);
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", "tephra-worker 0.1.0");
    std::string config = "/etc/tephra-worker.json";
    std::string log_level = "info";
    app.add_option("--config,-c", config, "Configuration file")->capture_default_str()->envname("TEPHRA_WORKER_CONFIG");
    app.add_option("--log-level", log_level, "What is written: debug, info, warn or error")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
        ->capture_default_str();

    worker::app::InitOptions options{.data = "/var/lib/tephra-worker"};
    auto* init = app.add_subcommand("init", "Make the machine's keys and a configuration file");
    init->add_option("--data", options.data, "Folder of keys, images and jobs")->capture_default_str();
    init->add_option("--node", options.node, "host:port of the node's worker service")->capture_default_str();
    init->add_option("--node-key", options.node_key, "The node's worker key, or @ and the file that holds it")
        ->required();
    init->add_option("--endpoint", options.endpoint, "host:port where renters reach this machine");
    init->add_option("--listen", options.listen, "Where the renters' door listens")->capture_default_str();
    init->add_option("--region", options.region, "Where the machine is");
    init->add_option("--slots", options.slots, "Equal parts to rent out, on a machine without a GPU")
        ->capture_default_str();
    init->add_option("--images", options.images, "NAME=PLACE: a source of images; may repeat")->allow_extra_args(false);

    std::string owner;
    std::string out = "-";
    auto* registration = app.add_subcommand("register", "Write the file with which the owner registers this machine");
    registration->add_option("--owner", owner, "The owner's address")->required();
    registration->add_option("--out", out, "File to write; -: standard output")->capture_default_str();

    auto* selftest = app.add_subcommand("selftest", "Say what would fail and how to mend it");
    auto* run = app.add_subcommand("run", "Serve leases until told to stop (SIGTERM, SIGINT)");
    auto* clean = app.add_subcommand("clean", "End every job and remove all that jobs left on this host");

    CLI11_PARSE(app, argc, argv);
    chain::log::configure(chain::log::level_from(log_level), chain::log::Format::Text);
    options.config = config;
    if (*init) return worker::app::init(options);
    if (*registration) return worker::app::make_registration(config, owner, out);
    if (*selftest) return worker::app::selftest(config);
    if (*run) return worker::app::run(config);
    return *clean ? worker::app::clean(config) : 1;
}
