#include "consensus/engine/stuck.hpp"

#include "chain/base/check.hpp"

#include <algorithm>

namespace consensus {
namespace {

chain::u128 connected_weight(const ViewReport& view, const votes::ValidatorTable& table) {
    chain::u128 out = 0;
    for (std::size_t i = 0; i < view.validators.size() && i < table.size(); ++i)
        if (view.validators[i].is_connected) out += table[i].weight;
    return out;
}

void add_own(const ReplicaReport& report, const Surroundings& around, std::vector<Cause>& out) {
    if (report.signing == SigningState::Forgot) out.push_back(Cause::Forgot);
    if (report.signing == SigningState::Stopped) out.push_back(Cause::KeyElsewhere);
    if (report.signing == SigningState::Silent) out.push_back(Cause::Silent);
    if (report.signing == SigningState::Listens) out.push_back(Cause::Listens);
    if (around.disk_free_bytes < disk_low_bytes) out.push_back(Cause::DiskLow);
}

void add_peers(const ReplicaReport& report, const EpochInfo& epoch, const Surroundings& around,
               std::vector<Cause>& out) {
    // Whoever follows needs somebody who passes on what is final, no validator in particular.
    const bool follows = report.signing == SigningState::Follows;
    const bool suffice =
        follows ? around.peers > 0 : connected_weight(report.view, epoch.table) >= epoch.table.quorum();
    if (suffice) return;
    if (around.peers == 0) out.push_back(Cause::NoPeers);
    const bool is_foreign =
        std::ranges::any_of(around.missing, [](const std::string& reason) { return reason.contains("genesis"); });
    if (is_foreign) out.push_back(Cause::OtherGenesis);
    if (around.banned > 0) out.push_back(Cause::PeersBanned);
    if (!follows) out.push_back(Cause::TooFewConnected);
}

void add_chain(const ReplicaReport& report, const Surroundings& around, std::vector<Cause>& out) {
    if (around.is_sync_halted) out.push_back(Cause::OtherChain);
    if (around.highest_block > report.view.durable_number + syncing_blocks) out.push_back(Cause::Syncing);
}

Cause cause_of(Waits waits) {
    switch (waits) {
        case Waits::NextEpoch: return Cause::EpochUnknown;
        case Waits::Work: return Cause::Idle;
        case Waits::Nullifies: return Cause::NullifiesMissing;
        case Waits::Build: return Cause::Building;
        case Waits::Parent: return Cause::ParentMissing;
        case Waits::Proposal: return Cause::LeaderSilent;
        case Waits::Time: return Cause::ProposalEarly;
        case Waits::Check: return Cause::Checking;
        case Waits::Proofs: return Cause::ProofsMissing;
        case Waits::Notarizes: return Cause::VotesMissing;
        case Waits::Block: return Cause::BlockMissing;
        case Waits::Execution: return Cause::Executing;
    }
    return Cause::Idle;
}

}  // namespace

const std::array<CauseText, 23> cause_texts{{
    {Cause::Forgot, "forgot", "this node does not know any more what it signed, and signs nothing",
     "see *A validator*, point 5: `--no-sign-until`"},
    {Cause::KeyElsewhere, "key_elsewhere", "another machine signs with this node's key: this node stopped signing",
     "stop one of the two; restart the one that stays"},
    {Cause::Silent, "silent", "this node signs nothing up to a view, because it lost its memory of what it signed",
     "wait: it signs again beyond that view, which `tephra-node wal` names"},
    {Cause::Listens, "listens", "this node listens for another one with its key before it signs",
     "wait: two views, or four seconds"},
    {Cause::DiskLow, "disk_low", "there is less than 1 GB left on the disk: the node stops where it cannot write",
     "make room; it goes on where it was"},
    {Cause::NoPeers, "no_peers", "no peer is connected",
     "`--peer` names one that runs; its port must be reachable: `tephra-node doctor`"},
    {Cause::OtherGenesis, "other_genesis", "a wanted peer has another genesis block",
     "compare the chain files; the log names the peer"},
    {Cause::PeersBanned, "peers_banned", "peers are banned, and too few others are connected",
     "the log says what each did; a ban ends after four hours, or at a start without the data folder's "
     "`addresses-banned`"},
    {Cause::TooFewConnected, "too_few_connected", "validators that are connected weigh less than a quorum",
     "bring those back that `waitsFor` calls not connected; it goes on within seconds"},
    {Cause::OtherChain, "other_chain", "the others' final chain is not the one of this node's folder",
     "keep the folder for whoever looks into it, and start with an empty one"},
    {Cause::Syncing, "syncing", "this node fetches final blocks that it lacks",
     "wait: `system_syncState` shows the way; without progress look at `system_peers`"},
    {Cause::EpochUnknown, "epoch_unknown",
     "the epoch is over, and the block that the next one begins on is not stored here",
     "wait for block sync to fetch it; a peer that has it must be connected"},
    {Cause::Idle, "idle", "nothing is to be done: an empty block comes after the interval",
     "nothing; where an empty block does not come either, look at the clocks of the validators"},
    {Cause::Building, "building", "this node leads and builds its block",
     "wait; where it lasts, processor or disk are too slow: `tephra_chain_work_seconds`"},
    {Cause::ParentMissing, "parent_missing", "the block that the proposal stands on is not certified here yet",
     "wait: it is fetched from those who voted for it"},
    {Cause::LeaderSilent, "leader_silent", "the leader of the view has not proposed",
     "nothing: the view is skipped after a while; where it is one leader always, tell its operator"},
    {Cause::ProposalEarly, "proposal_early", "the proposal bears a time that is still to come here",
     "set the clock: this one or the leader's is off; `tephra-node doctor` says whether this one is synchronised"},
    {Cause::Checking, "checking", "the proposal is being checked",
     "wait; where it lasts, processor or disk are too slow: `tephra_chain_work_seconds`"},
    {Cause::ProofsMissing, "proofs_missing", "the proposal skips views whose nullifications are not here",
     "nothing: they are asked for four times a second"},
    {Cause::VotesMissing, "votes_missing", "too few notarizes for the proposal",
     "`validators` of the answer says who voted; those who did not are behind, or not connected with each other"},
    {Cause::NullifiesMissing, "nullifies_missing", "this node gave the view up, and too few others did",
     "the same; their nullifies are asked for every second"},
    {Cause::BlockMissing, "block_missing", "a quorum has the block and this node has not",
     "wait: it is asked of one voter after another; where it lasts, look at `system_peers`"},
    {Cause::Executing, "executing", "the block is being executed",
     "wait; where it lasts, processor or disk are too slow: `tephra_chain_work_seconds`"},
}};

const CauseText& text_of(Cause cause) {
    const CauseText& text = cause_texts[static_cast<std::size_t>(cause)];
    chain::check(text.cause == cause);
    return text;
}

std::vector<Cause> causes_of(const ReplicaReport& report, const EpochInfo& epoch, const Surroundings& around) {
    std::vector<Cause> out;
    add_own(report, around, out);
    add_peers(report, epoch, around, out);
    add_chain(report, around, out);
    out.push_back(cause_of(report.view.waits));
    return out;
}

std::vector<Cause> lasting(std::vector<Cause> causes) {
    if (causes.size() > 1) causes.pop_back();
    return causes;
}

}  // namespace consensus
