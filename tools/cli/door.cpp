#include "tools/cli/door.hpp"

#include "chain/clock/clock.hpp"
#include "chain/crypto/hash.hpp"
#include "gpu-worker/containers/results.hpp"
#include "runtime/pallets/leases/request.hpp"
#include "tools/cli/support/quantity.hpp"

#include <fmt/core.h>
#include <sodium.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

namespace cli {

using chain::fault;
using rpc::worker_api::DoorClient;
using rpc::worker_api::DoorFault;
using rpc::worker_api::DoorFaultKind;

namespace {

constexpr std::uint64_t ticket_lifetime_ms = 30'000;
constexpr std::chrono::milliseconds retry_pause{200};
constexpr int retries_max = 50;  // ten seconds without an answer

rpc::worker_api::TicketMaker tickets(const crypto::SecretKey& renter, const chain::Hash& genesis,
                                     const LeaseFacts& lease) {
    const auto key = std::make_shared<crypto::SecretKey>(renter.clone());
    return [key, genesis, machine = lease.lease.machine, id = lease.id](std::string_view method, chain::ByteView body) {
        rpc::worker_api::Ticket ticket{.lease = id.value, .expiry_ms = chain::unix_ms() + ticket_lifetime_ms};
        randombytes_buf(&ticket.nonce, sizeof ticket.nonce);
        ticket.signature = leases::sign_request(*key, {.genesis = genesis,
                                                       .machine = machine,
                                                       .lease = id,
                                                       .method = std::string{method},
                                                       .body_hash = crypto::blake2b_256(body),
                                                       .nonce = ticket.nonce,
                                                       .expiry_ms = ticket.expiry_ms})
                               .value;
        return ticket;
    };
}

/// Whether another try may help: the worker has not heard of the lease yet, or the connection broke.
bool is_passing(const DoorFault& f) {
    return f.kind == DoorFaultKind::Unreachable || f.kind == DoorFaultKind::NotFound;
}

}  // namespace

Result<std::unique_ptr<DoorClient>> open_door(Session& session, const LeaseFacts& lease,
                                              const crypto::SecretKey& renter, const std::string& endpoint) {
    if (renter.account() != lease.lease.renter)
        return fault("lease " + std::to_string(lease.id.value) + " is " + crypto::to_string(lease.lease.renter) +
                     "'s: give that account's key with --from");
    TRY(Chain* const chain, session.chain());
    TRY(const auto genesis, chain->genesis());
    TRY(const auto machine,
        chain->read([&](const auto& state) { return machines::storage.machines.get(state, lease.lease.machine); }));
    TRY(const auto claims,
        chain->read([&](const auto& state) { return machines::storage.claims.get(state, lease.lease.machine); }));
    if (!machine) return fault("the lease's machine is not registered any more");
    std::string place = endpoint;
    if (place.empty() && claims && claims->endpoint) place = claims->endpoint->value;
    if (place.empty())
        return fault("the machine tells no endpoint on the chain: ask its provider and give it with --door host:port");
    return std::make_unique<DoorClient>(place, rpc::worker_api::TlsKey{machine->keys.tls_key},
                                        tickets(renter, genesis, lease));
}

Result<void> stream_logs(DoorClient& door, bool follow) {
    std::uint64_t cursor = 0;
    for (int tries = 0;; ++tries) {
        const auto reached = door.logs(cursor, follow, [&](const rpc::worker_api::LogPiece& piece) {
            std::FILE* to = piece.source == rpc::worker_api::LogSource::Out ? stdout : stderr;
            std::fwrite(piece.data.data(), 1, piece.data.size(), to);
            std::fflush(to);
            cursor = piece.next;
            tries = 0;
            return true;
        });
        if (reached) return {};
        if (!is_passing(reached.error()) || tries >= retries_max) return fault(reached.error().text);
        std::this_thread::sleep_for(retry_pause);
    }
}

namespace {

struct TemporaryFile {
    std::string path;
    TemporaryFile() {
        path = (std::filesystem::temp_directory_path() / "tephra-results-XXXXXX").string();
        const int descriptor = ::mkstemp(path.data());
        if (descriptor >= 0) ::close(descriptor);
    }
    ~TemporaryFile() { std::remove(path.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
};

/// Into the file, resumed after broken connections.
Result<rpc::worker_api::ResultsFacts> fetch(Session& session, DoorClient& door, const std::string& path) {
    std::ofstream out{path, std::ios::binary};
    std::uint64_t size = 0;
    for (int tries = 0;; ++tries) {
        const auto facts = door.download(size, [&](const rpc::worker_api::ResultsPiece& piece) {
            out.write(reinterpret_cast<const char*>(piece.data.data()),
                      static_cast<std::streamsize>(piece.data.size()));
            size += piece.data.size();
            tries = 0;
            return out.good();
        });
        if (!out) return fault("cannot write " + path + ": is the disk full?");
        if (facts) {
            out.close();
            if (size != facts->total_bytes)
                return fault("the archive has " + std::to_string(size) + " of " + std::to_string(facts->total_bytes) +
                             " bytes");
            session.progress("downloaded " + format_size(size));
            return *facts;
        }
        if (facts.error().kind != DoorFaultKind::Unreachable || tries >= retries_max) return fault(facts.error().text);
        std::this_thread::sleep_for(retry_pause);
    }
}

}  // namespace

Result<std::uint32_t> download_results(Session& session, DoorClient& door, const std::string& folder) {
    const TemporaryFile archive;
    TRY(const auto facts, fetch(session, door, archive.path));
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fault("cannot make " + folder + ": " + error.message());
    if (facts.total_bytes == 0) return std::uint32_t{0};
    TRY(const auto unpacked, worker::unpack_results(archive.path, folder));
    if (unpacked.root != facts.root)
        return fault(
            "the files do not hash to the root that the worker named: they were changed on the way or on its disk");
    return unpacked.files;
}

}  // namespace cli
