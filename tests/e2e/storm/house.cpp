#include "house.hpp"

#include "chain/base/check.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace tests {
namespace {

constexpr auto roomy = "size=512m";

int command(const std::string& line) { return std::system(line.c_str()); }

void must(const std::string& line) { chain::check(command(line) == 0); }

int network_of(const std::string& path) { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC); }

}  // namespace

std::string leave_the_machine() {
    if (::geteuid() != 0) return "network namespaces and mounts need root";
    if (command("nft --version >/dev/null 2>&1 && ip -V >/dev/null 2>&1") != 0)
        return "nft or ip is missing: tools/setup installs them";
    if (::unshare(CLONE_NEWNET | CLONE_NEWNS) != 0)
        return std::string{"namespaces are not allowed here: "} + std::strerror(errno);
    const bool is_private = ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    // Names of network namespaces are files; these are seen by this process and its children only.
    const bool has_names = command("mkdir -p /run/netns && mount -t tmpfs storm /run/netns") == 0;
    if (!is_private || !has_names) return "mounts are not allowed here";
    if (command("ip link set lo up && ip link add storm type bridge && ip link set storm up") != 0)
        return "a bridge cannot be made here";
    return "";
}

House::House(std::size_t index, std::filesystem::path data)
    : name_("storm" + std::to_string(index)), data_(std::move(data)) {
    const std::string end = "v" + std::to_string(index);
    const std::string in = "ip -n " + name_ + " ";
    must("ip netns add " + name_);
    must("ip link add " + end + " type veth peer name eth0 netns " + name_);
    must("ip link set " + end + " master storm up");
    must(in + "addr add " + address(index) + "/24 dev eth0");
    must(in + "link set eth0 up");
    must(in + "link set lo up");
    network_ = network_of("/run/netns/" + name_);
    chain::check(network_ >= 0);
    std::filesystem::create_directories(data_);
    chain::check(::mount("storm", data_.c_str(), "tmpfs", 0, roomy) == 0);
}

House::~House() {
    ::umount2(data_.c_str(), MNT_DETACH);
    ::close(network_);
    command("ip netns del " + name_);
}

void House::inside(const std::function<void()>& work) const {
    const int home = network_of("/proc/thread-self/ns/net");
    chain::check(::setns(network_, CLONE_NEWNET) == 0);
    work();
    chain::check(::setns(home, CLONE_NEWNET) == 0);
    ::close(home);
}

void House::deafen_to(const std::vector<std::size_t>& others) const {
    std::string rules = "table inet storm\ndelete table inet storm\n";
    if (!others.empty()) {
        std::string from;
        for (const std::size_t other : others) from += (from.empty() ? "" : ", ") + address(other);
        rules += "table inet storm {\n chain in {\n  type filter hook input priority 0;\n  ip saddr { " + from +
                 " } drop\n }\n}\n";
    }
    must("printf '" + rules + "' | ip netns exec " + name_ + " nft -f -");
}

void House::fill_disk() const {
    struct statvfs now{};
    chain::check(::statvfs(data_.c_str(), &now) == 0);
    const auto used = (now.f_blocks - now.f_bfree) * now.f_frsize;
    const std::string size = "size=" + std::to_string(used);
    chain::check(::mount("storm", data_.c_str(), "tmpfs", MS_REMOUNT, size.c_str()) == 0);
}

void House::make_room() const { chain::check(::mount("storm", data_.c_str(), "tmpfs", MS_REMOUNT, roomy) == 0); }

}  // namespace tests
