#include "consensus/types/message.hpp"

#include <algorithm>
#include <utility>

namespace consensus {
namespace {

// shared_ptr has no SCALE form of its own: the wire carries what it points to.
using Wire = std::variant<Proposal, votes::Vote, votes::Certificate, Status, Wake, CertificateRequest, BlockRequest,
                          BlockAnswer, ShortProposal, PartsRequest, PartsAnswer>;

bool is_canonical(const votes::Statement& statement) {
    return statement.kind != votes::Kind::Nullify || (statement.parent_view == 0 && statement.block == Hash{});
}

bool fits(const votes::Certificate& certificate, const MessageLimits& limits) {
    return certificate.signers.size() <= (limits.validators_max + 7) / 8 &&
           certificate.signatures.size() <= limits.validators_max;
}

std::optional<MessageFault> flaw(const votes::Certificate& certificate, const MessageLimits& limits) {
    if (!fits(certificate, limits)) return MessageFault::TooLarge;
    if (!is_canonical(certificate.statement)) return MessageFault::NotCanonical;
    return std::nullopt;
}

std::optional<MessageFault> flaw(const auto& proposal, const Payload& block, const MessageLimits& limits) {
    if (block && block->size() > limits.block_bytes_max) return MessageFault::TooLarge;
    if (proposal.vote.statement.kind != votes::Kind::Notarize) return MessageFault::NotCanonical;
    for (const auto& certificate : proposal.certificates)
        if (const auto found = flaw(*certificate, limits)) return found;
    return std::nullopt;
}

std::optional<MessageFault> flaw(const Proposal& proposal, const MessageLimits& limits) {
    return flaw(proposal, proposal.block, limits);
}

std::optional<MessageFault> flaw(const ShortProposal& proposal, const MessageLimits& limits) {
    return flaw(proposal, proposal.shortened, limits);
}

std::optional<MessageFault> flaw(const PartsRequest& request, const MessageLimits&) {
    const bool is_canonical = !request.places.empty() && std::ranges::is_sorted(request.places, std::less_equal<>{});
    return is_canonical ? std::nullopt : std::optional{MessageFault::NotCanonical};
}

std::optional<MessageFault> flaw(const PartsAnswer& answer, const MessageLimits& limits) {
    std::size_t bytes = 0;
    for (const Bytes& part : answer.parts) bytes += part.size();
    return bytes > limits.block_bytes_max ? std::optional{MessageFault::TooLarge} : std::nullopt;
}

std::optional<MessageFault> flaw(const votes::Vote& vote, const MessageLimits&) {
    return is_canonical(vote.statement) ? std::nullopt : std::optional{MessageFault::NotCanonical};
}

std::optional<MessageFault> flaw(const BlockAnswer& answer, const MessageLimits& limits) {
    return answer.payload->size() > limits.block_bytes_max ? std::optional{MessageFault::TooLarge} : std::nullopt;
}

std::optional<MessageFault> flaw(const auto&, const MessageLimits&) { return std::nullopt; }

struct EpochOf {
    std::uint64_t operator()(const Proposal& proposal) const { return proposal.vote.statement.epoch; }
    std::uint64_t operator()(const ShortProposal& proposal) const { return proposal.vote.statement.epoch; }
    std::uint64_t operator()(const votes::Vote& vote) const { return vote.statement.epoch; }
    std::uint64_t operator()(const CertificatePtr& certificate) const { return certificate->statement.epoch; }
    std::uint64_t operator()(const auto& other) const { return other.epoch; }
};

struct BodyInto {
    Bytes& out;
    void operator()(const CertificatePtr& certificate) const { scale::encode(*certificate, out); }
    void operator()(const auto& other) const { scale::encode(other, out); }
};

/// Where either is null, both must be.
constexpr auto same = [](const auto& a, const auto& b) { return a == b || (a && b && *a == *b); };

void encode_certificates(const std::vector<CertificatePtr>& certificates, Bytes& out) {
    scale::encode_compact(certificates.size(), out);
    for (const auto& certificate : certificates) scale::encode(*certificate, out);
}

void decode_certificates(scale::Reader& in, std::vector<CertificatePtr>& certificates) {
    const std::size_t count = scale::decode_count(in, Proposal::nullifications_max + 1);
    certificates.clear();
    for (std::size_t i = 0; i < count && !in.error(); ++i) {
        votes::Certificate certificate;
        scale::decode(in, certificate);
        certificates.push_back(std::make_shared<const votes::Certificate>(std::move(certificate)));
    }
}

/// Counts are held against the limit before anything is allocated.
template <class T>
void decode_list(scale::Reader& in, std::vector<T>& list) {
    const std::size_t count = scale::decode_count(in, PartsRequest::places_max);
    list.clear();
    for (std::size_t i = 0; i < count && !in.error(); ++i) scale::decode(in, list.emplace_back());
}

}  // namespace

bool Proposal::operator==(const Proposal& other) const {
    return vote == other.vote && same(block, other.block) && std::ranges::equal(certificates, other.certificates, same);
}

void Proposal::encode_to(Bytes& out) const {
    scale::encode(vote, out);
    encode_certificates(certificates, out);
    out.push_back(block != nullptr);
    if (block) scale::encode(*block, out);
}

void Proposal::decode_from(scale::Reader& in) {
    scale::decode(in, vote);
    decode_certificates(in, certificates);
    std::optional<Bytes> bytes;
    scale::decode(in, bytes);
    block = bytes ? std::make_shared<const Bytes>(std::move(*bytes)) : nullptr;
}

bool BlockAnswer::operator==(const BlockAnswer& other) const {
    return epoch == other.epoch && view == other.view && block == other.block && *payload == *other.payload;
}

void BlockAnswer::encode_to(Bytes& out) const {
    scale::encode(epoch, out);
    scale::encode(view, out);
    scale::encode(block, out);
    scale::encode(*payload, out);
}

void BlockAnswer::decode_from(scale::Reader& in) {
    scale::decode(in, epoch);
    scale::decode(in, view);
    scale::decode(in, block);
    Bytes bytes;
    scale::decode(in, bytes);
    payload = std::make_shared<const Bytes>(std::move(bytes));
}

bool ShortProposal::operator==(const ShortProposal& other) const {
    return vote == other.vote && same(shortened, other.shortened) &&
           std::ranges::equal(certificates, other.certificates, same);
}

void ShortProposal::encode_to(Bytes& out) const {
    scale::encode(vote, out);
    encode_certificates(certificates, out);
    scale::encode(*shortened, out);
}

void ShortProposal::decode_from(scale::Reader& in) {
    scale::decode(in, vote);
    decode_certificates(in, certificates);
    Bytes bytes;
    scale::decode(in, bytes);
    shortened = std::make_shared<const Bytes>(std::move(bytes));
}

void PartsRequest::encode_to(Bytes& out) const {
    scale::encode(epoch, out);
    scale::encode(view, out);
    scale::encode(block, out);
    scale::encode(places, out);
}

void PartsRequest::decode_from(scale::Reader& in) {
    scale::decode(in, epoch);
    scale::decode(in, view);
    scale::decode(in, block);
    decode_list(in, places);
}

void PartsAnswer::encode_to(Bytes& out) const {
    scale::encode(epoch, out);
    scale::encode(view, out);
    scale::encode(block, out);
    scale::encode(parts, out);
}

void PartsAnswer::decode_from(scale::Reader& in) {
    scale::decode(in, epoch);
    scale::decode(in, view);
    scale::decode(in, block);
    decode_list(in, parts);
}

std::uint64_t epoch_of(const Message& message) { return std::visit(EpochOf{}, message); }

std::string_view text(MessageFault fault) {
    switch (fault) {
        case MessageFault::Malformed: return "this is no message between validators";
        case MessageFault::TooLarge: return "a part of the message is larger than its limit";
        case MessageFault::NotCanonical: return "the message says what it means in a form that it should not have";
    }
    std::unreachable();
}

Bytes encode(const Message& message) {
    Bytes out{static_cast<std::uint8_t>(message.index())};
    std::visit(BodyInto{out}, message);
    return out;
}

chain::Result<MessagePtr, MessageFault> decode(chain::ByteView bytes, const MessageLimits& limits) {
    auto wire = scale::decode<Wire>(bytes);
    if (!wire) {
        const bool too_large = wire.error() == scale::Error::CountTooLarge;
        return std::unexpected{too_large ? MessageFault::TooLarge : MessageFault::Malformed};
    }
    const auto found = std::visit([&](const auto& body) { return flaw(body, limits); }, *wire);
    if (found) return std::unexpected{*found};
    MessagePtr out;
    std::visit(
        [&]<class Body>(Body& body) {
            if constexpr (std::is_same_v<Body, votes::Certificate>)
                out = std::make_shared<const Message>(std::make_shared<const votes::Certificate>(std::move(body)));
            else out = std::make_shared<const Message>(std::move(body));
        },
        *wire);
    return out;
}

}  // namespace consensus
