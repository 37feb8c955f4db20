#pragma once
// How transactions spread: announced by hash to some peers, requested once, delivered once, and forwarded whole to the
// next leaders by the node where they entered. Pure: time and randomness are arguments, and what is to be done comes
// out as values.

#include "chain/base/hash_map.hpp"
#include "chain/network/peer.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace network {

struct GossipLimits {
    std::size_t seen_max = 100'000;        ///< hashes remembered; the oldest is forgotten
    std::size_t announced_at_once = 64;    ///< a full batch goes at once,
    std::uint32_t forward_pause_ms = 5;    ///< between two deliveries to a leader: under load they go in batches,
    std::uint32_t busy_pause_ms = 20;      ///< after one of several transactions in larger ones
    std::uint32_t announce_after_ms = 50;  ///< any other after so long
    std::size_t pending_max = 8'192;       ///< requests in flight; beyond, announcements are not heard
    std::size_t pending_per_peer_max = 1'024;
    std::uint32_t request_timeout_ms = 1'000;  ///< then the next peer that announced it is asked
    std::size_t announcers_max = 4;            ///< peers remembered for one hash
};

class TransactionGossip {
public:
    /// Tell the peer that we hold these.
    struct Announce {
        PeerId to;
        std::vector<Hash> hashes;
        bool operator==(const Announce&) const = default;
    };
    struct Request {
        PeerId to;
        std::vector<Hash> hashes;
        bool operator==(const Request&) const = default;
    };
    /// Send these transactions, if the pool (still) has them.
    struct Deliver {
        PeerId to;
        std::vector<Hash> hashes;
        bool operator==(const Deliver&) const = default;
    };
    using Effect = std::variant<Announce, Request, Deliver>;
    using Effects = std::vector<Effect>;

    explicit TransactionGossip(std::uint64_t seed, GossipLimits limits = {});

    void peer_up(const PeerId& peer);
    Effects peer_down(const PeerId& peer, std::uint64_t now_ms);

    /// A transaction that entered the pool here, by RPC: forwarded to these leaders whole, at once or, after another
    /// one, with those that follow it; announced to √peers.
    Effects entered(const Hash& hash, const std::vector<PeerId>& leaders, std::uint64_t now_ms);
    /// A transaction that `from` delivered was put into the pool: announced to √peers of the others.
    Effects accepted(const Hash& hash, const PeerId& from, std::uint64_t now_ms);
    /// A peer delivered it, whatever the pool will say. Whether it is new here; a known one need not reach the pool.
    bool delivered(const PeerId& from, const Hash& hash);
    /// The pool has no room: the hash may come again.
    void forget(const Hash& hash);

    Effects announced(const PeerId& from, const std::vector<Hash>& hashes, std::uint64_t now_ms);
    Effects requested(const PeerId& from, const std::vector<Hash>& hashes);

    Effects tick(std::uint64_t now_ms);
    /// When tick has something to do; nothing while it has not.
    std::optional<std::uint64_t> next_timer_ms() const;

    std::size_t seen() const { return seen_.size(); }
    std::size_t pending() const { return pending_.size(); }

private:
    struct Peer {
        std::vector<Hash> backlog;         // to be announced; fewer than a batch
        std::uint64_t announce_at_ms = 0;  // of a backlog that is not empty
        std::vector<Hash> forwards;        // to be delivered
        std::uint64_t forward_at_ms = 0;   // not before
        std::size_t pending = 0;
    };
    struct Pending {
        PeerId asked;
        std::uint64_t deadline_ms = 0;
        std::vector<PeerId> others;  // who announced it too and was not asked
    };
    using Requests = std::map<PeerId, std::vector<Hash>>;

    bool remember(const Hash& hash);
    void spread(const Hash& hash, const std::vector<PeerId>& holders, std::uint64_t now_ms, Effects& effects);
    void forward(const PeerId& leader, const Hash& hash, std::uint64_t now_ms, Effects& effects);
    void flush_forwards(const PeerId& id, Peer& peer, std::uint64_t now_ms, Effects& effects);
    bool ask(const PeerId& id, const Hash& hash, Pending& entry, std::uint64_t now_ms, Requests& requests);
    /// False where nobody is left to ask.
    bool ask_next(const Hash& hash, Pending& entry, std::uint64_t now_ms, Requests& requests);
    std::uint64_t random();

    GossipLimits limits_;
    std::uint64_t state_;
    std::map<PeerId, Peer> peers_;
    struct Seen {};
    chain::HashMap<Seen> seen_;
    std::deque<Hash> seen_order_;
    std::map<Hash, Pending> pending_;
    /// Deadlines in the order they come; an entry may be stale.
    std::deque<std::pair<std::uint64_t, Hash>> deadlines_;
};

}  // namespace network
