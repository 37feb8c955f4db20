#pragma once
// How patient a replica is, and how much it holds. Every duration is in milliseconds of the caller's clock.

#include "consensus/types/message.hpp"

#include <optional>

namespace consensus {

/// consensus.md §1.5. Safety depends on none of them.
struct Timers {
    std::uint64_t leader_ms = 1'000;      ///< t_l: for an acceptable proposal
    std::uint64_t advance_ms = 2'000;     ///< t_a: for the view to end
    std::uint64_t retry_ms = 1'000;       ///< t_r: between two re-sends in a view that I nullified
    std::uint64_t standstill_ms = 5'000;  ///< t_s: without a finalization, before everything open is re-sent
    std::uint64_t relay_ms = 50;          ///< t_relay: how long others may take to show that they saw a certificate too
    std::uint64_t idle_ms = 5'000;        ///< the longest wait for work before an empty block is due (A8)
    std::uint64_t status_ms = 2'000;      ///< between two Status messages
    std::uint64_t interval_ms = 250;      ///< the least time between a block and its parent, kept by leaders
    std::uint64_t patience_ms_max = 60'000;  ///< backoff ends where advance would exceed this (R11)
    std::uint64_t reset_pause_ms = 60'000;   ///< between two resets of the backoff
    std::uint64_t wake_pause_ms = 1'000;     ///< between two Wakes that one sender is granted (A8)
};

/// What bounds memory and work (style.md 2.10). Beyond a bound things are dropped and asked for again later, unless
/// said otherwise; nobody is punished for it (A11).
struct CoreLimits {
    std::size_t views_ahead_max = 1 << 20;  ///< certificates further ahead of the floor are ignored, F excepted
    std::size_t views_kept = 64;            ///< below the floor, for evidence and stragglers; unfinal views further
                                            ///< below the current one keep certificates and flags only
    std::size_t empty_after = 16;           ///< unfinal views before leaders build empty blocks (R2)
    std::size_t peers_max = 1'024;          ///< peers with a budget of their own; the rest share one
    std::size_t batches_max = 256;          ///< checks of relayed votes and proposals under way
    std::size_t resend_max = 64;            ///< messages in one standstill round (A11)
    std::uint32_t checks_per_s = 1'024;     ///< signatures checked for one peer, refilled continuously
    std::uint32_t checks_burst = 4'096;
    std::uint32_t answers_per_s = 4;   ///< answers to one peer's requests
    std::uint64_t inactive_after = 8;  ///< views without a vote before a leader counts as inactive (R1)
};

struct Config {
    /// My index in the epoch's table; nothing for a node that only follows.
    std::optional<std::uint32_t> me;
    Timers timers;
    CoreLimits limits;
};

/// What an earlier life left: the journal's content for the epoch (§1.7). Signatures in it are trusted.
struct Recovered {
    /// The last durable final block: the epoch's root, or a later one with its certificate.
    Tip floor;
    CertificatePtr floor_certificate;
    std::vector<votes::Vote> own_votes;
    std::vector<CertificatePtr> certificates;
};

}  // namespace consensus
