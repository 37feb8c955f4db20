#include "chain/votes/vote.hpp"

#include "chain/base/check.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace votes {
namespace {

constexpr std::string_view domain = "tephra/vote/1";

std::size_t bitmap_bytes(const ValidatorTable& table) { return (table.size() + 7) / 8; }

bool has_bit(const Bytes& bitmap, std::size_t i) { return (bitmap[i / 8] >> (i % 8) & 1) != 0; }

}  // namespace

SigningText::SigningText(const Statement& statement, const Hash& genesis) {
    const auto put = [this](const void* from, std::size_t count) {
        std::memcpy(bytes_.data() + size_, from, count);
        size_ += count;
    };
    // Integers are little-endian, as this machine holds them (chain/codec asserts it).
    put(domain.data(), domain.size());
    put(genesis.value.data(), genesis.value.size());
    put(&statement.kind, sizeof statement.kind);
    put(&statement.epoch, sizeof statement.epoch);
    put(&statement.view, sizeof statement.view);
    if (statement.kind == Kind::Nullify) return;
    put(&statement.parent_view, sizeof statement.parent_view);
    put(statement.block.value.data(), statement.block.value.size());
}

Bytes signing_bytes(const Statement& statement, const Hash& genesis) {
    return chain::to_bytes(SigningText{statement, genesis}.view());
}

Vote sign(const Statement& statement, const Hash& genesis, std::uint32_t validator, const crypto::Ed25519Key& key) {
    return {statement, validator, key.sign(SigningText{statement, genesis}.view()).value};
}

Vote sign(const Statement& statement, const Hash& genesis, std::uint32_t validator, const Secret& secret) {
    return {statement, validator, secret.sign(SigningText{statement, genesis}.view())};
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
        case Fault::NoOffence: return "an honest validator may have done this";
    }
    std::unreachable();
}

chain::Result<void, Fault> verify(const Vote& vote, const Hash& genesis, const ValidatorTable& table,
                                  const Scheme& scheme) {
    if (vote.validator >= table.size()) return std::unexpected{Fault::NoSuchValidator};
    const SigningText text{vote.statement, genesis};
    if (!scheme.verify(table[vote.validator].key, text.view(), vote.signature))
        return std::unexpected{Fault::BadSignature};
    return {};
}

chain::Result<void, Fault> verify_form(const Certificate& certificate, const ValidatorTable& table) {
    if (certificate.signers.size() != bitmap_bytes(table)) return std::unexpected{Fault::BadBitmap};
    std::size_t signers = 0;
    chain::u128 weight = 0;
    for (std::size_t i = 0; i < certificate.signers.size() * 8; ++i) {
        if (!has_bit(certificate.signers, i)) continue;
        if (i >= table.size()) return std::unexpected{Fault::BadBitmap};
        ++signers;
        weight += table[i].weight;
    }
    if (signers != certificate.signatures.size()) return std::unexpected{Fault::BadBitmap};
    if (weight < table.quorum()) return std::unexpected{Fault::NoQuorum};
    return {};
}

chain::Result<void, Fault> verify(const Certificate& certificate, const Hash& genesis, const ValidatorTable& table,
                                  const Scheme& scheme) {
    TRY_VOID(verify_form(certificate, table));
    const SigningText text{certificate.statement, genesis};
    std::size_t next = 0;
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (!has_bit(certificate.signers, i)) continue;
        if (!scheme.verify(table[i].key, text.view(), certificate.signatures[next++]))
            return std::unexpected{Fault::BadSignature};
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
