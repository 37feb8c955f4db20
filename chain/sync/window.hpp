#pragma once
// Blocks that were fetched and not stored yet, in any order, and the certificates that may prove them. A certificate
// proves its block, and hash by hash everything below it.

#include "chain/block/block.hpp"
#include "chain/sync/messages.hpp"
#include "chain/votes/vote.hpp"

#include <map>
#include <optional>
#include <set>

namespace block_sync {

/// The last final block here, and who votes on the one after it.
struct Local {
    std::uint32_t number = 0;
    Hash hash;
    std::uint64_t epoch = 0;                     ///< of the next block
    std::uint32_t boundary = ~std::uint32_t{0};  ///< last block of that epoch
    votes::ValidatorTable table{{}};
};

/// Blocks that follow each other on the local one, proved by the certificate of the last.
struct Proved {
    std::vector<chain::Block> blocks;
    Hash last;
    votes::Certificate certificate;
};

/// What looking for proved blocks found out.
struct Findings {
    std::optional<Proved> proved;
    std::set<Peer> liars;      ///< gave a block that is not on the proved chain
    std::set<Peer> forgers;    ///< gave a certificate that does not hold
    bool contradicts = false;  ///< a valid certificate stands on another block than the local one
};

class Window {
public:
    struct Held {
        chain::Block block;
        Hash hash;
        std::size_t bytes = 0;
        Peer from = 0;
    };

    Window(const Hash& genesis, const votes::Scheme& scheme) : genesis_(genesis), scheme_(scheme) {}

    bool holds(std::uint32_t number) const { return blocks_.contains(number); }
    std::size_t bytes() const { return bytes_; }
    std::size_t size() const { return blocks_.size(); }

    /// Keeps a block unless one of its number is kept.
    void add(std::uint32_t number, Held held);
    /// Keeps a certificate for a block of this number unless one of the same peer is kept.
    void add(std::uint32_t number, votes::Certificate certificate, Peer from);
    /// Forgets what is at or below this number.
    void drop_through(std::uint32_t number);
    void clear();

    /// Takes out blocks that follow `local`: about `blocks_aim` of them, or as many as the lowest certificate needs.
    /// Lies that came to light on the way are dropped, so that their numbers can be asked for again.
    Findings take(const Local& local, std::size_t blocks_aim);

private:
    struct Claim {
        votes::Certificate certificate;
        Peer from = 0;
        bool is_checked = false;
    };
    using Claims = std::multimap<std::uint32_t, Claim>;

    void drop(std::uint32_t number);
    /// The certificate to use next: the highest within the aim, else the lowest that the blocks at hand reach.
    Claims::iterator choose(const Local& local, std::uint32_t have_to, std::size_t blocks_aim);
    bool holds_true(Claim& claim, const Local& local) const;
    /// Certificates of another epoch than the one that their block belongs to, and a last block of this epoch that came
    /// without any: an answer never goes beyond it, so its certificate comes along.
    void drop_misplaced(const Local& local, Findings& findings);
    /// A forged certificate: nothing of its giver is worth keeping.
    Claims::iterator drop_forged(Claims::iterator claim, Findings& findings);
    /// Drops the blocks below `number` that came from who gave the one at `number`, and that one.
    void expose(std::uint32_t number, std::uint32_t lowest, Findings& findings);

    Hash genesis_;
    const votes::Scheme& scheme_;
    std::map<std::uint32_t, Held> blocks_;
    Claims claims_;
    std::size_t bytes_ = 0;
};

}  // namespace block_sync
