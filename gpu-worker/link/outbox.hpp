#pragma once
// The machine's calls on their way into a finalized block: nonces, repeats, and what became of each. Pure; `Link`
// carries the bytes.
//
// A call stays here from `want` until a finalized block holds it, or the node refuses it for good. Lines break and
// nodes restart in between: what the pool has lost is seen by its next nonce, and what was never included by the death
// of its era; both are sent again.

#include "chain/block/extrinsic.hpp"
#include "chain/crypto/signature.hpp"
#include "rpc/worker_api/node_client.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace worker {

/// Bytes for the node, to be answered by Submitted with the same id.
struct Submission {
    std::uint64_t id = 0;
    chain::Bytes extrinsic;
};

/// What became of a call.
struct Settled {
    std::string key;
    bool success = false;
    std::string error;  // the node's refusal or the dispatch error
};

class Outbox {
public:
    static constexpr std::uint64_t era_blocks = 64;
    static constexpr std::size_t calls_max = 256;  // beyond: the oldest that was not sent is settled as refused
    static constexpr int attempts_max = 3;         // with corrected nonces, before a refusal counts

    explicit Outbox(crypto::SecretKey key) : key_(std::move(key)) {}

    /// Asks for a call (encoded: pallet, call, arguments). `key` names its purpose, such as "confirm/17": while a call
    /// with this key is under way, asking again changes nothing.
    void want(std::string key, chain::Bytes call);
    /// Forgets a call that was not sent yet; one under way goes on.
    void withdraw(const std::string& key);

    /// A line is up. Calls that the node's pool does not know are sent again.
    void connected(const rpc::worker_api::Welcome& welcome);
    void disconnected();
    /// A finalized block: fates of calls, eras that died.
    std::vector<Settled> finalized(const rpc::worker_api::Finalized& block);
    std::optional<Settled> answered(const rpc::worker_api::Submitted& answer);
    /// The next bytes to send, if any may be sent now: one unanswered submission at a time.
    std::optional<Submission> next();

    std::size_t size() const { return calls_.size(); }

private:
    struct Sent {
        std::uint64_t id = 0;
        std::uint32_t nonce = 0;
        std::uint64_t death = 0;              // the first block number that may not hold it
        std::optional<chain::Hash> accepted;  // its hash, once the node took it
    };
    struct Call {
        std::string key;
        chain::Bytes bytes;
        std::optional<Sent> sent;
        int attempts = 0;
        bool waits_for_block = false;  // the pool was full or busy: tried again after the next block
    };
    struct Tip {
        std::uint32_t number = 0;
        chain::Hash hash;
    };

    crypto::SecretKey key_;
    std::deque<Call> calls_;
    std::optional<rpc::worker_api::Welcome> line_;
    std::optional<Tip> tip_;
    std::uint32_t next_nonce_ = 0;
    std::uint64_t next_id_ = 1;
    bool unanswered_ = false;
};

}  // namespace worker
