#pragma once
// What a provider decides, in one JSON file. Every field has a default but the node's key; `explained` is the file that
// `init` writes.

#include "chain/base/ports.hpp"
#include "chain/base/result.hpp"
#include "gpu-worker/containers/crun_containers.hpp"
#include "gpu-worker/lease/life.hpp"
#include "rpc/worker_api/node_client.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace worker {

/// Where the chain is.
struct NodeSettings {
    std::string endpoint = chain::ports::at("127.0.0.1", chain::ports::workers);
    std::string key;  // the node's worker key: 0x and 64 digits, or "@" and the path of a file that holds them
};

/// What renters learn and reach.
struct OfferSettings {
    std::string endpoint;  // host:port of this worker's door as renters reach it; empty: not told on the chain
    std::string listen = chain::ports::at("0.0.0.0", chain::ports::renters);
    std::string region;
    std::uint64_t upload_bits_per_second = 0;
    std::uint64_t download_bits_per_second = 0;
    std::uint8_t slots = 1;        // of a machine without a GPU; with GPUs each is a slot
    std::uint64_t disk_bytes = 0;  // for renters; 0: four fifths of what is free
};

/// Most that one slot's share of a workload may ask for; 0: an equal part of the machine.
struct SlotLimits {
    std::uint64_t memory_bytes = 0;
    std::uint32_t cpu_milli = 0;
    std::uint64_t disk_bytes = 0;
    std::uint32_t processes = 512;
};

struct PortRange {
    std::uint16_t first = 30'000;
    std::uint16_t last = 30'999;
};

struct Settings {
    NodeSettings node;
    std::string data = "/var/lib/tephra-worker";
    OfferSettings offer;
    std::map<std::string, std::string>
        images;  // name → "https://registry", "http://registry", or an OCI layout's folder
    SlotLimits slot_limits;
    PortRange ports;
    std::vector<std::string> dns = {"9.9.9.9", "1.1.1.1"};
    std::uint32_t results_kept_minutes = 60;
    std::uint32_t stop_grace_seconds = 10;
    bool allow_fake_devices = false;  // for tests of the GPU path on hosts without one
};

/// Reads and checks the file. A fault names the field and the remedy.
chain::Result<Settings> load_settings(const std::filesystem::path& file);
chain::Result<Settings> parse_settings(std::string_view text);

/// The node's address and key. The key may stand in a file of its own, so that it is read at each start.
chain::Result<rpc::worker_api::NodeAddress> node_address(const Settings& settings);

CrunConfig crun_config(const Settings& settings);
lease::Terms lease_terms(const Settings& settings);

/// A configuration file with a comment on each field.
std::string explained(const Settings& settings);

}  // namespace worker
