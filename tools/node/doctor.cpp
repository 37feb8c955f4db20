#include "tools/node/doctor.hpp"

#include "chain/network/address.hpp"
#include "consensus/engine/posix_storage.hpp"
#include "runtime/pallets/validators/validators.hpp"
#include "tools/application/bad_block.hpp"
#include "tools/metrics/process.hpp"
#include "tools/node/keys.hpp"
#include "tools/node/node.hpp"
#include "tools/node/seat.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace node {
namespace {

namespace fs = std::filesystem;

enum class Verdict : std::uint8_t { Ok, Warn, Fail };

class Findings {
public:
    void add(Verdict verdict, std::string_view what, const std::string& text) {
        const std::string_view word = verdict == Verdict::Ok ? "ok  " : verdict == Verdict::Warn ? "warn" : "FAIL";
        fmt::print("{}  {:<12} {}\n", word, what, text);
        has_failure_ = has_failure_ || verdict == Verdict::Fail;
    }
    bool has_failure() const { return has_failure_; }

private:
    bool has_failure_ = false;
};

// ---- disk and limits
// --------------------------------------------------------------------------------------------------

/// Syncs like the journal's: p50 and p99 in milliseconds.
chain::Result<std::pair<double, double>> sync_times(const fs::path& data) {
    std::vector<double> times;
    const fs::path folder = data / "doctor";
    {
        TRY(const auto storage,
            consensus::PosixStorage::open(folder, [&](double seconds) { times.push_back(seconds * 1'000); }));
        const chain::Bytes record(256, 1);
        for (std::uint64_t i = 0; i < 100; ++i) {
            TRY_VOID(storage->write("probe", i * record.size(), record));
            TRY_VOID(storage->sync("probe"));
        }
    }
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    std::ranges::sort(times);
    return std::pair{times[50], times[98]};
}

void look_at_disk(const fs::path& data, Findings& findings) {
    const auto times = sync_times(data);
    if (!times) return findings.add(Verdict::Fail, "disk", times.error().text);
    const auto [usual, slow] = *times;
    const Verdict verdict = slow < 10 ? Verdict::Ok : slow < 100 ? Verdict::Warn : Verdict::Fail;
    findings.add(verdict, "disk sync", fmt::format("p50 {:.2f} ms, p99 {:.2f} ms; a vote waits for one", usual, slow));
    const double free_gb = static_cast<double>(metrics::free_bytes(data)) / 1e9;
    findings.add(free_gb > 10  ? Verdict::Ok
                 : free_gb > 1 ? Verdict::Warn
                               : Verdict::Fail,
                 "disk room", fmt::format("{:.1f} GB free at {}", free_gb, data.string()));
}

void look_at_bad_blocks(const fs::path& data, Findings& findings) {
    for (const fs::path& file : bad_block_files(data))
        findings.add(Verdict::Fail, "bad block",
                     file.string() +
                         ": a quorum finalized this block and it was bad here; compare it with another "
                         "version of the program, then remove the file");
}

void look_at_limits(Findings& findings) {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    findings.add(files.rlim_cur >= 4'096 ? Verdict::Ok : Verdict::Warn, "open files",
                 fmt::format("at most {}; 4096 or more are good: ulimit -n, LimitNOFILE=", files.rlim_cur));
}

void look_at_clock(Findings& findings) {
    timex clock{};
    const int state = ::adjtimex(&clock);
    const bool is_synchronised = state >= 0 && state != TIME_ERROR && (clock.status & STA_UNSYNC) == 0;
    findings.add(
        is_synchronised ? Verdict::Ok : Verdict::Warn, "clock",
        is_synchronised
            ? fmt::format("synchronised, at most {:.1f} ms off", static_cast<double>(clock.maxerror) / 1'000)
            : "the kernel does not call it synchronised: run an NTP client; blocks 500 ms ahead are not voted for");
}

// ---- keys
// -------------------------------------------------------------------------------------------------------------

void look_at_keys(const Config& config, const Chain& chain, Findings& findings) {
    const auto seat = take_seat(config, chain.data, chain.genesis, chain.genesis.state);
    if (!seat) return findings.add(Verdict::Fail, "keys", seat.error().text);
    if (!seat->consensus)
        return findings.add(Verdict::Ok, "keys", "none of a validator: this node follows and does not vote");
    const auto mine = chain::to_hex(seat->consensus->public_key().value);
    findings.add(Verdict::Ok, "keys", fmt::format("votes as {} among {} validators", mine, seat->validators));
}

// ---- ports and peers
// --------------------------------------------------------------------------------------------------

using Address = std::unique_ptr<addrinfo, void (*)(addrinfo*)>;

Address resolve(const std::string& host, std::uint16_t port, int flags) {
    addrinfo wish{};
    wish.ai_flags = flags;
    wish.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wish, &found) != 0) found = nullptr;
    return {found, ::freeaddrinfo};
}

void look_at_port(std::string_view what, const std::string& host, std::uint16_t port, Findings& findings) {
    if (port == 0) return;
    const auto address = resolve(host, port, AI_PASSIVE);
    if (!address) return findings.add(Verdict::Fail, what, host + " is no address of this machine");
    const int socket = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const bool is_free = ::bind(socket, address->ai_addr, address->ai_addrlen) == 0;
    const std::string why = is_free ? "" : std::strerror(errno);
    ::close(socket);
    findings.add(is_free ? Verdict::Ok : Verdict::Fail, what,
                 fmt::format("{}:{} {}", host, port, is_free ? "is free" : "cannot be used: " + why));
}

/// Nothing, or why it cannot be reached.
std::optional<std::string> unreachable(const network::PeerAddress& peer) {
    const auto address = resolve(peer.host, peer.port, 0);
    if (!address) return "its name is unknown";
    const int socket = ::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int error = ::connect(socket, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        pollfd done{socket, POLLOUT, 0};
        socklen_t size = sizeof error;
        if (::poll(&done, 1, 3'000) == 0) error = ETIMEDOUT;
        else ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    ::close(socket);
    return error == 0 ? std::nullopt : std::optional<std::string>{std::strerror(error)};
}

void look_at_peers(const Config& config, Findings& findings) {
    std::vector<std::string> all = config.peers;
    all.insert(all.end(), config.reserved.begin(), config.reserved.end());
    for (const std::string& text : all) {
        const auto peer = network::peer_address_from_text(text);
        if (!peer) {
            findings.add(Verdict::Fail, "peer", peer.error().text);
            continue;
        }
        const auto why = unreachable(*peer);
        findings.add(why ? Verdict::Warn : Verdict::Ok, "peer", text + (why ? ": " + *why : " answers"));
    }
}

void look_at_ports(const Config& config, Findings& findings) {
    look_at_port("rpc port", config.rpc_address, config.rpc_port, findings);
    look_at_port("worker port", config.worker_address, config.worker_port, findings);
    if (config.metrics_port) look_at_port("metrics port", config.metrics_address, *config.metrics_port, findings);
    const auto listen = config.listen ? network::socket_address_from_text(*config.listen) : std::nullopt;
    if (config.listen && !config.listen->empty() && !listen)
        findings.add(Verdict::Fail, "listen", *config.listen + " is no IP address with a port");
    if (listen) look_at_port("listen", config.listen->substr(0, config.listen->rfind(':')), listen->port, findings);
}

}  // namespace

int doctor(const Config& config) {
    Findings findings;
    const auto chain = load_chain(config);
    if (!chain) {
        findings.add(Verdict::Fail, "chain", chain.error().text);
    } else {
        findings.add(Verdict::Ok, "chain",
                     chain->genesis.chain_name + ", genesis " + chain::to_hex(chain->genesis.hash));
        look_at_disk(chain->data, findings);
        look_at_bad_blocks(chain->data, findings);
        look_at_keys(config, *chain, findings);
    }
    look_at_limits(findings);
    look_at_clock(findings);
    look_at_ports(config, findings);
    look_at_peers(config, findings);
    return findings.has_failure() ? 1 : 0;
}

}  // namespace node
