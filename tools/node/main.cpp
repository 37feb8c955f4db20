// tephra-node: a validator's and everybody's node. This file is its command line.

#include "genesis/builder/development.hpp"
#include "tools/node/commands.hpp"
#include "tools/node/completion.hpp"
#include "tools/node/config_file.hpp"
#include "tools/node/doctor.hpp"
#include "tools/node/init.hpp"
#include "tools/node/wal.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <map>

namespace {

using node::Config;

constexpr auto examples = R"(Examples:
  tephra-node run                                     a development chain, blocks at once, RPC on 9944
  tephra-node run --tmp --log-level debug             the same in a folder that is removed at the end
  tephra-node run --data /srv/tephra --chain chain.json --validator-key consensus.key --vrf-key vrf.key
  tephra-node run --data /srv/follower --chain chain.json --peer node.example.org:30333
  tephra-node init --data /srv/tephra --chain chain.json              a folder, a network key, a configuration file
  tephra-node init --data /srv/tephra --chain chain.json --validator  and the keys of a validator
  tephra-node run --config /srv/tephra/node.toml
  tephra-node new-chain --validators 4 > chain.json    a chain for tests; tools/localnet starts one with its nodes
  tephra-node new-chain --load-senders 2000 --accounts 1000000 > large.json    one for tephra-load, with a large state
  tephra-node keys new --out validator.key            prints the public key for the chain file
  tephra-node keys new --kind vrf --out vrf.key
  tephra-node doctor --data /srv/tephra --chain chain.json --peer node.example.org:30333
  tephra-node verify --data /srv/tephra               recomputes the state root of a stopped node
  source <(tephra-node completion bash)
)";

void add_chain_options(CLI::App& command, Config& config) {
    command.add_option("--data", config.data, "Folder of the chain's data [~/.local/share/tephra/CHAIN]");
    command.add_option("--chain", config.chain, "Chain file: block zero is made of it")->capture_default_str();
}

void add_init_options(CLI::App& command, Config& config, bool& is_validator) {
    add_chain_options(command, config);
    command.add_flag("--validator", is_validator,
                     "Make a validator's keys too: consensus (votes) and vrf (randomness)");
    command.add_option("--validator-key", config.validator_key, "Take this consensus key [a new one]");
    command.add_option("--vrf-key", config.vrf_key, "Take this VRF key [a new one]");
    command.add_option("--network-key", config.network_key, "Take this network key [a new one]");
    command.footer(
        R"(Makes DATA/chain (block zero), DATA/chain.json, DATA/keys/*.key and DATA/node.toml, and says what comes next.
Nothing that exists is overwritten; keys that lie in DATA/keys already are taken.

Examples:
  tephra-node init --data /srv/tephra --chain chain.json
  tephra-node init --data /srv/tephra --chain chain.json --validator
  tephra-node init --data /srv/tephra --chain chain.json --validator-key old.key --vrf-key old-vrf.key
)");
}

struct BlockRange {
    std::filesystem::path file;
    std::uint32_t first = 1;
    std::uint32_t last = ~std::uint32_t{0};
};

void add_export_options(CLI::App& command, Config& config, BlockRange& blocks) {
    add_chain_options(command, config);
    command.add_option("--from", blocks.first, "Number of the first block")
        ->check(CLI::Range(1u, ~0u))
        ->capture_default_str();
    command.add_option("--to", blocks.last, "Number of the last one [the last final block]");
    command.add_option("file", blocks.file, "File to write; never overwritten")->required();
}

