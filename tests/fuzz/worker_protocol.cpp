// What a node, a worker and a renter may send each other: any bytes are refused or read, what was read reads the same
// again, no request passes for somebody who did not sign it, and a job that a worker accepts keeps its bounds.

#include "chain/base/check.hpp"
#include "chain/codec/scale.hpp"
#include "chain/crypto/dev_keys.hpp"
#include "chain/crypto/hash.hpp"
#include "gpu-worker/containers/job_plan.hpp"
#include "gpu-worker/door/request.hpp"
#include "gpu-worker/host/job_spec.hpp"
#include "gpu-worker/link/news.hpp"
#include "rpc/worker_api/from_proto.hpp"
#include "rpc/worker_server/to_proto.hpp"
#include "runtime/pallets/leases/request.hpp"
#include "runtime/pallets/leases/workload.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <rpc/worker_api/door.pb.h>

namespace {

namespace api = rpc::worker_api;

template <class Message>
std::optional<Message> read(chain::ByteView bytes) {
    Message message;
    if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return std::nullopt;
    return message;
}

std::string written(const api::Finalized& block) {
    tephra::node::v1::Finalized out;
    rpc::worker_server::to_proto(block, out);
    return out.SerializeAsString();
}

/// A node's message on the worker's side.
void down(chain::ByteView bytes) {
    const auto message = read<tephra::node::v1::Down>(bytes);
    const auto incoming = message ? api::from_proto(*message) : std::nullopt;
    if (!incoming) return;
    const auto* block = std::get_if<api::Finalized>(&*incoming);
    if (block == nullptr) return;
    const std::string once = written(*block);
    const auto again = read<tephra::node::v1::Finalized>(chain::to_bytes(once));
    chain::check(again && written(api::from_proto(*again)) == once);
    const auto news = worker::read_news(*block, {});
    if (!news) return;
    chain::check(news->leases.size() == block->leases.size() && news->gone.size() == block->gone.size());
    chain::check(news->machine.has_value() == block->machine.has_value());
}

/// A renter's request on the worker's side: nobody has signed any, so none is Alith's.
void request(chain::ByteView bytes) {
    const auto message = read<tephra::door::v1::Request>(bytes);
    if (!message) return;
    const auto asked = worker::read_request(*message, "Logs");
    chain::check(asked.has_value() == (message->signature().size() == 65));
    if (!asked) return;
    const auto signer = leases::request_signer({.lease = asked->lease,
                                                .method = asked->method,
                                                .body_hash = crypto::blake2b_256(asked->body),
                                                .nonce = asked->nonce,
                                                .expiry_ms = asked->expiry_ms},
                                               asked->signature);
    static const auto alith = crypto::dev_key("Alith")->account();
    chain::check(!signer || *signer != alith);
}

/// A renter's order on the worker's side: half of a machine, and not a byte more.
void order(chain::ByteView bytes) {
    const auto message = read<tephra::door::v1::StartOrder>(bytes);
    if (!message) return;
    const auto workload = scale::decode<leases::Workload>(chain::to_bytes(message->workload()));
    if (!workload) return;
    static const auto box = crypto::BoxSecret::generate();
    const worker::HostShare host{
        .claims = {.slots = 4, .cpu_threads = 8, .memory_bytes = 16ULL << 30, .disk_bytes = 40ULL << 30}};
    const auto job = worker::job_for({1}, {.slots = {{0, 1}}}, *workload, host, box);
    if (!job) return;
    const auto& limits = job->spec.limits;
    chain::check(limits.memory_bytes <= 8ULL << 30 && limits.cpu_milli <= 4'000 && limits.disk_bytes <= 20ULL << 30);
    chain::check(job->spec.ports.size() == workload->ports.value.size() && job->spec.gpus.empty());
    // What the chain accepts and the machine has room for, the sandbox takes.
    if (leases::check_workload(*workload)) chain::check(worker::check_spec(job->spec).has_value());
}

void worker_protocol(fuzz::Input input) {
    const auto kind = input.below(3);
    if (kind == 0) down(input.rest());
    if (kind == 1) request(input.rest());
    if (kind == 2) order(input.rest());
}

const fuzz::Target target{"worker_protocol", worker_protocol};

}  // namespace
