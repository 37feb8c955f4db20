#pragma once
// The port between agreement and the chain. The engine decides when and which; the application knows what a block is.
//
// All calls but finalized(), epoch(), boundary(), has_work() and bad_final() come from one thread of the engine's own,
// one after another, in the order in which agreement asked: a block is checked before it is executed, and executed
// before it is finalized. While one runs, agreement goes on. Those five come from any thread, and are short.

#include "chain/base/result.hpp"
#include "consensus/courier/courier.hpp"
#include "consensus/replica/ports.hpp"

#include <map>
#include <optional>
#include <string>

namespace consensus {

using chain::Fault;
using chain::Result;

/// A block that this node built.
struct Proposed {
    Hash block;
    bool is_empty = false;  ///< holds no transaction
    Payload payload;
};

/// What LightCheck found (consensus.md R4).
struct Checked {
    event::Verdict verdict{};
    bool is_empty = false;
    std::uint64_t due_in_ms = 0;  ///< for Later
    std::string why;              ///< for Bad and AnotherBlock: what the log says
    /// No verdict: finality has left its parent behind. Agreement is not answered; it waits for nothing there.
    bool is_lost = false;
};

/// What execution found: a function of the block and its ancestors alone (A15).
struct Executed {
    bool is_good = false;
    bool is_empty = false;
    /// Neither good nor bad: finality has left it behind. Agreement is not answered; it waits for nothing there.
    bool is_lost = false;
    std::string why;  ///< for all but a good one
};

class Application {
public:
    virtual ~Application() = default;

    /// The last block that is final, executed and stored. Its tip's view is that of its certificate.
    virtual FinalBlock finalized() = 0;
    /// Who votes in an epoch; null as long as the block that it begins on is not final here.
    virtual EpochPtr epoch(std::uint64_t epoch) = 0;
    /// What made the last block of an ended epoch final; null where that epoch has not ended here.
    virtual CertificatePtr boundary(std::uint64_t epoch) = 0;
    /// Whether a block proposed now would hold a transaction.
    virtual bool has_work() const = 0;

    /// A block that an earlier life promised to have. Before anything else of its epoch.
    virtual void recovered(const votes::Statement& notarized, const Payload& block) = 0;
    /// Builds and executes a block on top of `parent`, which was executed here, and keeps it.
    virtual Result<Proposed> propose(const Position& position, const Tip& parent, bool must_be_empty) = 0;
    /// Checks what can be checked without execution; keeps a block that is Good or Bad under its hash.
    virtual Checked check(const Position& position, const Tip& parent, const Hash& block, const Payload& payload) = 0;
    /// Executes a block that it keeps. A fault is the disk's or memory's: the engine stops.
    virtual Result<Executed> execute(const Hash& block, const Tip& parent) = 0;
    /// The block as it was proposed, null where it is neither kept nor stored. Also answers whether it is here.
    virtual Payload block(const Hash& hash) = 0;
    /// The block and its ancestors are final. Its number, once all are executed and stored, durable when this returns.
    /// Nothing where some are missing here: they are being fetched, and Engine::stored tells when it is done. A fault
    /// is the disk's: the engine stops.
    virtual Result<std::optional<std::uint32_t>> finalize(const Hash& block, const CertificatePtr& certificate) = 0;
    /// Keep this notarization or nullification for as long as a vote that relies on it can be held against us (A7). It
    /// is durable with the next final block.
    virtual Result<void> keep(const CertificatePtr&) { return {}; }
    /// All that was to be kept is durable when this returns.
    virtual Result<void> sync_kept() { return {}; }
    /// The best block: executed here and notarized.
    virtual void certified(const Tip& tip) = 0;
    /// Send this leader the transactions that wait here: he is idle.
    virtual void forward_work(const crypto::Ed25519Public& leader) = 0;

    /// This block is final and bad here: write down what is known of it. Where that lies, for the log; empty: nowhere.
    /// The engine stops.
    virtual std::string bad_final(const Hash&) { return {}; }

    // A chain that has no short form of its blocks leaves these as they are.

    /// A block that was built here, for those who likely hold most of its parts; null where that would spare little.
    virtual Payload shorten(const Hash&) { return nullptr; }
    /// The block of a short form that anybody may have made, `parts` being some of its parts by place.
    virtual Restored restore(const Hash&, const Payload& /*shortened*/,
                             const std::map<std::uint32_t, Bytes>& /*parts*/) {
        return {};
    }
    /// Parts of a block that was built here; nothing where it has no such place or is gone.
    virtual std::optional<std::vector<Bytes>> parts(const Hash&, const std::vector<std::uint32_t>& /*places*/) {
        return std::nullopt;
    }

protected:
    Application() = default;
    Application(const Application&) = default;
    Application& operator=(const Application&) = default;
};

}  // namespace consensus
