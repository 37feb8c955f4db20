// What a hostile program tries from inside.

#include "gpu-worker/containers/files.hpp"
#include "tests/e2e/containers/host.hpp"

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

using namespace worker;

namespace {

/// Sends a line over TCP and returns what comes back; empty where nobody answers within two seconds.
std::string ask(const std::string& address, std::uint16_t port, const std::string& line) {
    const Fd socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const timeval patience{.tv_sec = 2, .tv_usec = 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return {};
    if (::send(socket.get(), line.data(), line.size(), MSG_NOSIGNAL) < 0) return {};
    ::shutdown(socket.get(), SHUT_WR);
    char buffer[256];
    const auto got = ::recv(socket.get(), buffer, sizeof buffer, 0);
    return got > 0 ? std::string{buffer, static_cast<std::size_t>(got)} : std::string{};
}

/// The host's first address that is not loopback; empty where it has none.
std::string outer_address() {
    const Fd socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(9);
    ::inet_pton(AF_INET, "8.8.8.8", &to.sin_addr);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) return {};
    socklen_t size = sizeof to;
    ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&to), &size);
    char text[INET_ADDRSTRLEN]{};
    ::inet_ntop(AF_INET, &to.sin_addr, text, sizeof text);
    return text;
}

/// A TCP server on the host that would answer whoever gets through.
class Bait {
public:
    Bait() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
        ::listen(socket_.get(), 8);
        socklen_t size = sizeof address;
        ::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size);
        port = ntohs(address.sin_port);
    }
    std::uint16_t port = 0;

private:
    Fd socket_;
};

std::string output(e2e::Host& host, JobSpec spec) {
    host.run(spec);
    return host.log(spec.id) + host.log(spec.id, LogStream::Error);
}

}  // namespace

TEST_CASE("root inside is nobody outside, without a single capability") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto text = output(
        host, host.shell("id -u; grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status; cat /proc/self/uid_map"));
    CHECK(text.find("0\n") == 0);
    for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"})
        CHECK(text.find(std::string{set} + ":\t0000000000000000") != std::string::npos);
    CHECK(text.find("NoNewPrivs:\t1") != std::string::npos);
    CHECK(text.find("Seccomp:\t2") != std::string::npos);
    CHECK(text.find("65536") != std::string::npos);
    CHECK(text.find(" 0          0") == std::string::npos);
}

TEST_CASE("two jobs have different user ranges") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto first = host.shell("cat /proc/self/uid_map; sleep 1");
    const auto second = host.shell("cat /proc/self/uid_map; sleep 1");
    REQUIRE(host.containers().launch(first, {}).has_value());
    REQUIRE(host.containers().launch(second, {}).has_value());
    host.wait(first.id);
    host.wait(second.id);
    CHECK(host.log(first.id) != host.log(second.id));
}

TEST_CASE("the image's user is honoured, by name and number") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto as = [&](const char* user) {
        const auto built = e2e::build_image(host.scratch.path / "layout", host.scratch.path / "root", user);
        auto spec = host.shell("id -u; id -g; touch /results/mine && echo writable");
        spec.image = "local/busybox@" + built.digest;
        return output(host, spec);
    };
    CHECK(as("worker") == "1000\n1001\nwritable\n");
    CHECK(as("33:44") == "33\n44\nwritable\n");
    auto spec = host.shell("true");
    spec.image =
        "local/busybox@" + e2e::build_image(host.scratch.path / "layout", host.scratch.path / "root", "ghost").digest;
    CHECK(host.run(spec).reason == Reason::BadImage);
}

TEST_CASE("the root is read-only, /tmp and /results are not") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto text =
        output(host, host.shell("touch /x; touch /etc/x; touch /bin/x; touch /tmp/a && touch /results/b && echo fine"));
    CHECK(text.find("fine") == 0);
    CHECK(text.find("/x: Read-only") != std::string::npos);
    CHECK(text.find("/etc/x: Read-only") != std::string::npos);
    auto writable = host.shell("touch /x && touch /etc/x && echo changed");
    writable.root = RootMode::Writable;
    CHECK(output(host, writable) == "changed\n");
    CHECK(output(host, host.shell("ls /x")).find("No such file") != std::string::npos);
}

TEST_CASE("system calls that make namespaces, mounts or devices are refused") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto spec = host.shell(
        "unshare -U true; echo $?; unshare -n true; echo $?; mount -t tmpfs none /tmp; echo $?; "
        "mknod /tmp/sda b 8 0; echo $?; ping -c 1 -w 1 127.0.0.1; echo $?");
    host.run(spec);
    CHECK(host.log(spec.id).starts_with("1\n1\n1\n1\n"));
    CHECK(host.log(spec.id).ends_with("\n1\n"));
    CHECK(host.log(spec.id, LogStream::Error).find("Operation not permitted") != std::string::npos);
}

