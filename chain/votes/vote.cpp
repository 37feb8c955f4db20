#include "chain/votes/vote.hpp"

#include "chain/base/check.hpp"

#include <algorithm>
#include <utility>

namespace votes {
namespace {

constexpr std::string_view domain = "tephra/vote/1";

std::size_t bitmap_bytes(const ValidatorTable& table) { return (table.size() + 7) / 8; }

bool has_bit(const Bytes& bitmap, std::size_t i) { return (bitmap[i / 8] >> (i % 8) & 1) != 0; }

}  // namespace

Bytes signing_bytes(const Statement& statement, const Hash& genesis) {
    Bytes out = chain::to_bytes(domain);
    chain::append(out, genesis.value);
    scale::encode(statement.kind, out);
    scale::encode(statement.epoch, out);
    scale::encode(statement.view, out);
    if (statement.kind == Kind::Nullify) return out;
    scale::encode(statement.parent_view, out);
    chain::append(out, statement.block.value);
    return out;
}

Vote sign(const Statement& statement, const Hash& genesis, std::uint32_t validator, const crypto::Ed25519Key& key) {
    return {statement, validator, key.sign(signing_bytes(statement, genesis)).value};
}

ValidatorTable::ValidatorTable(std::vector<Validator> validators) : validators_(std::move(validators)) {
    for (const auto& validator : validators_) total_ += validator.weight;
}

std::string_view text(Fault fault) {
    switch (fault) {
        case Fault::BadBitmap: return "the signers' bitmap does not fit the validators and the signatures";
        case Fault::NoSuchValidator: return "no validator has this index";
        case Fault::BadSignature: return "a signature does not fit its validator and statement";
        case Fault::NoQuorum: return "the signers weigh less than a quorum";
    }
    std::unreachable();
}

chain::Result<void, Fault> verify(const Vote& vote, const Hash& genesis, const ValidatorTable& table) {
    if (vote.validator >= table.size()) return std::unexpected{Fault::NoSuchValidator};
    const Bytes message = signing_bytes(vote.statement, genesis);
    if (!crypto::verify(table[vote.validator].key, message, crypto::Ed25519Signature{vote.signature}))
        return std::unexpected{Fault::BadSignature};
    return {};
}

chain::Result<void, Fault> verify(const Certificate& certificate, const Hash& genesis, const ValidatorTable& table) {
    if (certificate.signers.size() != bitmap_bytes(table)) return std::unexpected{Fault::BadBitmap};
    std::vector<std::size_t> signers;
    chain::u128 weight = 0;
    for (std::size_t i = 0; i < certificate.signers.size() * 8; ++i) {
        if (!has_bit(certificate.signers, i)) continue;
        if (i >= table.size()) return std::unexpected{Fault::BadBitmap};
        signers.push_back(i);
        weight += table[i].weight;
    }
    if (signers.size() != certificate.signatures.size()) return std::unexpected{Fault::BadBitmap};
    if (weight < table.quorum()) return std::unexpected{Fault::NoQuorum};
    const Bytes message = signing_bytes(certificate.statement, genesis);
    for (std::size_t i = 0; i < signers.size(); ++i) {
        const crypto::Ed25519Signature signature{certificate.signatures[i]};
        if (!crypto::verify(table[signers[i]].key, message, signature)) return std::unexpected{Fault::BadSignature};
    }
    return {};
}

Certificate certify(std::vector<Vote> votes, const ValidatorTable& table) {
    chain::check(!votes.empty());
    std::ranges::sort(votes, {}, &Vote::validator);
    Certificate out{.statement = votes.front().statement, .signers = Bytes(bitmap_bytes(table))};
    for (const Vote& vote : votes) {
        chain::check(vote.statement == out.statement);
        chain::check(vote.validator < table.size() && !has_bit(out.signers, vote.validator));
        out.signers[vote.validator / 8] |= static_cast<std::uint8_t>(1U << (vote.validator % 8));
        out.signatures.push_back(vote.signature);
    }
    return out;
}

}  // namespace votes
