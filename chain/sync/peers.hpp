#pragma once
// Whom to ask for blocks: what each peer claims to have, what it was asked for, and how it served so far.

#include "chain/sync/messages.hpp"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace block_sync {

/// A question under way.
struct Asked {
    Peer peer = 0;
    Request request;
    std::uint64_t since_ms = 0;
    std::uint64_t until_ms = 0;  ///< afterwards somebody else is asked
};

class Peers {
public:
    static constexpr std::size_t peers_max = 1'024;
    static constexpr std::size_t requests_of_peer_max = 2;
    static constexpr std::uint64_t timeout_ms_first = 4'000;
    static constexpr std::uint64_t timeout_ms_min = 1'000;
    static constexpr std::uint64_t timeout_ms_max = 10'000;
    static constexpr std::uint64_t pause_ms_first = 1'000;
    static constexpr std::uint64_t pause_ms_max = 60'000;
    /// Answers to questions that were given up are nobody's fault; so many are remembered of a peer.
    static constexpr std::size_t given_up_max = 32;

    void stands(Peer peer, std::uint32_t finalized);
    void gone(Peer peer);

    /// The highest claim of those that may be asked at all.
    std::uint32_t highest() const;
    /// The best one that claims this block and may be asked now: fastest first.
    std::optional<Peer> choose(std::uint32_t number, std::uint64_t now_ms) const;
    std::uint32_t claim(Peer peer) const;

    void ask(Peer peer, const Request& request, std::uint64_t now_ms);
    /// The question that this answers. `is_late`: it was asked once, but given up.
    std::optional<Asked> answered(Peer peer, std::uint64_t id, std::uint64_t now_ms, bool& is_late);
    /// Served well: its time counts, and what it did wrong is forgotten.
    void served(const Asked& asked, std::uint64_t now_ms);
    /// Has nothing at or above this number after all.
    void has_nothing_from(Peer peer, std::uint32_t number);
    /// Not asked for a while, for longer each time.
    void pause(Peer peer, std::uint64_t now_ms);

    /// Gives up what took too long, pausing those who owe it. Returns whom.
    std::vector<Peer> expire(std::uint64_t now_ms);
    /// Forgets questions about blocks at or below this number.
    void drop_through(std::uint32_t number);

    bool is_asked(std::uint32_t number) const;
    std::size_t requests() const { return asked_.size(); }
    std::size_t size() const { return peers_.size(); }
    /// When something ends: a question's time, or a pause.
    std::optional<std::uint64_t> next_end_ms(std::uint64_t now_ms) const;

private:
    struct Record {
        std::uint32_t finalized = 0;
        std::uint64_t time_ms = 0;  ///< smoothed time of an answer; 0 before the first one
        std::uint64_t paused_until_ms = 0;
        std::uint32_t failures = 0;  ///< in a row
        std::size_t under_way = 0;
        std::set<std::uint64_t> given_up;
    };
    static std::uint64_t timeout_ms(const Record& record);
    void give_up(std::uint64_t id);

    std::map<Peer, Record> peers_;
    std::map<std::uint64_t, Asked> asked_;
};

}  // namespace block_sync
