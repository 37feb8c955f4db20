#include "stage.hpp"

#include "chain/crypto/hash.hpp"
#include "consensus/core/deck.hpp"

#include <algorithm>

namespace stage {
namespace {

votes::Signature signature_of(std::uint32_t validator, const Statement& statement) {
    chain::Bytes input = scale::encode(statement);
    scale::encode(validator, input);
    votes::Signature out{};
    std::ranges::copy(crypto::blake2b_256(input).value, out.begin());
    return out;
}

bool is_genuine(const votes::Certificate& certificate) {
    std::size_t next = 0;
    for (std::uint32_t i = 0; i < certificate.signers.size() * 8; ++i)
        if ((certificate.signers[i / 8] >> (i % 8) & 1) != 0 &&
            certificate.signatures[next++] != signature_of(i, certificate.statement))
            return false;
    return true;
}

}  // namespace

Vote signed_by(std::uint32_t validator, const Statement& statement) {
    return {statement, validator, signature_of(validator, statement)};
}

bool is_genuine(const Vote& vote) { return vote == signed_by(vote.validator, vote.statement); }

Statement notarize(std::uint64_t view, std::uint64_t parent, const Hash& block, std::uint64_t epoch) {
    return {Kind::Notarize, epoch, view, parent, block};
}
Statement finalize(std::uint64_t view, std::uint64_t parent, const Hash& block, std::uint64_t epoch) {
    return {Kind::Finalize, epoch, view, parent, block};
}
Statement nullify(std::uint64_t view, std::uint64_t epoch) { return {Kind::Nullify, epoch, view, 0, {}}; }

CertificatePtr certificate(const Statement& statement, const std::vector<std::uint32_t>& signers) {
    votes::Certificate out{.statement = statement, .signers = chain::Bytes(1)};
    for (const auto i : signers) {
        out.signers[i / 8] |= static_cast<std::uint8_t>(1U << (i % 8));
        out.signatures.push_back(signature_of(i, statement));
    }
    return std::make_shared<const votes::Certificate>(out);
}

EpochInfo epoch_of_weights(const std::vector<std::uint64_t>& weights, std::uint32_t length) {
    std::vector<votes::Validator> validators;
    for (const auto weight : weights) validators.push_back({.weight = weight});
    return {.table = votes::ValidatorTable{std::move(validators)},
            .seed = Hash{{1}},
            .root = {.hash = Hash{{0xaa}}},
            .length = length};
}

EpochInfo epoch_of(std::size_t validators, std::uint32_t length) {
    return epoch_of_weights(std::vector<std::uint64_t>(validators, 1), length);
}

std::uint32_t leader_of(const EpochInfo& epoch, std::uint64_t view) {
    return Deck{epoch.table, epoch.seed}.leader(view);
}

std::uint64_t view_led_by(const EpochInfo& epoch, std::uint32_t validator, std::uint64_t from) {
    const Deck deck{epoch.table, epoch.seed};
    while (deck.leader(from) != validator) ++from;
    return from;
}

Hash block_of(const Position& position) { return crypto::blake2b_256(scale::encode(position)); }
Payload payload_of(const Hash& block) { return std::make_shared<const Bytes>(chain::to_bytes(block.value)); }

Node::Node(EpochInfo epoch, std::optional<std::uint32_t> me, Config config, Recovered recovered)
    : epoch_(epoch), me_(me), core_(std::move(epoch), (config.me = me, config), std::move(recovered)) {
    blocks_[epoch_.root.hash] = epoch_.root;
}

Effects Node::start(std::uint64_t now) {
    now_ = now;
    Effects fresh, all;
    core_.start(now, fresh);
    settle(fresh, all);
    return all;
}

Effects Node::happens(const Event& event) {
    Effects fresh, all;
    core_.step(now_, event, fresh);
    settle(fresh, all);
    return all;
}

Effects Node::hears_from(const Peer& peer, Message message) {
    return happens(event::Received{peer, std::make_shared<const Message>(std::move(message))});
}

Effects Node::hears(std::uint32_t validator, Message message) {
    return hears_from({.id = validator + 1, .validator = validator}, std::move(message));
}

Effects Node::hears_vote(std::uint32_t validator, const Statement& statement) {
    return hears(validator, signed_by(validator, statement));
}

Effects Node::waits(std::uint64_t ms) { return until(now_ + ms); }

Effects Node::until(std::uint64_t now) {
    Effects all;
    for (auto due = core_.next_timer_ms(); due && *due <= now; due = core_.next_timer_ms()) {
        now_ = std::max(now_, *due);
        const Effects done = happens(event::TimePassed{});
        all.insert(all.end(), done.begin(), done.end());
    }
    now_ = now;
    return all;
}

void Node::settle(Effects& fresh, Effects& all) {
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        const Effect effect = fresh[i];
        answer(effect, fresh);
    }
    all.insert(all.end(), fresh.begin(), fresh.end());
}

