#pragma once
// What validators say to each other, and its wire form: one SCALE-encoded Message inside a network frame.
// Messages are shared and never changed, so that one of them can be on its way to many peers and in the agreement at
// once.

#include "chain/codec/scale.hpp"
#include "chain/votes/vote.hpp"
#include "consensus/types/tip.hpp"

#include <memory>
#include <variant>

namespace consensus {

/// An encoded block, opaque to agreement: only its hash counts there.
using Payload = std::shared_ptr<const Bytes>;
using CertificatePtr = std::shared_ptr<const votes::Certificate>;

/// A leader's proposal. Its vote is the leader's Notarize: one signature proposes and votes, so that two proposals of
/// one leader are two contradicting votes.
struct Proposal {
    votes::Vote vote;
    /// What the vote relies on: the notarization (or finalization) of the parent's view unless that is 0, then the
    /// nullification of every view between, ascending; of a longer gap the last nullifications_max.
    std::vector<CertificatePtr> certificates;
    /// Null where the block is one that everybody has: the boundary block, proposed again.
    Payload block;

    static constexpr std::size_t nullifications_max = 64;

    bool operator==(const Proposal& other) const;
    void encode_to(Bytes& out) const;
    void decode_from(scale::Reader& in);
};

/// Where a node stands. Sent when a connection is new and every two seconds.
struct Status {
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::uint64_t floor_view = 0;    ///< the highest final view the sender knows a certificate of
    std::uint32_t floor_number = 0;  ///< the highest final block it has executed and stored
    std::uint64_t heard_of_you = 0;  ///< the highest view in which it saw a vote of the receiver; 0 for none
    bool operator==(const Status&) const = default;
};

/// "I hold work: propose at once, even an empty block."
struct Wake {
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    bool operator==(const Wake&) const = default;
};

/// "What proves the outcome of these views?" Both ends included; answered with at most Proposal::nullifications_max
/// certificates.
struct CertificateRequest {
    std::uint64_t epoch = 0;
    std::uint64_t from_view = 0;
    std::uint64_t to_view = 0;
    bool operator==(const CertificateRequest&) const = default;
};

/// "Send me this block."
struct BlockRequest {
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;  ///< a view in which it was notarized
    Hash block;
    bool operator==(const BlockRequest&) const = default;
};

/// A block alone: who asks for it holds the certificate of its view, and need not judge its envelope.
struct BlockAnswer {
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    Hash block;
    Payload payload;  ///< never null

    bool operator==(const BlockAnswer& other) const;
    void encode_to(Bytes& out) const;
    void decode_from(scale::Reader& in);
};

/// A Proposal whose block is in short form, for those who likely hold most of its parts: the same vote, the same
/// envelope. Filled in, it is that Proposal and nothing else.
struct ShortProposal {
    votes::Vote vote;
    std::vector<CertificatePtr> certificates;
    Payload shortened;  ///< the application's short form; never null

    bool operator==(const ShortProposal& other) const;
    void encode_to(Bytes& out) const;
    void decode_from(scale::Reader& in);
};

/// "I lack these parts of the block that you proposed in short form."
struct PartsRequest {
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    Hash block;
    std::vector<std::uint32_t> places;  ///< ascending, not empty

    /// Who lacks more asks for the whole block.
    static constexpr std::size_t places_max = 4'096;

    bool operator==(const PartsRequest&) const = default;
    void encode_to(Bytes& out) const;
    void decode_from(scale::Reader& in);
};

/// The parts in the order in which they were asked for.
struct PartsAnswer {
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    Hash block;
    std::vector<Bytes> parts;

    bool operator==(const PartsAnswer&) const = default;
    void encode_to(Bytes& out) const;
    void decode_from(scale::Reader& in);
};

/// The position in this list is the first byte on the wire: append only.
using Message = std::variant<Proposal, votes::Vote, CertificatePtr, Status, Wake, CertificateRequest, BlockRequest,
                             BlockAnswer, ShortProposal, PartsRequest, PartsAnswer>;
using MessagePtr = std::shared_ptr<const Message>;

/// The epoch that a message is about.
std::uint64_t epoch_of(const Message& message);

/// What a peer may make us hold at once; longer input is refused before anything is allocated.
struct MessageLimits {
    std::size_t block_bytes_max = 4 << 20;
    std::size_t validators_max = 1'024;
};

enum class MessageFault : std::uint8_t {
    Malformed,    ///< not SCALE, or bytes left over
    TooLarge,     ///< a block, a bitmap or a list beyond its limit
    NotCanonical  ///< a nullify vote that names a block, certificates out of order: one meaning has one form
};
std::string_view text(MessageFault fault);

Bytes encode(const Message& message);
chain::Result<MessagePtr, MessageFault> decode(chain::ByteView bytes, const MessageLimits& limits = {});

}  // namespace consensus
