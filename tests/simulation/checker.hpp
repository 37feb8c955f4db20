#pragma once
// What must hold after every step, seen from outside with everybody's secrets known: agreement, the lemmas of the
// safety argument (docs/design/consensus.md), and that no honest key ever contradicts itself, across crashes.
//
// A certificate is possible when the honest weight under a statement and all byzantine weight make a quorum. Judging
// possible certificates instead of seen ones finds a broken rule before the attacker has to succeed.

#include "chain/votes/vote.hpp"
#include "consensus/types/tip.hpp"
#include "tests/simulation/fast_hash.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace simulation {

using chain::Hash;

/// Which promise was broken: what mutants are named to be killed by.
enum class Promise : std::uint8_t {
    Agreement,      ///< two blocks final at one number, or a final chain with a gap
    NoDoubleSign,   ///< an honest key under two statements that exclude each other (I1, I2)
    Lemma1,         ///< two blocks could be notarized in one view
    Lemma2,         ///< a view could be both nullified and finalized
    Lemma3,         ///< an honest finalize vote for what could not be notarized
    Lemma4,         ///< an honest notarize vote on a parent without N, or over a view without X
    ExecutedFirst,  ///< an honest finalize vote for a block that execution refuses
    EqualRoots,     ///< two nodes executed one block to different states
    HonestAccused,  ///< evidence against an honest validator
    BoundedMemory,  ///< something grew beyond its limit
    RulesKept,      ///< an honest replica did what a rule forbids, though no signature contradicts another
    NoCrash,        ///< a node stopped for a reason that no fault explains
    Liveness,       ///< healed, and no progress within the bound
    Pace,           ///< much slower than the same run with all rules kept
    Accountability  ///< contradictions that are reported when all rules are kept
};

std::string_view name(Promise promise);

struct Violation {
    Promise promise{};
    std::string text;
};

/// What the world knows of a block.
struct KnownBlock {
    Hash parent;
    std::uint32_t number = 0;
    /// Execution reproduces what the header says.
    bool executes = true;
    /// Who made it, for which view.
    std::uint32_t maker = 0;
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
};

class Checker {
public:
    /// `weights` of an epoch are asked for once, when it is first heard of.
    using Weights = std::vector<std::uint64_t>;
    Checker(std::vector<bool> honest, Hash genesis) : honest_(std::move(honest)), genesis_(genesis) {
        blocks_.emplace(genesis, KnownBlock{});
    }

    void set_epoch(std::uint64_t epoch, Weights weights, Hash root);
    bool knows_epoch(std::uint64_t epoch) const { return epochs_.contains(epoch); }

    void block(const Hash& hash, const KnownBlock& block) { blocks_.emplace(hash, block); }
    const KnownBlock* find(const Hash& hash) const;

    /// An honest validator made this signature, whether or not it ever leaves the machine.
    /// True for one that is new.
    bool signed_by_honest(std::uint32_t validator, const votes::Statement& statement);
    /// Whether enough may have voted for the block to notarize it in this view.
    bool may_be_notarized(std::uint64_t epoch, std::uint64_t view, const Hash& block) const;
    /// An honest node executed a block.
    void executed(const Hash& block, bool is_good, const Hash& state_root);
    /// An honest node made a block final. Nodes tell in order, from the block after genesis.
    void finalized(std::uint32_t node, const Hash& hash, std::uint32_t number);
    /// A node comes back with this block as its last final one.
    void restarted(std::uint32_t node, std::uint32_t number);
    void accused(std::uint32_t validator, const std::string& what);
    void break_promise(Promise promise, std::string text);

    const std::optional<Violation>& violation() const { return violation_; }
    /// The highest number that any node has made final.
    std::uint32_t final_number() const { return static_cast<std::uint32_t>(final_.size()); }
    std::uint64_t signatures() const { return signatures_; }

private:
    struct Content {
        std::uint64_t parent_view = 0;
        Hash block;
        std::uint64_t notarized_weight = 0;
        std::uint64_t finalized_weight = 0;
    };
    struct View {
        std::vector<Content> contents;
        std::uint64_t nullified_weight = 0;
        // By validator: index into contents plus one, or 0.
        std::vector<std::uint8_t> notarized;
        std::vector<std::uint8_t> finalized;
        std::vector<std::uint8_t> nullified;
    };
    struct Epoch {
        Weights weights;
        std::uint64_t byzantine_weight = 0;
        std::uint64_t quorum = 0;
        Hash root;
        std::vector<View> views;
    };

    View& view(Epoch& epoch, std::uint64_t number);
    std::uint8_t content_of(View& view, const votes::Statement& statement);
    static bool could_be(const Epoch& epoch, std::uint64_t honest_weight) {
        return honest_weight + epoch.byzantine_weight >= epoch.quorum;
    }
    bool could_be_notarized(const Epoch& epoch, std::uint64_t view, const Hash& block) const;
    bool could_be_nullified(const Epoch& epoch, std::uint64_t view) const;
    void check_rules(const View& view, std::uint32_t validator, const votes::Statement& statement);
    void notarize(Epoch& epoch, View& view, std::uint32_t validator, const votes::Statement& statement);
    void nullify(Epoch& epoch, View& view, std::uint32_t validator, const votes::Statement& statement);
    void finalize(Epoch& epoch, View& view, std::uint32_t validator, const votes::Statement& statement);
    void check_justified(const Epoch& epoch, const votes::Statement& statement);
    void check_exclusive(const Epoch& epoch, const View& view, const votes::Statement& statement);

    std::vector<bool> honest_;
    Hash genesis_;
    std::unordered_map<Hash, KnownBlock, ByHash> blocks_;
    std::unordered_map<Hash, Hash, ByHash> roots_;  // the state after a block, as the first node found it
    std::map<std::uint64_t, Epoch> epochs_;
    std::vector<Hash> final_;                             // by number, less one
    std::map<std::uint32_t, std::uint32_t> node_number_;  // last final number that a node told
    std::optional<Violation> violation_;
    std::uint64_t signatures_ = 0;
};

}  // namespace simulation
