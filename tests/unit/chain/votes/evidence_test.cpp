#include "chain/votes/evidence.hpp"

#include "tests/support/golden.hpp"

#include <catch2/catch.hpp>

using namespace votes;

namespace {

const Hash genesis{{7}};
const Hash a{{1}}, b{{2}};
constexpr std::uint32_t leader = 0;

crypto::Ed25519Key key(std::uint32_t i) { return crypto::Ed25519Key::from_seed({static_cast<std::uint8_t>(i), 1}); }

/// Validators of equal weight; validator i has key(i).
ValidatorTable table_of(std::uint32_t size) {
    std::vector<Validator> out;
    for (std::uint32_t i = 0; i < size; ++i) out.push_back({key(i).public_key(), 1});
    return ValidatorTable{std::move(out)};
}
const ValidatorTable four = table_of(4);

Statement notarize(std::uint64_t view, std::uint64_t parent, const Hash& block) {
    return {Kind::Notarize, 1, view, parent, block};
}
Statement finalize(std::uint64_t view, std::uint64_t parent, const Hash& block) {
    return {Kind::Finalize, 1, view, parent, block};
}
Statement nullify(std::uint64_t view) { return {.kind = Kind::Nullify, .epoch = 1, .view = view}; }

Vote by(std::uint32_t who, const Statement& statement) { return sign(statement, genesis, who, key(who)); }
Certificate by_all(const std::vector<std::uint32_t>& who, const Statement& statement) {
    std::vector<Vote> out;
    for (const auto i : who) out.push_back(by(i, statement));
    return certify(std::move(out), four);
}

/// Null where it holds; else what is wrong with it.
std::optional<votes::Fault> flaw(const Evidence& evidence) {
    const auto done = verify(evidence, genesis, four, leader);
    return done ? std::nullopt : std::optional{done.error()};
}

using Kinds = Contradiction::Kind;
Contradiction contradiction(Kinds kind, std::uint32_t who, const Statement& first, const Statement& second) {
    return {kind, by(who, first), by(who, second)};
}

/// Validator 2 signs with the key of somebody who is no validator of the epoch.
VoteFromOutside from_outside(const Statement& statement) {
    return {sign(statement, genesis, 2, key(9)), key(9).public_key()};
}

/// One of each kind, all of them good.
std::vector<Evidence> all_kinds() {
    return {contradiction(Kinds::TwoNotarizes, 1, notarize(5, 4, a), notarize(5, 3, a)),
            contradiction(Kinds::TwoFinalizes, 1, finalize(5, 4, a), finalize(5, 4, b)),
            contradiction(Kinds::NullifyAndFinalize, 1, nullify(5), finalize(5, 4, b)),
            contradiction(Kinds::TwoProposals, leader, notarize(5, 4, a), notarize(5, 4, b)),
            FinalViewSkipped{by(1, notarize(7, 4, b)), by_all({0, 2, 3}, finalize(5, 4, a))},
            from_outside(notarize(5, 4, a))};
}

}  // namespace

TEST_CASE("S1 to S6: evidence of each kind convinces whoever knows the validators") {
    for (const Evidence& evidence : all_kinds()) {
        INFO(name(evidence));
        CHECK_FALSE(flaw(evidence));
        CHECK(verify(evidence, Hash{{8}}, four, leader).error() == votes::Fault::BadSignature);
    }
}

TEST_CASE("what honest validators do is no evidence, however it is put") {
    for (const auto kind : {Kinds::TwoNotarizes, Kinds::TwoFinalizes, Kinds::NullifyAndFinalize, Kinds::TwoProposals})
        for (const auto& [first, second] :
             std::vector<std::pair<Statement, Statement>>{{notarize(5, 4, a), notarize(5, 4, a)},  // said twice
                                                          {notarize(5, 4, a), notarize(6, 4, b)},  // two views
                                                          {notarize(5, 4, a), nullify(5)},  // changed its mind in time
                                                          {notarize(5, 4, a), finalize(5, 4, a)},
                                                          {finalize(5, 4, a), nullify(6)}})
            CHECK(flaw(contradiction(kind, leader, first, second)) == votes::Fault::NoOffence);
    // Two validators may differ; and who did not lead did not propose.
    CHECK(flaw(Contradiction{Kinds::TwoNotarizes, by(0, notarize(5, 4, a)), by(1, notarize(5, 4, b))}) ==
          votes::Fault::NoOffence);
    CHECK(flaw(contradiction(Kinds::TwoProposals, 1, notarize(5, 4, a), notarize(5, 4, b))) == votes::Fault::NoOffence);
}

TEST_CASE("S5: only a vote over a final view is charged: not on it, not up to it, not in another epoch") {
    const auto charge = [](const Statement& vote, const Statement& final) {
        return flaw(FinalViewSkipped{by(1, vote), by_all({0, 2, 3}, final)});
    };
    CHECK_FALSE(charge(notarize(7, 4, b), finalize(5, 4, a)));
    CHECK_FALSE(charge(notarize(7, 4, b), finalize(6, 5, a)));
    CHECK(charge(notarize(7, 5, b), finalize(5, 4, a)) == votes::Fault::NoOffence);
    CHECK(charge(notarize(5, 3, b), finalize(5, 4, a)) == votes::Fault::NoOffence);
    CHECK(charge(notarize(4, 3, b), finalize(5, 4, a)) == votes::Fault::NoOffence);
    CHECK(charge(finalize(7, 4, b), finalize(5, 4, a)) == votes::Fault::NoOffence);
    CHECK(charge(notarize(7, 4, b), notarize(5, 4, a)) == votes::Fault::NoOffence);
    Statement other = finalize(5, 4, a);
    other.epoch = 2;
    CHECK(charge(notarize(7, 4, b), other) == votes::Fault::NoOffence);
}

