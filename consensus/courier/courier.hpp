#pragma once
// Proposals in short form become whole ones before agreement sees them. A leader names the parts of his block that
// others likely hold; whoever gets that fills it in, asks the leader once for the parts that he lacks, and for the
// whole block where that fails, misleads or takes long. Agreement hears of whole proposals only: what it relies on, and
// why it is safe, does not depend on how a block travelled. Pure.
//
// Only what a validator sends on his own connection is looked at, so nobody can spend another's allowance.

#include "chain/base/bucket.hpp"
#include "consensus/types/message.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <variant>

namespace consensus {

struct CourierLimits {
    std::uint64_t parts_wait_ms = 300;    ///< for an answer; then the whole block is asked for
    std::uint64_t whole_wait_ms = 1'000;  ///< for that; then agreement looks for the block where it is proved
    std::size_t bytes_max = 16 << 20;     ///< short proposals and parts held; beyond, the oldest is given up
    chain::Rate offers{16, 16};           ///< short proposals of one peer a second; beyond, they are dropped
    std::size_t sent_max = 4;             ///< own short proposals whose parts are given out
    std::size_t sent_peers_max = 1'024;   ///< to so many peers each
};

/// What the application made of a short form.
struct Restored {
    Payload block;                       ///< whole and verified; else null
    std::vector<std::uint32_t> missing;  ///< parts that are not here; where it is empty, too, the form is wrong
};

namespace wish {
/// Fill in; answer Courier::restored.
struct Restore {
    std::uint64_t id = 0;
    Hash block;
    Payload shortened;
    std::map<std::uint32_t, Bytes> parts;  ///< by place
};
struct Ask {
    std::uint64_t peer = 0;
    MessagePtr message;
};
/// For agreement, as if this peer had sent it.
struct Deliver {
    std::uint64_t from = 0;
    MessagePtr message;
};
}  // namespace wish
using Wish = std::variant<wish::Restore, wish::Ask, wish::Deliver>;
using Wishes = std::vector<Wish>;

/// How proposals came here, for metrics.
struct CourierReport {
    std::uint64_t at_once = 0;     ///< filled in from what was here
    std::uint64_t with_parts = 0;  ///< after the leader sent parts
    std::uint64_t as_whole = 0;    ///< after the leader sent the whole block
    std::uint64_t given_up = 0;    ///< dropped, or nobody answered
    std::size_t waiting = 0;
    std::size_t waiting_bytes = 0;
};

class Courier {
public:
    explicit Courier(const CourierLimits& limits = {}) : limits_(limits) {}

    // ---- receiving. `out` is appended to.

    /// A ShortProposal that a validator sent on its own connection.
    void offered(std::uint64_t now_ms, std::uint64_t from, const MessagePtr& proposal, Wishes& out);
    void restored(std::uint64_t now_ms, std::uint64_t id, Restored result, Wishes& out);
    void answered(std::uint64_t now_ms, std::uint64_t from, const PartsAnswer& answer, Wishes& out);
    /// Any BlockAnswer: true where it was waited for here.
    bool answered(std::uint64_t from, const BlockAnswer& answer, Wishes& out);
    /// A whole Proposal came: the leader may answer with it.
    void proposed(std::uint64_t from, const Proposal& proposal);
    void peer_gone(std::uint64_t peer);
    void time_passed(std::uint64_t now_ms, Wishes& out);
    std::optional<std::uint64_t> next_timer_ms() const;

    // ---- sending

    /// My block of this hash has this short form.
    void proposes(const Hash& block, Payload shortened);
    /// The message to send in place of the proposal; null where that goes as it is.
    MessagePtr short_form(const Proposal& proposal) const;
    /// Whether to answer: each peer is once, for each of my last proposals.
    bool grants(std::uint64_t peer, const PartsRequest& request);

    CourierReport report() const;

private:
    enum class Stage : std::uint8_t { Filling, AwaitsParts, AwaitsWhole };
    struct Pending {
        std::uint64_t id = 0;
        MessagePtr message;
        Stage stage = Stage::Filling;
        bool is_told = false;  ///< agreement has vote and certificates already
        bool has_asked = false;
        std::vector<std::uint32_t> asked;
        std::map<std::uint32_t, Bytes> parts;
        std::size_t bytes = 0;
        std::uint64_t due_ms = 0;  ///< for an answer

        const ShortProposal& proposal() const { return std::get<ShortProposal>(*message); }
    };
    struct Sent {
        Hash block;
        Payload shortened;
        std::set<std::uint64_t> served;
    };
    using Pendings = std::map<std::uint64_t, Pending>;  // by peer: one each

    void make_room(std::size_t bytes);
    static void tell(std::uint64_t from, Pending& pending, Wishes& out);
    void ask_whole(std::uint64_t now_ms, std::uint64_t from, Pending& pending, Wishes& out);
    void deliver(Pendings::iterator at, Payload block, Wishes& out);

    CourierLimits limits_;
    Pendings pendings_;
    std::map<std::uint64_t, chain::Bucket> offers_;  // by peer
    std::deque<Sent> sent_;
    std::uint64_t next_id_ = 1;
    CourierReport counts_;
};

}  // namespace consensus
