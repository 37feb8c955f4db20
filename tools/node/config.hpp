#pragma once
// What an operator may set, with its defaults.

#include "chain/base/log.hpp"
#include "chain/base/ports.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace node {

struct Config {
    /// Empty: default_data_folder of the chain.
    std::filesystem::path data;
    std::filesystem::path chain = "genesis/dev.json";
    /// Files with keys. Empty: those in the data folder's keys/, where they are (seat.hpp).
    std::filesystem::path validator_key;
    std::filesystem::path vrf_key;
    std::filesystem::path network_key;
    /// "EPOCH:VIEW": the operator's word that nothing was signed above it, where the memory of it is damaged.
    std::string no_sign_until;
    /// Take the place of this development validator, whose keys everybody knows.
    std::string dev_validator;
    /// A folder of its own under /tmp, removed at the end. Excludes `data`.
    bool is_temporary = false;

    /// Between blocks with work, and between blocks without.
    std::uint64_t block_interval_ms = 500;
    std::uint64_t empty_block_interval_ms = 5'000;

    /// Where peers connect, "IP:PORT". Nothing: on every address, or nowhere where the chain has one validator.
    std::optional<std::string> listen;
    std::vector<std::string> public_addresses;
    /// "PEER@HOST:PORT" or "HOST:PORT": the first peers, and those to stay connected with for ever.
    std::vector<std::string> peers;
    std::vector<std::string> reserved;
    /// Connect with reserved peers only: a validator behind sentries.
    bool reserved_only = false;
    /// What peers see beside the version.
    std::string name;

    std::string rpc_address = "127.0.0.1";
    std::uint16_t rpc_port = chain::ports::rpc;
    /// Unix socket for the machine's own tools, where unsafe methods answer too. Empty: node.sock in the data folder.
    std::filesystem::path rpc_socket;
    /// Web pages that may call, beside the machine's own and polkadot.js.
    std::vector<std::string> rpc_origins;
    /// Of one address, on average; ten times as many at once.
    std::uint32_t rpc_calls_per_second = 1'000;
    /// Names of this node that clients may put into the Host header, beside IP addresses and localhost.
    std::vector<std::string> rpc_hosts;
    /// Worker daemons may run on other machines.
    std::string worker_address = "0.0.0.0";
    std::uint16_t worker_port = chain::ports::workers;

    /// Prometheus metrics. No port: nobody is served; 0: any free one.
    std::string metrics_address = "127.0.0.1";
    std::optional<std::uint16_t> metrics_port;

    chain::log::Level log_level = chain::log::Level::Info;
    chain::log::Format log_format = chain::log::Format::Text;
};

/// $XDG_DATA_HOME/tephra/CHAIN, else ~/.local/share/tephra/CHAIN, else ./tephra-data/CHAIN.
std::filesystem::path default_data_folder(const std::string& chain_id);

}  // namespace node
