#pragma once
// What a replica wants done, in this order.
//
// The turn: the caller carries out effects until none is left, feeding answers that come at once (OwnVote,
// SigningRefused) back in; then it syncs the journal once; then it transmits what the Sends ask for and carries out the
// Finalizes. Nothing that relies on a signature leaves before that signature is durable, and because the journal is one
// sequence, neither does anything that relies on a certificate stored earlier in it.

#include "chain/votes/evidence.hpp"
#include "consensus/core/event.hpp"
#include "consensus/types/tip.hpp"

#include <variant>

namespace consensus {

using votes::Evidence;

namespace effect {

/// Sign this; answer OwnVote or SigningRefused. For Notarize, `block` must be durable with the vote (null where it
/// already is): a quorum that notarizes a block promises that it can be had.
struct CastVote {
    votes::Statement statement;
    Payload block;
};
/// Append to the journal, in this place of the sequence. Needs no sync of its own.
struct StoreCertificate {
    CertificatePtr certificate;
};

struct ToAll {
    bool operator==(const ToAll&) const = default;
};
struct ToValidator {
    std::uint32_t index = 0;
    bool operator==(const ToValidator&) const = default;
};
struct ToPeer {
    std::uint64_t id = 0;
    bool operator==(const ToPeer&) const = default;
};
/// ToAll is every other validator of the epoch.
using To = std::variant<ToAll, ToValidator, ToPeer>;
struct Send {
    To to;
    MessagePtr message;
};

/// Answer SignaturesChecked, now or later. Certificates are well-formed and of quorum weight: only signatures are open.
struct CheckSignatures {
    std::uint64_t batch = 0;
    std::vector<votes::Vote> votes;
    std::vector<CertificatePtr> certificates;
};

/// Build and execute a block on `parent`; answer BlockBuilt or BuildFailed.
struct Propose {
    Position position;
    Tip parent;
    bool must_be_empty = false;
};
/// Check what can be checked without execution (R4); answer BlockChecked. `parent` is executed here.
struct CheckBlock {
    Position position;
    Tip parent;
    Hash block;
    Payload payload;
};
/// Execute a block that the application keeps; answer BlockExecuted. `parent` is executed here.
struct ExecuteBlock {
    std::uint64_t view = 0;
    Hash block;
    Tip parent;
};
/// Is the block here, from an earlier life or by sync? Answer BlockFound.
struct FindBlock {
    std::uint64_t view = 0;
    Hash block;
};
/// A peer asks for a block: send it a BlockAnswer if it is here.
struct ServeBlock {
    std::uint64_t peer = 0;
    BlockRequest request;
};
/// The block and its ancestors are final. Fetch what is missing, however long it takes; answer FloorDurable.
struct Finalize {
    std::uint64_t view = 0;
    Hash block;
    CertificatePtr certificate;
};
/// The block of this tip is the best one: executed and notarized.
struct Certified {
    Tip tip;
};
/// Send the pool's work to the leader, who is idle.
struct ForwardWork {
    std::uint32_t leader = 0;
};

/// Every signature in it was checked. The core finds S1 to S5; it cannot name who is in no table (S6).
struct ReportEvidence {
    Evidence evidence;
};
enum class Misdeed : std::uint8_t { BadSignature, BadCertificate, BadProposal, AnotherBlock };
struct Misbehaved {
    Peer peer;
    Misdeed misdeed{};
};
/// A valid vote of my key that I did not cast, or do not remember: somebody else signs with it (A2).
struct OwnKeyElsewhere {
    votes::Vote vote;
};
/// A block that a quorum notarized is bad here: one of us computes wrongly. Keep a dump. Where it is final: stop (A15).
struct StateMismatch {
    std::uint64_t view = 0;
    Hash block;
    bool is_final = false;
};

enum class Outcome : std::uint8_t {
    Notarized,  ///< its block is certified
    Nullified,
    Overtaken  ///< left by a certificate of a later view or by a finalization
};
/// For metrics and the log.
struct ViewEnded {
    std::uint64_t view = 0;
    std::uint32_t leader = 0;
    Outcome outcome{};
    std::uint64_t took_ms = 0;
};
/// The epoch's last block is final: the next epoch begins on it. This core only answers stragglers now.
struct EpochEnded {
    Tip tip;
    CertificatePtr certificate;
};

}  // namespace effect

using Effect =
    std::variant<effect::CastVote, effect::StoreCertificate, effect::Send, effect::CheckSignatures, effect::Propose,
                 effect::CheckBlock, effect::ExecuteBlock, effect::FindBlock, effect::ServeBlock, effect::Finalize,
                 effect::Certified, effect::ForwardWork, effect::ReportEvidence, effect::Misbehaved,
                 effect::OwnKeyElsewhere, effect::StateMismatch, effect::ViewEnded, effect::EpochEnded>;
using Effects = std::vector<Effect>;

}  // namespace consensus
