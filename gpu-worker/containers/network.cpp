#include "gpu-worker/containers/network.hpp"

#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>

namespace worker {
namespace {

// Special-purpose ranges: neighbours, carriers, documentation, multicast. Public addresses are what is left.
constexpr const char* closed_ranges =
    "0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, 192.0.2.0/24, "
    "192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24, 224.0.0.0/3";

std::string address(std::uint32_t slot, unsigned last) {
    const std::uint32_t low = slot * 4 + last;  // below 4,096: 1,024 slots
    return fmt::format("100.127.{}.{}", 240 + low / 256, low % 256);
}

/// The whole packet filter of the host stays as it is; only where forwarding had to be switched on for the first job, a
/// table of our own keeps the host from becoming a router for anybody else.
constexpr const char* guard_rules = R"(table inet tephra_guard {
    chain forward {
        type filter hook forward priority -10; policy drop;
        ct state established,related accept
        iifname "tephra*" accept
        oifname "tephra*" accept
    }
}
)";

Result<void> allow_forwarding() {
    const char* path = "/proc/sys/net/ipv4/ip_forward";
    TRY(const auto now, read_text(path));
    if (now.starts_with('1')) return {};
    TRY_VOID(run_ok({.argv = {"nft", "-f", "-"}, .input = guard_rules}));
    return write_kernel_file(path, "1");
}

std::string publish_rules(const JobNetwork& network, const std::string& job) {
    std::string rules;
    for (const auto& port : network.ports)
        rules += fmt::format("        fib daddr type local tcp dport {} dnat ip to {}:{}\n", port.host, job, port.job);
    return rules;
}

std::string outbound_rules(NetworkPolicy policy) {
    if (policy == NetworkPolicy::Isolated) return {};
    return fmt::format(
        "        ip daddr {{ {} }} counter drop\n"
        "        tcp dport {{ 25, 465, 587 }} counter drop\n"
        "        ct state new limit rate over 200/second burst 500 packets counter drop\n"
        "        oifname \"tephra*\" counter drop\n"
        "        ip version 4 accept\n",
        closed_ranges);
}

}  // namespace

bool needs_link(const JobNetwork& network) {
    return !network.ports.empty() || network.policy != NetworkPolicy::Isolated;
}
std::string link_name(std::uint32_t slot) { return fmt::format("tephra{}", slot); }
std::string table_name(std::uint32_t slot) { return fmt::format("tephra_{}", slot); }
std::string host_address(std::uint32_t slot) { return address(slot, 1); }
std::string job_address(std::uint32_t slot) { return address(slot, 2); }

std::string filter_rules(const JobNetwork& network) {
    const auto link = link_name(network.slot);
    const auto job = job_address(network.slot);
    const auto table = table_name(network.slot);
    const auto publish = publish_rules(network, job);
    // Published connections arrive translated; whatever else is addressed to the job was not meant to get there.
    // Loopback clients are masked, because the job could not answer 127.0.0.1.
    return fmt::format(
        R"(table inet {table}
delete table inet {table}
table inet {table} {{
    chain arrive {{
        type nat hook prerouting priority dstnat; policy accept;
{publish}    }}
    chain local {{
        type nat hook output priority -100; policy accept;
{publish}    }}
    chain leave {{
        type nat hook postrouting priority srcnat; policy accept;
        oifname "{link}" ip saddr 127.0.0.0/8 masquerade
        oifname != "{link}" ip saddr {job} masquerade
    }}
    chain from_job {{
        ct state established,related accept
        ip saddr != {job} counter drop
{outbound}        counter drop
    }}
    chain to_job {{
        ct state established,related accept
        ip daddr {job} ct status dnat accept
        counter drop
    }}
    chain forward {{
        type filter hook forward priority 0; policy accept;
        iifname "{link}" jump from_job
        oifname "{link}" jump to_job
    }}
    chain to_host {{
        type filter hook input priority 0; policy accept;
        iifname "{link}" ct state established,related accept
        iifname "{link}" counter drop
    }}
    chain from_host {{
        type filter hook output priority 0; policy accept;
        oifname "{link}" jump to_job
    }}
}}
)",
        fmt::arg("table", table), fmt::arg("publish", publish), fmt::arg("link", link), fmt::arg("job", job),
        fmt::arg("outbound", outbound_rules(network.policy)));
}

Result<void> connect_job(const JobNetwork& network, pid_t pid) {
    if (!needs_link(network)) return {};
    const auto link = link_name(network.slot);
    const auto undo = [&](const chain::Fault& why) {
        static_cast<void>(disconnect_job(network.slot).has_value());
        return std::unexpected{why};
    };
    const Fd inside{::open(fmt::format("/proc/{}/ns/net", pid).c_str(), O_RDONLY | O_CLOEXEC)};
    if (!inside) return std::unexpected{errno_fault("the job's network namespace")};
    TRY_VOID(allow_forwarding());
    // Rules before the link: there is no moment at which packets could pass without them.
    if (auto done = run_ok({.argv = {"nft", "-f", "-"}, .input = filter_rules(network)}); !done)
        return undo(done.error());
    const auto host_side = fmt::format(
        "link add {0} type veth peer name eth0 netns {1}\naddr add {2}/30 dev {0}\nlink set {0} addrgenmode none\n"
        "link set {0} up\n",
        link, pid, host_address(network.slot));
    if (auto done = run_ok({.argv = {"ip", "-batch", "-"}, .input = host_side}); !done) return undo(done.error());
    const auto job_side = fmt::format(
        "link set lo up\nlink set eth0 addrgenmode none\naddr add {}/30 dev eth0\nlink set eth0 up\nroute add default "
        "via {}\n",
        job_address(network.slot), host_address(network.slot));
    if (auto done = run_ok({.argv = {"ip", "-batch", "-"}, .input = job_side, .network_namespace = inside.get()});
        !done)
        return undo(done.error());
    if (auto done = write_kernel_file("/proc/sys/net/ipv4/conf/" + link + "/route_localnet", "1"); !done)
        return undo(done.error());
    return {};
}

Result<void> disconnect_job(std::uint32_t slot) {
    const auto table = table_name(slot);
    // Adding first makes the delete succeed where there was none.
    const auto rules = fmt::format("table inet {0}\ndelete table inet {0}\n", table);
    TRY_VOID(run_ok({.argv = {"nft", "-f", "-"}, .input = rules}));
    static_cast<void>(run({.argv = {"ip", "link", "delete", link_name(slot)}}).has_value());
    return {};
}

}  // namespace worker