TEST_CASE("kernel files are masked or read-only") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto text =
        output(host, host.shell("ls /sys/firmware | wc -l; ls /sys/fs/cgroup | wc -l; head -c 1 /proc/1/mem; "
                                "echo 1 > /proc/sys/kernel/panic; echo 0 > /proc/irq/default_smp_affinity"));
    CHECK(text.starts_with("0\n0\n"));
    CHECK(text.find("/proc/sys/kernel/panic: Read-only") != std::string::npos);
    CHECK(text.find("smp_affinity: Read-only") != std::string::npos);
}

TEST_CASE("a job sees its own processes only, and no file of the host") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto text = output(host, host.shell("ls -d /proc/[0-9]* | wc -l; ls /; ls /dev; cat /proc/self/cgroup"));
    CHECK(text.find("worker") == std::string::npos);
    CHECK(text.find("vda") == std::string::npos);
    CHECK(text.find("loop") == std::string::npos);
    CHECK(text.find("tephra/") == std::string::npos);
}

TEST_CASE("secrets are files for the job's user in memory, and nowhere else") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto spec = host.shell(
        "cat /run/secrets/token; stat -c %a /run/secrets/token; env; touch /run/secrets/x; echo ready; sleep 1");
    REQUIRE(host.containers().launch(spec, {{"token", "s3cr3t-value"}}).has_value());
    REQUIRE(host.log_has(spec.id, "ready"));
    for (const auto& entry : std::filesystem::recursive_directory_iterator{host.config.root / "jobs"}) {
        if (!entry.is_regular_file() || entry.path().filename() == "log" || entry.path().filename() == "disk.ext4")
            continue;
        CHECK(read_text(entry.path()).value_or("").find("s3cr3t-value") == std::string::npos);
    }
    const auto text = host.log(spec.id);
    CHECK(text.find("s3cr3t-value400\n") == 0);
    CHECK(text.find("s3cr3t", 12) == std::string::npos);
    CHECK(host.log(spec.id, LogStream::Error).find("Read-only") != std::string::npos);
    CHECK(host.run(host.shell("true"), {{"../escape", "x"}}).reason == Reason::BadSpec);
}

TEST_CASE("network: isolated jobs reach nothing and have loopback only") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const auto text = output(host, host.shell("ip -o link | wc -l; nc -w 1 8.8.8.8 53 </dev/null && echo reached"));
    CHECK(text.find("1\n") == 0);
    CHECK(text.find("reached") == std::string::npos);
}

TEST_CASE("network: a published port answers on every address of the host, and only that port") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    auto spec = host.shell(
        "while :; do echo hello | nc -l -p 8080 >/dev/null; done & echo ready; while :; do nc -l -p 9090 </dev/null; "
        "done");
    spec.ports = {8080};
    const auto ports = host.containers().launch(spec, {});
    REQUIRE(ports.has_value());
    REQUIRE(ports->size() == 1);
    CHECK(ports->front().job == 8080);
    REQUIRE(host.log_has(spec.id, "ready"));
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    CHECK(ask("127.0.0.1", ports->front().host, "x") == "hello\n");
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    if (const auto outer = outer_address(); !outer.empty()) CHECK(ask(outer, ports->front().host, "x") == "hello\n");
    // Not by the job's own address, from the host or through it.
    for (int slot = 0; slot < 4; ++slot) CHECK(ask("100.127.240." + std::to_string(4 * slot + 2), 8080, "x").empty());
    const auto listed = host.containers().state(spec.id);
    CHECK(listed->ports == *ports);
}

TEST_CASE("network: neither the host nor private ranges nor other jobs are in reach, whatever the policy") {
    NEEDS_CONTAINERS();
    e2e::Host host;
    const Bait bait;
    auto other = host.shell("while :; do echo secret | nc -l -p 8080; done");
    other.ports = {8080};
    const auto other_ports = host.containers().launch(other, {});
    REQUIRE(other_ports.has_value());
    auto spec = host.shell("");
    spec.network = NetworkPolicy::Internet;
    const auto port = std::to_string(bait.port);
    const auto published = std::to_string(other_ports->front().host);
    const auto outer = outer_address();
    spec.command[2] =
        "gate=$(ip route | grep default | tr -s ' ' | grep -o '100[0-9.]*'); echo gate $gate; "
        "try() { nc -w 1 $1 $2 </dev/null >/dev/null 2>&1 && echo reached $1 $2; }; "
        "try $gate " +
        port + "; try 127.0.0.1 " + port + "; try 169.254.169.254 80; try 10.0.0.1 80; " +
        (outer.empty() ? "" : "try " + outer + " " + port + "; try " + outer + " " + published + "; ") +
        "for n in 2 6 10 14; do try 100.127.240.$n 8080; done; ip -6 addr show dev eth0 | grep -c inet6; echo end";
    const auto text = output(host, spec);
    CHECK(text.find("gate 100.127.") == 0);
    CHECK(text.find("reached") == std::string::npos);
    CHECK(text.find("\n0\n") != std::string::npos);
    CHECK(text.find("end") != std::string::npos);
}
