#include "chain/votes/evidence.hpp"

#include "chain/base/check.hpp"

#include <algorithm>
#include <utility>

namespace votes {
namespace {

using Kinds = Contradiction::Kind;

bool is_canonical(const Statement& statement) {
    return statement.kind != Kind::Nullify || (statement.parent_view == 0 && statement.block == Hash{});
}

/// Whether the two statements exclude each other in the way that `kind` says.
bool is_what_it_says(Kinds kind, const Statement& first, const Statement& second) {
    switch (kind) {
        case Kinds::TwoNotarizes:
        case Kinds::TwoProposals:
            return first.kind == Kind::Notarize && second.kind == Kind::Notarize && first != second;
        case Kinds::TwoFinalizes:
            return first.kind == Kind::Finalize && second.kind == Kind::Finalize && first != second;
        case Kinds::NullifyAndFinalize: return first.kind == Kind::Nullify && second.kind == Kind::Finalize;
    }
    return false;
}

struct Judge {
    const Hash& genesis;
    const ValidatorTable& table;
    std::uint32_t leader;
    const Scheme& scheme;

    chain::Result<void, Fault> operator()(const Contradiction& said) const {
        const Statement &first = said.first.statement, &second = said.second.statement;
        if (said.first.validator != said.second.validator) return std::unexpected{Fault::NoOffence};
        if (first.epoch != second.epoch || first.view != second.view) return std::unexpected{Fault::NoOffence};
        if (!is_what_it_says(said.kind, first, second)) return std::unexpected{Fault::NoOffence};
        const bool is_leader = said.first.validator == leader;
        if (said.kind == Kinds::TwoProposals && !is_leader) return std::unexpected{Fault::NoOffence};
        TRY_VOID(verify(said.first, genesis, table, scheme));
        return verify(said.second, genesis, table, scheme);
    }

    chain::Result<void, Fault> operator()(const FinalViewSkipped& said) const {
        const Statement &vote = said.vote.statement, &final = said.skipped.statement;
        if (vote.epoch != final.epoch || final.kind != Kind::Finalize) return std::unexpected{Fault::NoOffence};
        if (!skips(vote, final.view)) return std::unexpected{Fault::NoOffence};
        TRY_VOID(verify_form(said.skipped, table));
        TRY_VOID(verify(said.vote, genesis, table, scheme));
        return verify(said.skipped, genesis, table, scheme);
    }

    chain::Result<void, Fault> operator()(const VoteFromOutside& said) const {
        for (std::size_t i = 0; i < table.size(); ++i)
            if (table[i].key == said.key) return std::unexpected{Fault::NoOffence};
        const SigningText text{said.vote.statement, genesis};
        if (!scheme.verify(said.key, text.view(), said.vote.signature)) return std::unexpected{Fault::BadSignature};
        return {};
    }
};

std::string_view name(Kinds kind) {
    switch (kind) {
        case Kinds::TwoNotarizes: return "two_notarizes";
        case Kinds::TwoFinalizes: return "two_finalizes";
        case Kinds::NullifyAndFinalize: return "nullify_and_finalize";
        case Kinds::TwoProposals: return "two_proposals";
    }
    std::unreachable();
}

bool is_sound(const Contradiction& said, std::size_t) {
    return is_canonical(said.first.statement) && is_canonical(said.second.statement);
}

bool is_sound(const FinalViewSkipped& said, std::size_t validators_max) {
    return is_canonical(said.vote.statement) && is_canonical(said.skipped.statement) &&
           said.skipped.signers.size() <= (validators_max + 7) / 8 && said.skipped.signatures.size() <= validators_max;
}

bool is_sound(const VoteFromOutside& said, std::size_t) { return is_canonical(said.vote.statement); }

}  // namespace

std::string_view name(const Evidence& evidence) {
    if (const auto* both = std::get_if<Contradiction>(&evidence)) return name(both->kind);
    return std::holds_alternative<FinalViewSkipped>(evidence) ? "final_view_skipped" : "vote_from_outside";
}

const Vote& vote_of(const Evidence& evidence) {
    if (const auto* both = std::get_if<Contradiction>(&evidence)) return both->first;
    if (const auto* skipped = std::get_if<FinalViewSkipped>(&evidence)) return skipped->vote;
    return std::get<VoteFromOutside>(evidence).vote;
}

bool skips(const Statement& notarize, std::uint64_t view) {
    return notarize.kind == Kind::Notarize && notarize.parent_view < view && view < notarize.view;
}

chain::Result<void, Fault> verify(const Evidence& evidence, const Hash& genesis, const ValidatorTable& table,
                                  std::uint32_t leader, const Scheme& scheme) {
    return std::visit(Judge{genesis, table, leader, scheme}, evidence);
}

std::vector<Contradiction> who_said_both(const Certificate& nullification, const Certificate& finalization) {
    const Statement &no = nullification.statement, &yes = finalization.statement;
    chain::check(no.kind == Kind::Nullify && yes.kind == Kind::Finalize);
    chain::check(no.epoch == yes.epoch && no.view == yes.view);
    std::vector<Contradiction> out;
    const std::vector<Vote> finalizes = votes_of(finalization);
    for (const Vote& nullify : votes_of(nullification)) {
        const auto other = std::ranges::find(finalizes, nullify.validator, &Vote::validator);
        if (other != finalizes.end()) out.push_back({Kinds::NullifyAndFinalize, nullify, *other});
    }
    return out;
}

Bytes encode(const Evidence& evidence) { return scale::encode(evidence); }

chain::Result<Evidence> decode_evidence(chain::ByteView bytes, std::size_t validators_max) {
    auto evidence = scale::decode<Evidence>(bytes);
    if (!evidence) return chain::fault("this is no evidence");
    const bool is_good = std::visit([&](const auto& said) { return is_sound(said, validators_max); }, *evidence);
    if (!is_good) return chain::fault("this evidence has a form that it should not have");
    return *std::move(evidence);
}

std::vector<Vote> votes_of(const Certificate& certificate) {
    std::vector<Vote> out;
    std::uint32_t i = 0;
    for (const std::uint8_t byte : certificate.signers)
        for (int bit = 0; bit < 8; ++bit, ++i)
            if ((byte >> bit & 1) != 0 && out.size() < certificate.signatures.size())
                out.push_back({certificate.statement, i, certificate.signatures[out.size()]});
    return out;
}

}  // namespace votes
