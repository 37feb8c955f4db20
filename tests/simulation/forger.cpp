#include "tests/simulation/forger.hpp"

namespace simulation {

using consensus::CertificatePtr;
using consensus::Message;
using consensus::MessagePtr;
using consensus::Proposal;
using votes::Certificate;
using votes::Kind;
using votes::Vote;

namespace {

MessagePtr share(Message message) { return std::make_shared<const Message>(std::move(message)); }

void spoil(Random& random, votes::Signature& signature) {
    signature[random.below(signature.size())] ^= static_cast<std::uint8_t>(1 + random.below(255));
}

}  // namespace

void Forger::speak(Mouth& mouth, std::uint32_t to, const MessagePtr& message) {
    const auto* proposal = std::get_if<Proposal>(&*message);
    if (proposal == nullptr || proposal->vote.validator != mouth.validator) return mouth.say(to, message);
    if (proposal->vote.statement != spoken_) {
        spoken_ = proposal->vote.statement;
        skipping_ = mouth.random.below(2) == 0 ? skip_views(mouth, *proposal) : nullptr;
    }
    mouth.say(to, skipping_ != nullptr ? skipping_ : message);
}

MessagePtr Forger::skip_views(Mouth& mouth, const Proposal& proposal) {
    votes::Statement statement = proposal.vote.statement;
    for (const CertificatePtr& parent : notarizations_) {
        const votes::Statement& said = parent->statement;
        if (said.epoch != statement.epoch || said.view + 1 >= statement.view) continue;
        const auto block = mouth.child_of(said.block, {statement.epoch, statement.view, said.view, mouth.validator});
        if (!block) continue;
        statement.parent_view = said.view;
        statement.block = block->first;
        return share(Proposal{mouth.sign(statement), {parent}, block->second});
    }
    return nullptr;
}

void Forger::usurp(Mouth& mouth, const CertificatePtr& parent) {
    const votes::Statement& said = parent->statement;
    votes::Statement statement{.kind = Kind::Notarize, .epoch = said.epoch, .view = said.view + 1};
    statement.parent_view = said.view;
    for (std::uint32_t leader = 0; leader < mouth.nodes; ++leader) {
        // The header may name the rightful leader: the signature does not.
        const auto block = mouth.child_of(said.block, {said.epoch, statement.view, said.view, leader});
        if (!block) return;
        statement.block = block->first;
        const MessagePtr proposal = share(Proposal{mouth.sign(statement), {parent}, block->second});
        for (std::uint32_t to = 0; to < mouth.nodes; ++to)
            if (to != mouth.node) mouth.say(to, proposal);
    }
}

void Forger::hear(Mouth& mouth, std::uint32_t, const MessagePtr& message) {
    const auto* certificate = std::get_if<CertificatePtr>(&*message);
    if (certificate != nullptr && (*certificate)->statement.kind == Kind::Notarize) {
        notarizations_.push_back(*certificate);
        if (notarizations_.size() > 8) notarizations_.pop_front();
        if (mouth.random.below(4) == 0) usurp(mouth, *certificate);
    }
    Random& random = mouth.random;
    if (random.below(8) == 0) {
        remembered_.push_back(message);
        if (remembered_.size() > 32) remembered_.pop_front();
    }
    if (random.below(4) != 0) return;
    const MessagePtr forged = random.below(6) == 0 && !remembered_.empty()
                                  ? remembered_[random.below(remembered_.size())]
                                  : forge(mouth, *message);
    if (forged == nullptr) return;
    const auto victim = static_cast<std::uint32_t>(random.below(mouth.nodes));
    if (victim != mouth.node) mouth.say(victim, forged);
}

MessagePtr Forger::forge(Mouth& mouth, const Message& model) {
    if (mouth.random.below(5) == 0) return garble(mouth, model);
    if (const auto* vote = std::get_if<Vote>(&model)) return forge_vote(mouth, *vote);
    if (const auto* certificate = std::get_if<CertificatePtr>(&model)) return forge_certificate(mouth, **certificate);
    if (const auto* proposal = std::get_if<Proposal>(&model)) return forge_proposal(mouth, *proposal);
    return nullptr;
}

MessagePtr Forger::forge_vote(Mouth& mouth, Vote vote) {
    Random& random = mouth.random;
    switch (random.below(5)) {
        // The right words in a wrong hand.
        case 0: spoil(random, vote.signature); break;
        // Somebody's signature under other words.
        case 1: vote.statement.view += random.between(1, 3); break;
        case 2:
            vote.statement = {.kind = Kind::Nullify, .epoch = vote.statement.epoch, .view = vote.statement.view};
            break;
        // A vote of mine that says it is another's.
        case 3: {
            const std::uint32_t author = vote.validator;
            vote = mouth.sign(vote.statement);
            vote.validator = author;
            break;
        }
        default: vote.validator = static_cast<std::uint32_t>(random.below(2 * mouth.nodes));
    }
    return share(vote);
}

MessagePtr Forger::forge_certificate(Mouth& mouth, Certificate certificate) {
    Random& random = mouth.random;
    switch (random.below(6)) {
        case 0:
            if (!certificate.signatures.empty())
                spoil(random, certificate.signatures[random.below(certificate.signatures.size())]);
            break;
        // A certificate of a far future would carry everybody away.
        case 1: certificate.statement.view += random.between(1, 1'000); break;
        case 2: certificate.statement.block.value[0] ^= 1; break;
        case 3: certificate.statement.kind = static_cast<Kind>(random.below(3)); break;
        // Below the quorum.
        case 4:
            if (!certificate.signatures.empty()) {
                certificate.signatures.resize(1);
                certificate.signers.assign(certificate.signers.size(), 0);
                certificate.signers[0] = 1;
            }
            break;
        default:
            for (std::uint8_t& byte : certificate.signers) byte = static_cast<std::uint8_t>(random.next());
    }
    return share(std::make_shared<const Certificate>(std::move(certificate)));
}

MessagePtr Forger::forge_proposal(Mouth& mouth, Proposal proposal) {
    Random& random = mouth.random;
    switch (random.below(5)) {
        // Leads a view that is another's.
        case 0: {
            const auto block = mouth.variant(proposal.block);
            if (block) {
                proposal.vote.statement.block = block->first;
                proposal.block = block->second;
            }
            proposal.vote = mouth.sign(proposal.vote.statement);
            break;
        }
        case 1: proposal.certificates.clear(); break;
        // The same signature over another body.
        case 2: {
            const auto block = mouth.variant(proposal.block);
            if (block) proposal.block = block->second;
            break;
        }
        case 3: proposal.block = nullptr; break;
        default: spoil(random, proposal.vote.signature);
    }
    return share(std::move(proposal));
}

MessagePtr Forger::garble(Mouth& mouth, const Message& message) {
    chain::Bytes bytes = consensus::encode(message);
    for (std::uint64_t i = mouth.random.between(1, 3); i > 0; --i)
        bytes[mouth.random.below(bytes.size())] ^= static_cast<std::uint8_t>(1U << mouth.random.below(8));
    auto decoded = consensus::decode(bytes);
    return decoded ? std::move(*decoded) : nullptr;
}

}  // namespace simulation
