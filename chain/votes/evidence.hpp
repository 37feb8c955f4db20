#pragma once
// What shows that a validator broke the rules (docs/design/consensus.md, "Who breaks it can be named"). Agreement finds
// evidence, the chain judges it. Everything here can be checked by whoever knows the epoch's validators and the chain's
// genesis block; nothing depends on who brings it.

#include "chain/votes/vote.hpp"

#include <span>
#include <variant>

namespace votes {

/// Two votes of one validator for one view that no honest one casts both. Proof by itself.
struct Contradiction {
    enum class Kind : std::uint8_t {
        TwoNotarizes,        ///< S1
        TwoFinalizes,        ///< S2
        NullifyAndFinalize,  ///< S3
        TwoProposals         ///< S4: S1 of the view's leader
    };
    Kind kind{};
    Vote first;
    Vote second;
    bool operator==(const Contradiction&) const = default;
};

/// S5: a notarize vote for a block that stands on a view before `skipped` and belongs to one after it, though the
/// skipped view is final. Its signer relied on a nullification of that view. As long as less than a third of the weight
/// lies there is none, and he is guilty; where he can show one, more than a third voted both ways (`who_said_both`),
/// and they are. So this is a charge that its answer turns on others, and signers keep what they relied on (A7).
struct FinalViewSkipped {
    Vote vote;
    Certificate skipped;  ///< finalizes
    bool operator==(const FinalViewSkipped&) const = default;
};

/// S6: a vote of an epoch, signed with the key of somebody who is no validator of that epoch: of one who was replaced
/// and still is answerable. Proof by itself. The index in the vote says nothing.
struct VoteFromOutside {
    Vote vote;
    crypto::Ed25519Public key;
    bool operator==(const VoteFromOutside&) const = default;
};

/// The position in this list is the first byte of its encoding: append only.
using Evidence = std::variant<Contradiction, FinalViewSkipped, VoteFromOutside>;

/// "two_notarizes", …: for metrics and logs.
std::string_view name(const Evidence& evidence);
/// The vote that it is about; of a contradiction the first.
const Vote& vote_of(const Evidence& evidence);

/// Whether the notarize vote skips this view: it stands on one before it and belongs to one after it.
bool skips(const Statement& notarize, std::uint64_t view);

/// Of an epoch with this table. `leader` is that of the vote's view. Signatures are checked last.
chain::Result<void, Fault> verify(const Evidence& evidence, const Hash& genesis, const ValidatorTable& table,
                                  std::uint32_t leader, const Scheme& scheme = ed25519());

/// Those who signed both certificates, which must be a nullification and a finalization of one view, both verified;
/// each is guilty of S3. Two quorums share more than a third of the weight.
std::vector<Contradiction> who_said_both(const Certificate& nullification, const Certificate& finalization);

Bytes encode(const Evidence& evidence);
/// Fault: not SCALE, bytes left over, more signers than `validators_max`, or a nullify vote that names a block.
chain::Result<Evidence> decode_evidence(chain::ByteView bytes, std::size_t validators_max = 1'024);

/// The votes that a certificate consists of.
std::vector<Vote> votes_of(const Certificate& certificate);

}  // namespace votes
