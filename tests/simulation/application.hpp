#pragma once
// The chain of one node, as the simulator uses it: the light one that only names blocks, or the real ledger.

#include "chain/sync/serve.hpp"
#include "chain/sync/window.hpp"
#include "consensus/core/event.hpp"
#include "consensus/replica/ports.hpp"
#include "consensus/types/tip.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace simulation {

using consensus::Payload;
using consensus::Tip;

struct Built {
    chain::Hash hash;
    Payload payload;  ///< null where none could be built
    bool is_empty = false;
};

struct Executed {
    bool is_good = false;
    bool is_empty = false;
    bool is_lost = false;  ///< finality has left it behind: agreement is not answered
};

class Application {
public:
    virtual ~Application() = default;

    virtual Built propose(const consensus::Position& position, const Tip& parent, bool must_be_empty,
                          std::uint64_t wall_ms) = 0;
    virtual consensus::event::BlockChecked check(const consensus::Position& position, const Tip& parent,
                                                 const chain::Hash& hash, const Payload& payload,
                                                 std::uint64_t wall_ms) = 0;
    virtual Executed execute(const chain::Hash& hash, const chain::Hash& parent) = 0;
    /// It was executed in this life, or is final.
    virtual bool is_executed(const chain::Hash& hash) const = 0;
    /// The process holds the block, executed or not.
    virtual bool has(const chain::Hash& hash) const = 0;
    /// A block that came another way than by `check`: from the journal, or by sync.
    virtual void keep(const chain::Hash& hash, const Payload& payload) = 0;
    /// The encoded block; null for one that is not here.
    virtual Payload payload(const chain::Hash& hash) const = 0;

    /// The blocks above the last final one up to this one, ascending, as far down as their parents are known; empty if
    /// it is final.
    virtual std::vector<chain::Hash> path_to(const chain::Hash& hash) const = 0;
    /// The block and its ancestors are final: durable when it returns. False where some are not here: block sync has to
    /// bring them.
    virtual bool finalize(const chain::Hash& hash, const consensus::CertificatePtr& certificate) = 0;
    /// Executes and stores what block sync has proved, as far as it is not final yet.
    virtual void apply(const block_sync::Proved& proved) = 0;
    /// The last final block, and who votes on the one after it.
    virtual block_sync::Local local() const = 0;
    /// The final chain, for nodes that lack blocks.
    virtual const block_sync::Source& served() const = 0;
    /// The last final block, and what made it so.
    virtual consensus::FinalBlock last_final() = 0;
    /// What made an epoch's last block final; null where it is not.
    virtual consensus::CertificatePtr boundary(std::uint64_t epoch) = 0;
    /// Where the chain itself says who votes; null where the world does.
    virtual consensus::EpochPtr epoch(std::uint64_t) { return nullptr; }
    virtual std::uint32_t final_number() const = 0;
    virtual chain::Hash final_hash() const = 0;
    /// The final block of a number; nothing above the last one.
    virtual std::optional<chain::Hash> final_at(std::uint32_t number) const = 0;
    /// Of a block that is here.
    virtual std::uint32_t number_of(const chain::Hash& hash) const = 0;
    virtual chain::Hash state_root(const chain::Hash& hash) const = 0;

    virtual void set_best(const chain::Hash& hash) = 0;
    /// False for one that is known.
    virtual bool submit(std::uint64_t transaction) = 0;
    /// What this node would forward to a leader: the oldest ones, as many as a message takes.
    virtual std::vector<std::uint64_t> pending() const = 0;
    virtual bool has_work() const = 0;
    virtual bool is_final(std::uint64_t transaction) const = 0;
    /// For liars: another valid block in place of this one; nothing where none can be made.
    virtual std::optional<std::pair<chain::Hash, Payload>> variant(const Payload& block) = 0;
    /// For liars: a valid block on this parent.
    virtual std::optional<std::pair<chain::Hash, Payload>> child_of(const chain::Hash& parent,
                                                                    const consensus::Position& position) = 0;
    /// What is wrong with the stored state, computed anew from all that is stored; empty where it has the root that its
    /// header says.
    virtual std::string damage() const { return {}; }
    /// The process dies: only what is durable is left.
    virtual void crash() = 0;

protected:
    Application() = default;
    Application(const Application&) = default;
    Application& operator=(const Application&) = default;
};

class Checker;

/// Whose chain it is.
struct Seat {
    std::uint32_t node = 0;
    std::optional<std::uint32_t> validator;
    bool is_liar = false;
    /// What its wall clock says, in milliseconds since 1970.
    std::function<std::uint64_t()> wall_ms;
};

/// Makes the nodes' chains, and says what they have in common. Without one, the world uses the light application.
class ChainMaker {
public:
    virtual ~ChainMaker() = default;
    virtual chain::Hash genesis() const = 0;
    virtual crypto::Ed25519Public key_of(std::uint32_t validator) const = 0;
    virtual std::unique_ptr<Application> make(const Seat& seat, Checker& checker) = 0;

protected:
    ChainMaker() = default;
    ChainMaker(const ChainMaker&) = default;
    ChainMaker& operator=(const ChainMaker&) = default;
};

}  // namespace simulation
