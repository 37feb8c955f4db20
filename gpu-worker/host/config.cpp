#include "gpu-worker/host/config.hpp"

#include "gpu-worker/containers/image_reference.hpp"
#include "gpu-worker/host/json_record.hpp"
#include "runtime/pallets/machines/records.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>

namespace worker {

namespace {

/// "host:port" with a port in range.
bool is_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    const auto port = text.substr(colon + 1);
    if (port.empty() || port.size() > 5 || port.find_first_not_of("0123456789") != std::string_view::npos) return false;
    return std::stoul(std::string{port}) <= 65'535;
}

Result<void> check_settings(const Settings& s) {
    if (!is_endpoint(s.node.endpoint))
        return chain::fault("node.endpoint: write host:port of the node's worker service");
    if (s.node.key.empty())
        return chain::fault(
            "node.key: write the node's worker key (it prints it when it starts), or @ and the file that holds it");
    if (!is_endpoint(s.offer.listen)) return chain::fault("offer.listen: write address:port, such as 0.0.0.0:9960");
    if (!s.offer.endpoint.empty() && !is_endpoint(s.offer.endpoint))
        return chain::fault("offer.endpoint: write host:port as renters reach it, or leave it empty");
    if (s.offer.endpoint.size() > 128) return chain::fault("offer.endpoint: write at most 128 characters");
    if (s.offer.region.size() > 64) return chain::fault("offer.region: write at most 64 characters");
    if (s.offer.slots == 0 || s.offer.slots > machines::slots_max) return chain::fault("offer.slots: write 1 to 16");
    if (s.ports.first > s.ports.last) return chain::fault("ports: `first` must not be above `last`");
    if (s.ports.first != 0 && s.ports.first < 1024) return chain::fault("ports.first: write 1024 or more");
    if (!std::filesystem::path{s.data}.is_absolute()) return chain::fault("data: write an absolute path");
    for (const auto& [name, place] : s.images) {
        if (name.empty() || name.find('/') != std::string::npos)
            return chain::fault("images: a source's name is the first part of renters' image names and has no /: \"" +
                                name + "\"");
        if (const auto source = parse_image_source(place); !source)
            return chain::fault("images." + name + ": " + source.error().text);
    }
    if (s.slot_limits.processes == 0) return chain::fault("slot_limits.processes: write at least 1");
    if (s.stop_grace_seconds > 300) return chain::fault("stop_grace_seconds: write at most 300");
    return {};
}

}  // namespace

Result<Settings> parse_settings(std::string_view text) {
    TRY(Settings settings, json::parse<Settings>(text));
    TRY_VOID(check_settings(settings));
    return settings;
}

Result<Settings> load_settings(const std::filesystem::path& file) {
    std::ifstream in{file};
    if (!in) return chain::fault("cannot read " + file.string() + ": make one with `tephra-worker init`");
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    auto settings = parse_settings(text);
    if (!settings) return chain::fault(file.string() + ": " + settings.error().text);
    return settings;
}

Result<rpc::worker_api::NodeAddress> node_address(const Settings& settings) {
    std::string key = settings.node.key;
    if (key.starts_with('@')) {
        const std::string file = key.substr(1);
        std::ifstream in{file};
        if (!in || !(in >> key))
            return chain::fault("node.key: cannot read " + file +
                                ": start the node once, it writes its worker key there");
    }
    const auto parsed = rpc::worker_api::tls_key_from_hex(key);
    if (!parsed) return chain::fault("node.key: write 0x and 64 hexadecimal digits");
    return rpc::worker_api::NodeAddress{.endpoint = settings.node.endpoint, .key = *parsed};
}

CrunConfig crun_config(const Settings& settings) {
    CrunConfig out;
    out.root = std::filesystem::path{settings.data} / "containers";
    out.sources = settings.images;
    out.port_first = settings.ports.first;
    out.port_last = settings.ports.last;
    out.dns = settings.dns;
    out.allow_fake_devices = settings.allow_fake_devices;
    return out;
}

lease::Terms lease_terms(const Settings& settings) {
    return {.results_kept_ms = std::uint64_t{settings.results_kept_minutes} * 60'000};
}

std::string explained(const Settings& s) {
    std::string images;
    for (const auto& [name, place] : s.images) images += fmt::format("\n    \"{}\": \"{}\",", name, place);
    return fmt::format(R"({{
  // The node that this worker follows, and the key that the node must prove (its worker key).
  // "@/path" reads the key from the file that the node writes beside its data.
  "node": {{ "endpoint": "{}", "key": "{}" }},

  // Keys, images, jobs, results.
  "data": "{}",

  "offer": {{
    // Where renters reach this machine; it stands on the chain. Empty: not told there.
    "endpoint": "{}",
    "listen": "{}",
    "region": "{}",
    "upload_bits_per_second": {},
    "download_bits_per_second": {},
    // Equal parts that a machine without a GPU is rented out in. With GPUs, each GPU is a slot.
    "slots": {},
    // For renters' data; 0: four fifths of what is free.
    "disk_bytes": {}
  }},

  // Where images may come from. A renter writes NAME/repository@sha256:digest.
  // A value is "https://registry.example", "http://127.0.0.1:5000" or the folder of an OCI layout.
  "images": {{{}
  }},

  // Most that a workload may ask for on each of its slots; 0: an equal part of the machine.
  "slot_limits": {{ "memory_bytes": {}, "cpu_milli": {}, "disk_bytes": {}, "processes": {} }},

  // Ports of this host on which workloads' ports are published.
  "ports": {{ "first": {}, "last": {} }},
  "dns": ["{}"],

  // How long log and results of a closed lease wait for their renter.
  "results_kept_minutes": {},
  // Between TERM and KILL when a workload is stopped.
  "stop_grace_seconds": {}
}}
)",
                       s.node.endpoint, s.node.key, s.data, s.offer.endpoint, s.offer.listen, s.offer.region,
                       s.offer.upload_bits_per_second, s.offer.download_bits_per_second, s.offer.slots,
                       s.offer.disk_bytes, images, s.slot_limits.memory_bytes, s.slot_limits.cpu_milli,
                       s.slot_limits.disk_bytes, s.slot_limits.processes, s.ports.first, s.ports.last,
                       fmt::join(s.dns, "\", \""), s.results_kept_minutes, s.stop_grace_seconds);
}

}  // namespace worker