void Node::answer(const Effect& effect, Effects& out) {
    if (const auto* asked = std::get_if<effect::CastVote>(&effect)) {
        if (refuses_to_sign) return core_.step(now_, event::SigningRefused{asked->statement}, out);
        cast.push_back(signed_by(*me_, asked->statement));
        core_.step(now_, event::OwnVote{cast.back()}, out);
    } else if (const auto* certificate = std::get_if<effect::StoreCertificate>(&effect)) {
        stored.push_back(certificate->certificate);
    } else if (const auto* check = std::get_if<effect::CheckSignatures>(&effect); check && answers_signatures) {
        event::SignaturesChecked checked{.batch = check->batch};
        std::uint32_t number = 0;
        for (const auto& vote : check->votes) {
            if (!is_genuine(vote)) checked.bad.push_back(number);
            ++number;
        }
        for (const auto& carried : check->certificates) {
            if (!is_genuine(*carried)) checked.bad.push_back(number);
            ++number;
        }
        core_.step(now_, checked, out);
    } else if (const auto* propose = std::get_if<effect::Propose>(&effect); propose && answers_builds) {
        const Hash block = block_of(propose->position);
        blocks_[block] = {block, propose->parent.number + 1, propose->position.epoch, propose->position.view};
        core_.step(now_, event::BlockBuilt{propose->position.view, block, builds_empty, payload_of(block)}, out);
    } else if (const auto* checked = std::get_if<effect::CheckBlock>(&effect)) {
        blocks_[checked->block] = {checked->block, checked->parent.number + 1, epoch_.epoch, checked->position.view};
        if (answers_checks)
            core_.step(now_,
                       event::BlockChecked{checked->position.view, checked->block, verdict, builds_empty, due_in_ms},
                       out);
    } else if (const auto* execute = std::get_if<effect::ExecuteBlock>(&effect); execute && answers_executions) {
        core_.step(now_, event::BlockExecuted{execute->view, execute->block, executes_well, builds_empty}, out);
    } else if (const auto* find = std::get_if<effect::FindBlock>(&effect)) {
        core_.step(now_, event::BlockFound{find->view, find->block, finds_blocks}, out);
    } else if (const auto* final = std::get_if<effect::Finalize>(&effect); final && answers_finalized) {
        if (!blocks_.contains(final->block)) return;
        Tip tip = blocks_.at(final->block);
        tip.view = final->view;
        core_.step(now_, event::FloorDurable{tip}, out);
    }
}

std::vector<Statement> cast(const Effects& effects) {
    std::vector<Statement> out;
    for (const auto& asked : all<effect::CastVote>(effects)) out.push_back(asked.statement);
    return out;
}

std::vector<Statement> certificates_sent(const Effects& effects) {
    std::vector<Statement> out;
    for (const auto& certificate : sent<CertificatePtr>(effects)) out.push_back(certificate->statement);
    return out;
}

}  // namespace stage
