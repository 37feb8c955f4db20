#pragma once
// Block sync: how a node that lacks final blocks gets them. It runs for as long as the node does, beside agreement;
// there is no mode to switch. A pure state machine: events and the time in, effects out.
//
// Ranges are fetched from several peers at once, in any order, into a bounded window. A certificate proves the block
// that it is about and, hash by hash, all blocks below it (window.hpp); what is proved is handed over to be executed
// and stored, one piece at a time, in order. Epochs follow each other: the certificate of an epoch's last block is
// checked by its own validators, and executing that block tells who checks the next. A peer that lies is found out by
// the first certificate above its lie; one that is slow or silent is asked less, and others are asked for the same
// blocks.

#include "chain/sync/messages.hpp"
#include "chain/sync/peers.hpp"
#include "chain/sync/window.hpp"

#include <variant>

namespace block_sync {

struct Limits {
    std::uint32_t window_blocks = 2'048;
    std::size_t window_bytes = 128 << 20;  ///< of held blocks; what is under way may come on top
    std::size_t requests_max = 16;
    std::size_t apply_blocks = 64;       ///< handed over at once, where certificates allow
    std::uint32_t behind = 2;            ///< so many blocks behind, fetching begins at once
    std::uint64_t patience_ms = 2'000;   ///< fewer behind, agreement gets so long to finish them by itself
    std::size_t validators_max = 1'024;  ///< longer certificates are refused before they are checked
};

namespace event {

/// The peer says that this block is final there. Nobody has to prove that.
struct PeerStands {
    Peer peer = 0;
    std::uint32_t finalized = 0;
};
struct PeerGone {
    Peer peer = 0;
};
struct Answered {
    Peer peer = 0;
    Response response;
};
/// The last final block here moved, by an Apply or by agreement.
struct Moved {
    Local local;
    bool is_applied = false;  ///< answers effect::Apply
};
/// Agreement knows of a final block that this node lacks: do not wait.
struct Wanted {};
struct TimePassed {};

}  // namespace event

using Event =
    std::variant<event::PeerStands, event::PeerGone, event::Answered, event::Moved, event::Wanted, event::TimePassed>;

enum class Misdeed : std::uint8_t {
    Unsolicited,    ///< an answer to no question
    Malformed,      ///< not blocks, not in order, not linked, without a certificate
    Lied,           ///< blocks that are not the final ones
    BadCertificate  ///< a forgery
};

namespace effect {

struct Ask {
    Peer peer = 0;
    Request request;
};
/// Check, execute and store; answer Moved{is_applied}. One at a time.
struct Apply {
    Proved proved;
};
struct Misbehaved {
    Peer peer = 0;
    Misdeed misdeed{};
};
struct Slow {
    Peer peer = 0;
};
struct Useful {
    Peer peer = 0;
};
/// A quorum finalized a chain that this node's final block is not on. Stop: nothing here can be right.
struct Contradiction {};

}  // namespace effect

using Effect =
    std::variant<effect::Ask, effect::Apply, effect::Misbehaved, effect::Slow, effect::Useful, effect::Contradiction>;
using Effects = std::vector<Effect>;

/// For metrics and the log.
struct Report {
    std::uint32_t local = 0;
    std::uint32_t target = 0;  ///< the highest claim of a peer
    std::size_t window_blocks = 0;
    std::size_t window_bytes = 0;
    std::size_t requests = 0;
    std::size_t peers = 0;
    std::uint64_t applied = 0;  ///< blocks, since the start
    bool is_applying = false;
    bool is_halted = false;
};

class Sync {
public:
    Sync(const Hash& genesis, Local local, Limits limits = {}, const votes::Scheme& scheme = votes::ed25519());

    /// Appends to `out`. Time must not run backwards.
    void step(std::uint64_t now_ms, const Event& event, Effects& out);
    /// When to step with TimePassed at the latest. Nothing: only an event can change something.
    std::optional<std::uint64_t> next_timer_ms() const;
    Report report() const;

private:
    void on(const event::PeerStands& news);
    void on(const event::PeerGone& news);
    void on(const event::Answered& news, Effects& out);
    void on(const event::Moved& news);
    void accept(Peer peer, const Response& response, std::vector<Window::Held> blocks, Effects& out);
    void punish(Peer peer, Misdeed misdeed, Effects& out);
    void apply(Effects& out);
    void expire(Effects& out);
    void ask(Effects& out);
    bool is_wanted() const;
    /// The lowest range that is neither here nor asked for.
    std::optional<Request> next_range() const;

    Limits limits_;
    Local local_;
    Window window_;
    Peers peers_;
    std::uint64_t now_ms_ = 0;
    std::uint64_t moved_ms_ = 0;
    std::uint64_t next_id_ = 1;
    std::uint64_t applied_ = 0;
    bool is_applying_ = false;
    std::size_t applying_ = 0;       ///< how many blocks are being executed
    std::uint32_t applying_to_ = 0;  ///< the last block of what is being executed
    bool is_urgent_ = false;
    bool is_halted_ = false;
};

}  // namespace block_sync
