#pragma once
// One worker's stream. Pulls gRPC: for this folder's .cpp files.

#include "chain/ledger/ledger.hpp"
#include "rpc/worker_server/feed.hpp"

#include <rpc/worker_api/node.grpc.pb.h>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace rpc::worker_server {

class Session;

/// What sessions share: the ledger, and who is connected.
struct Hub {
    ledger::Ledger& ledger;
    std::uint32_t blocks_behind_max;
    /// Registers the machine's stream and ends an older one of the same machine.
    std::function<void(const crypto::AccountId& machine, const std::shared_ptr<Session>&)> arrived;
    std::function<void(Session&)> left;
};

/// gRPC calls it from its threads; `pump` comes from the server's. The mutex serializes them: at most one write is
/// under way, and nothing is written after Finish.
class Session final : public grpc::ServerBidiReactor<tephra::node::v1::Up, tephra::node::v1::Down> {
public:
    static std::shared_ptr<Session> open(Hub& hub, grpc::CallbackServerContext& context);

    /// Writes the next answer or block, if nothing is being written.
    void pump();
    void end(const grpc::Status& status);

    std::size_t answers_waiting() const;
    /// Finalized blocks that this worker has not been sent; 0 before its Hello.
    std::uint32_t blocks_behind() const;

    void OnReadDone(bool ok) override;
    void OnWriteDone(bool ok) override;
    void OnCancel() override;
    void OnDone() override;

    /// gRPC has let go of it, and `Hub::left` was called or is about to be. Takes no lock: the server asks under its
    /// own, which sessions take under theirs.
    bool is_done() const { return done_; }

private:
    Session(Hub& hub, std::optional<worker_api::TlsKey> peer) : hub_(hub), peer_(peer) {}

    void take(const tephra::node::v1::Hello& hello);
    void take(const tephra::node::v1::Submit& submit);
    void take(const tephra::node::v1::Report& report) const;
    grpc::Status admit(const crypto::AccountId& signer);
    grpc::Status still_admitted(const state::StateView& state) const;
    bool next_answer();
    bool next_block();
    std::optional<chain::Bytes> older_workload(chain::Hash from, const chain::Hash& workload_hash) const;
    void finish(const grpc::Status& status);
    void read_on();
    std::uint32_t next_nonce() const;

    Hub& hub_;
    std::optional<worker_api::TlsKey> peer_;
    std::shared_ptr<Session> self_;  // until OnDone

    mutable std::recursive_mutex mutex_;  // gRPC may call back from inside StartWrite
    tephra::node::v1::Up incoming_;
    tephra::node::v1::Down outgoing_;
    std::deque<tephra::node::v1::Down> answers_;
    std::optional<crypto::AccountId> signer_;
    std::optional<crypto::AccountId> machine_;
    std::optional<Feed> feed_;
    std::uint32_t next_number_ = 0;
    bool snapshot_next_ = true;
    bool writing_ = false;
    bool reading_ = false;
    bool finished_ = false;
    std::atomic<bool> done_ = false;
};

}  // namespace rpc::worker_server