TEST_CASE("S5: without a quorum behind the final view there is no charge") {
    Certificate few = by_all({0, 2, 3}, finalize(5, 4, a));
    few.signers = {0b0101};
    few.signatures.pop_back();
    CHECK(flaw(FinalViewSkipped{by(1, notarize(7, 4, b)), few}) == votes::Fault::NoQuorum);
    Certificate forged = by_all({0, 2, 3}, finalize(5, 4, a));
    forged.signatures[1][3] ^= 1;
    CHECK(flaw(FinalViewSkipped{by(1, notarize(7, 4, b)), forged}) == votes::Fault::BadSignature);
}

TEST_CASE("S5: whoever shows the nullification that he relied on names more than a third of the weight") {
    // Validators 2 and 3 lie, half of the weight: view 5 is final and nullified.
    const Certificate final = by_all({0, 2, 3}, finalize(5, 4, a));
    const Certificate skipped = by_all({1, 2, 3}, nullify(5));
    REQUIRE_FALSE(flaw(FinalViewSkipped{by(1, notarize(6, 4, b)), final}));
    const auto guilty = who_said_both(skipped, final);
    REQUIRE(guilty.size() == 2);
    chain::u128 weight = 0;
    for (const Contradiction& both : guilty) {
        CHECK_FALSE(flaw(both));
        CHECK((both.first.validator == 2 || both.first.validator == 3));
        weight += four[both.first.validator].weight;
    }
    CHECK(weight * 3 > four.total());
}

TEST_CASE(
    "any two final blocks in conflict convict more than a third: by what they said, or by what they cannot show") {
    // F[5] and F[7], whose block stands on view 4. Someone signed N[7] over view 5.
    const Certificate final = by_all({0, 1, 2}, finalize(5, 4, a));
    const Certificate other = by_all({1, 2, 3}, notarize(7, 4, b));
    // Either nobody can show X[5]: then all who signed N[7] are guilty, a quorum.
    chain::u128 charged = 0;
    for (const Vote& vote : votes_of(other)) {
        CHECK_FALSE(flaw(FinalViewSkipped{vote, final}));
        charged += four[vote.validator].weight;
    }
    CHECK(charged >= four.quorum());
    // Or somebody can, and whatever quorum it is of, it shares a third with F[5].
    for (const std::vector<std::uint32_t>& signers :
         {std::vector<std::uint32_t>{0, 1, 3}, {0, 2, 3}, {1, 2, 3}, {0, 1, 2}, {0, 1, 2, 3}})
        CHECK(who_said_both(by_all(signers, nullify(5)), final).size() * 3 > four.size());
}

TEST_CASE("S6: a vote is from outside only where its key is no validator's, and it is that key's own") {
    CHECK_FALSE(flaw(from_outside(notarize(5, 4, a))));
    CHECK_FALSE(flaw(from_outside(nullify(5))));
    // A validator under another's index is a bad vote, not an outsider.
    CHECK(flaw(VoteFromOutside{sign(nullify(5), genesis, 2, key(1)), key(1).public_key()}) == votes::Fault::NoOffence);
    CHECK(flaw(VoteFromOutside{by(2, nullify(5)), key(9).public_key()}) == votes::Fault::BadSignature);
}

TEST_CASE("forged evidence of any kind is refused") {
    for (Evidence evidence : all_kinds()) {
        INFO(name(evidence));
        std::visit(
            [](auto& said) {
                if constexpr (requires { said.second; }) said.second.signature[5] ^= 1;
                else said.vote.signature[5] ^= 1;
            },
            evidence);
        CHECK(flaw(evidence) == votes::Fault::BadSignature);
    }
}

TEST_CASE("evidence survives its encoding, which is golden; other bytes are refused") {
    std::string lines;
    for (const Evidence& evidence : all_kinds()) {
        const Bytes bytes = encode(evidence);
        CHECK(decode_evidence(bytes).value() == evidence);
        lines += std::string{name(evidence)} + " " + chain::to_hex(bytes) + "\n";
        for (std::size_t size = 0; size < bytes.size(); ++size)
            CHECK_FALSE(decode_evidence(chain::ByteView{bytes}.first(size)));
        Bytes longer = bytes;
        longer.push_back(0);
        CHECK_FALSE(decode_evidence(longer));
    }
    tests::check_golden("evidence.txt", lines);
    CHECK_FALSE(decode_evidence(Bytes{3}));
}

TEST_CASE("evidence keeps its bounds and has one form") {
    FinalViewSkipped wide{by(1, notarize(7, 4, b)), by_all({0, 2, 3}, finalize(5, 4, a))};
    CHECK(decode_evidence(encode(wide), 3));
    CHECK_FALSE(decode_evidence(encode(wide), 2));
    wide.skipped.signers.resize(200);
    CHECK_FALSE(decode_evidence(encode(wide)));
    Contradiction named = contradiction(Kinds::NullifyAndFinalize, 1, nullify(5), finalize(5, 4, b));
    named.first.statement.block = a;
    CHECK_FALSE(decode_evidence(encode(named)));
}