void add_new_chain_options(CLI::App& command, genesis::DevelopmentChain& chain) {
    command.add_option("--validators", chain.validators, "How many")->check(CLI::Range(1, 256))->capture_default_str();
    command.add_option("--epoch-length", chain.epoch_length, "Blocks of an epoch [1200]")
        ->check(CLI::Range(4, 1'000'000));
    command.add_option("--id", chain.id, "The chain's id: another id, another chain")->capture_default_str();
    command.add_option("--load-senders", chain.load_senders, "Rich accounts that tephra-load sends from")
        ->check(CLI::Range(0, 100'000))
        ->capture_default_str();
    command
        .add_option("--accounts", chain.numbered_accounts,
                    "Accounts beside them that nobody has a key to, for measurements on a large state")
        ->check(CLI::Range(0, 4'000'000))
        ->capture_default_str();
}

void add_key_options(CLI::App& command, Config& config) {
    command.add_option("--validator-key", config.validator_key,
                       "File with the consensus key [DATA/keys/consensus.key; of a development chain with one "
                       "validator: well known]");
    command.add_option("--vrf-key", config.vrf_key, "File with the VRF key [DATA/keys/vrf.key]");
    command.add_option("--network-key", config.network_key,
                       "File with the key that peers know this node by [DATA/keys/network.key, made where missing]");
    command
        .add_option("--dev-validator", config.dev_validator,
                    "Vote as this development validator: Alith, Baltathar, …, Faith, Validator7, …")
        ->excludes("--validator-key");
    command.add_option("--no-sign-until", config.no_sign_until,
                       "EPOCH:VIEW above which this key has certainly signed nothing, where DATA/consensus is damaged");
}

void add_peer_options(CLI::App& command, Config& config) {
    command.add_option("--listen", config.listen,
                       "Where peers connect, IP:PORT; empty: nowhere [0.0.0.0:30333; nowhere where the chain has one "
                       "validator]");
    command.add_option("--public-address", config.public_addresses,
                       "Where others reach this node, IP:PORT; may repeat");
    command.add_option("--peer", config.peers, "A first peer, HOST:PORT or PEER@HOST:PORT; may repeat");
    command.add_option("--reserved", config.reserved, "A peer to stay connected with, always admitted; may repeat");
    command.add_flag("--reserved-only", config.reserved_only, "Connect with reserved peers and validators only");
    command.add_option("--name", config.name, "What peers see beside the version");
}

void add_run_options(CLI::App& command, Config& config, std::string& log_level, std::string& log_format) {
    add_chain_options(command, config);
    command.add_flag("--tmp", config.is_temporary, "Use a new data folder, and remove it at the end")
        ->excludes("--data");
    add_key_options(command, config);
    add_peer_options(command, config);
    command.add_option("--block-interval-ms", config.block_interval_ms, "Least time between blocks")
        ->check(CLI::Range(1, 60'000))
        ->capture_default_str();
    command.add_option("--empty-block-interval-ms", config.empty_block_interval_ms, "Time to a block without work")
        ->check(CLI::Range(1, 60'000))
        ->capture_default_str();
    command.add_option("--rpc-address", config.rpc_address, "Where JSON-RPC listens")->capture_default_str();
    command.add_option("--rpc-port", config.rpc_port, "Its port (HTTP and WebSocket); 0: any free one")
        ->capture_default_str();
    command
        .add_option("--rpc-calls-per-second", config.rpc_calls_per_second,
                    "Calls that one address may make on average; ten times as many at once")
        ->check(CLI::Range(1, 1'000'000))
        ->capture_default_str();
    command.add_option("--rpc-socket", config.rpc_socket, "Unix socket for local tools [DATA/node.sock]");
    command.add_option("--rpc-origin", config.rpc_origins, "A web page that may call, or * for all; may repeat");
    command.add_option("--rpc-host", config.rpc_hosts,
                       "A name under which clients reach this node, or * for any; may repeat");
    command.add_option("--worker-address", config.worker_address, "Where workers' gRPC listens")->capture_default_str();
    command.add_option("--worker-port", config.worker_port, "Its port; 0: any free one")->capture_default_str();
    command.add_option("--metrics-address", config.metrics_address, "Where Prometheus metrics are served")
        ->capture_default_str();
    command.add_option("--metrics-port", config.metrics_port, "Their port (GET /metrics); 0: any free one [none]");
    command.add_option("--log-level", log_level, "What is written: debug, info, warn or error")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
        ->capture_default_str();
    command.add_option("--log", log_format, "How it is written: text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
}

struct KeyCommands {
    CLI::App* make;
    CLI::App* show;
};

KeyCommands add_key_commands(CLI::App& app, std::filesystem::path& file, std::string& kind) {
    auto* keys = app.add_subcommand("keys", "A node's secrets: consensus, vrf and network keys");
    keys->require_subcommand(1);
    auto* make = keys->add_subcommand("new", "Make a key, and print its public half");
    make->add_option("--out", file, "File to write; never overwritten")->required();
    make->add_option("--kind", kind, "What it is for: consensus (votes), vrf (randomness) or network (peers)")
        ->check(CLI::IsMember({"consensus", "vrf", "network"}))
        ->capture_default_str();
    auto* show = keys->add_subcommand("show", "Print the public half of a key");
    show->add_option("file", file, "Key file")->required();
    return {make, show};
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Tephra's node: agrees on blocks, keeps the state, serves clients (JSON-RPC) and workers (gRPC).",
                 "tephra-node"};
    app.footer(examples);
    app.set_version_flag("--version", "tephra-node " TEPHRA_VERSION);
    app.require_subcommand(1);

    Config config;
    std::string log_level = "info";
    std::string log_format = "text";
    std::filesystem::path key_file;
    std::string key_kind = "consensus";
    std::string shell = "bash";
    BlockRange blocks;
    std::filesystem::path wal_folder;
    std::string wal_file;
    genesis::DevelopmentChain wanted_chain;
    bool is_validator = false;

    auto* run = app.add_subcommand("run", "Run the node until it is told to stop (SIGTERM, SIGINT)");
    add_run_options(*run, config, log_level, log_format);
    auto* init = app.add_subcommand("init", "Make a node's folder: block zero, keys, a configuration file");
    add_init_options(*init, config, is_validator);
    auto* new_chain = app.add_subcommand("new-chain", "Print a chain file with development validators");
    add_new_chain_options(*new_chain, wanted_chain);
    auto* export_blocks = app.add_subcommand("export-blocks", "Write a stopped node's final blocks to a file");
    add_export_options(*export_blocks, config, blocks);
    auto* import_blocks = app.add_subcommand("import-blocks", "Execute and store the blocks of a file");
    add_chain_options(*import_blocks, config);
    import_blocks->add_option("file", blocks.file, "File that export-blocks wrote")->required();
    auto* doctor = app.add_subcommand("doctor", "Look at disk, clock, keys, ports and peers before the node runs");
    add_run_options(*doctor, config, log_level, log_format);
    auto* wal = app.add_subcommand("wal", "Show what a validator's journal and watermark say; the node may run");
    wal->add_option("folder", wal_folder, "DATA/consensus")->required();
    wal->add_option("file", wal_file, "One of its files: every record of it");
    auto* verify = app.add_subcommand("verify", "Recompute the state root of a stopped node's data");
    add_chain_options(*verify, config);
    const KeyCommands keys = add_key_commands(app, key_file, key_kind);
    auto* completion = app.add_subcommand("completion", "Print a completion script for a shell");
    completion->add_option("shell", shell, "bash")->check(CLI::IsMember({"bash"}))->capture_default_str();

    app.set_config("--config", "", "File with the options of `run`, such as init writes; the command line wins");
    app.allow_config_extras(CLI::config_extras_mode::error);
    for (auto* command : app.get_subcommands({})) command->fallthrough();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    config.log_level = chain::log::level_from(log_level);
    config.log_format = log_format == "json" ? chain::log::Format::Json : chain::log::Format::Text;
    if (*run) return node::run(config);
    if (*init)
        return node::init(config, is_validator ? node::Role::Validator : node::Role::Follower,
                          [run](const auto& given) { return node::config_text(*run, given); });
    if (*new_chain) return node::new_chain(wanted_chain);
    if (*export_blocks) return node::export_blocks(config, blocks.file, blocks.first, blocks.last);
    if (*import_blocks) return node::import_blocks(config, blocks.file);
    if (*doctor) return node::doctor(config);
    if (*wal) return node::wal(wal_folder, wal_file);
    if (*verify) return node::verify(config);
    if (*keys.make) return node::new_key(key_file, key_kind);
    if (*keys.show) return node::show_key(key_file);
    fmt::print("{}", node::bash_completion(app));
    return 0;
}
