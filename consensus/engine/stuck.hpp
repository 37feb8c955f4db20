#pragma once
// "Why am I stuck": every state in which a node waits has a name, what it says to a person, and what the person can do;
// declared once, for the log, consensus_state and docs/operators.md. Pure.

#include "consensus/replica/replica.hpp"

#include <array>
#include <string>
#include <vector>

namespace consensus {

enum class Cause : std::uint8_t {
    // of this node's own
    Forgot,
    KeyElsewhere,
    Silent,
    Listens,
    DiskLow,
    // of the peers
    NoPeers,
    OtherGenesis,
    PeersBanned,
    TooFewConnected,
    // of the chain
    OtherChain,
    Syncing,
    EpochUnknown,
    // of the running view
    Idle,
    Building,
    ParentMissing,
    LeaderSilent,
    ProposalEarly,
    Checking,
    ProofsMissing,
    VotesMissing,
    NullifiesMissing,
    BlockMissing,
    Executing
};

struct CauseText {
    Cause cause{};
    std::string_view name;    ///< in consensus_state
    std::string_view says;    ///< in the log
    std::string_view remedy;  ///< docs/operators.md
};

/// One for each cause, in their order.
extern const std::array<CauseText, 23> cause_texts;
const CauseText& text_of(Cause cause);

/// What the node knows beside its agreement.
struct Surroundings {
    std::size_t peers = 0;
    std::vector<std::string> missing;  ///< of each wanted peer that is not connected, the reason
    std::size_t banned = 0;
    std::uint32_t highest_block = 0;  ///< that a peer calls final
    bool is_sync_halted = false;      ///< the others' final chain is not this one
    std::uint64_t disk_free_bytes = UINT64_MAX;
};

/// With less, LevelDB and the journal may fail any moment.
inline constexpr std::uint64_t disk_low_bytes = 1'000'000'000;
/// So far behind a peer's final block, a node fetches blocks rather than waits for them.
inline constexpr std::uint32_t syncing_blocks = 8;

/// Everything that applies, in the order above; never empty. The last one is what the running view waits for.
std::vector<Cause> causes_of(const ReplicaReport& report, const EpochInfo& epoch, const Surroundings& around);
/// Of these, what lasts: what views wait for changes with each of them, and counts only where there is nothing else.
std::vector<Cause> lasting(std::vector<Cause> causes);

}  // namespace consensus
