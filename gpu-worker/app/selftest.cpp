// tephra-worker selftest: what would fail, and how to mend it, before money is at stake.

#include "gpu-worker/app/commands.hpp"
#include "gpu-worker/app/say.hpp"
#include "gpu-worker/host/claims.hpp"
#include "gpu-worker/host/config.hpp"
#include "gpu-worker/host/keys.hpp"

#include <fmt/core.h>

namespace worker::app {

namespace {

using chain::Result;

/// Essential: no lease runs without it. Useful: some leases do not, and are refused with a reason.
enum class Weight : std::uint8_t { Essential, Useful };

struct Report {
    int wrong = 0;

    void item(const std::string& name, bool ok, const std::string& found, const std::string& remedy,
              Weight weight = Weight::Essential) {
        fmt::print("{} {:<16} {}\n", ok ? "ok  " : weight == Weight::Essential ? "FAIL" : "note", name, found);
        if (ok) return;
        if (weight == Weight::Essential) ++wrong;
        if (!remedy.empty()) fmt::print("     {:<16} → {}\n", "", remedy);
    }
};

void check_hardware(const Settings& settings, Report& report) {
    const auto inventory = take_inventory(settings);
    if (inventory.gpus.gpus.empty())
        report.item("GPUs", true, "none (" + inventory.gpus.why_empty + "): the machine is of class Cpu", "");
    for (const auto& gpu : inventory.gpus.gpus)
        report.item("GPU", true, fmt::format("{} {} MiB {}", gpu.name, gpu.memory_bytes >> 20, gpu.uuid), "");
    report.item(
        "host", inventory.cpu.threads != 0 && inventory.cpu.memory_bytes != 0,
        fmt::format("{}, {} threads, {} MiB memory, {} MiB disk free", inventory.cpu.name, inventory.cpu.threads,
                    inventory.cpu.memory_bytes >> 20, inventory.cpu.disk_free_bytes >> 20),
        "/proc must be readable");
    const auto kept = kept_claims(settings.data);
    if (!kept) return report.item("registration", true, "not written yet: `tephra-worker register`", "");
    const bool same = machines::hash_of(claims_for_probe(inventory, *kept)) == machines::hash_of(*kept);
    report.item(
        "registration", same,
        same ? "the machine is what was registered" : "the machine is not what was registered: a probe would fail",
        "register the hardware that is there: `tephra-worker register`, then the owner's change_hardware");
}

void check_node(const Settings& settings, const Keys& keys, Report& report) {
    const auto node = node_address(settings);
    if (!node) return report.item("node", false, node.error().text, "");
    const auto facts = rpc::worker_api::ask_chain(*node, keys.tls, std::nullopt);
    if (!facts)
        return report.item("node", false, facts.error().text,
                           "start the node, or mend node.endpoint and node.key in the configuration");
    report.item("node", true,
                fmt::format("{} at block {}, genesis {}", node->endpoint, facts->finalized_number,
                            chain::to_hex(facts->genesis)),
                "");
}

Result<void> try_selftest(const std::string& config) {
    TRY(const Settings settings, load_settings(config));
    Report report;
    const auto keys = load_keys(settings.data);
    report.item("keys", keys.has_value(), keys ? crypto::to_string(keys->machine.account()) : keys.error().text, "");
    if (keys) check_node(settings, *keys, report);
    check_hardware(settings, report);
    report.item("images", !settings.images.empty(),
                settings.images.empty() ? "no source is named: no workload can start"
                                        : fmt::format("{} sources", settings.images.size()),
                "name a registry under `images` in the configuration");
    for (const auto& item : worker::selftest(crun_config(settings)))
        report.item(item.name, item.ok, item.found, item.remedy, item.essential ? Weight::Essential : Weight::Useful);
    if (report.wrong != 0)
        return chain::fault(fmt::format("{} of these would fail; see → for the remedies", report.wrong));
    fmt::print("all is well\n");
    return {};
}

}  // namespace

int selftest(const std::string& config) { return said(try_selftest(config)); }

}  // namespace worker::app
