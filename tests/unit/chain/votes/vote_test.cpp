#include "chain/votes/vote.hpp"

#include <catch2/catch.hpp>

using namespace votes;

namespace {

crypto::Ed25519Key key(std::uint8_t i) { return crypto::Ed25519Key::from_seed({i, 1}); }

/// Validators with these weights; validator i has key(i).
ValidatorTable table_of(std::vector<std::uint64_t> weights) {
    std::vector<Validator> out;
    for (std::size_t i = 0; i < weights.size(); ++i)
        out.push_back({key(static_cast<std::uint8_t>(i)).public_key(), weights[i]});
    return ValidatorTable{std::move(out)};
}

const Hash genesis{{7}};
const Statement final_block{Kind::Finalize, 1, 9, 8, Hash{{5}}};

Certificate signed_by(const Statement& statement, std::vector<std::uint32_t> who, const ValidatorTable& table) {
    std::vector<Vote> all;
    for (const auto i : who) all.push_back(sign(statement, genesis, i, key(static_cast<std::uint8_t>(i))));
    return certify(std::move(all), table);
}

}  // namespace

TEST_CASE("what is signed names the chain, the kind and the whole statement") {
    const auto bytes = signing_bytes(final_block, genesis);
    CHECK(bytes.size() == 13 + 32 + 1 + 8 + 8 + 8 + 32);
    CHECK(chain::as_text(chain::ByteView{bytes}.first(13)) == "tephra/vote/1");
    CHECK(bytes != signing_bytes(final_block, Hash{{8}}));
    for (auto other : {Statement{Kind::Notarize, 1, 9, 8, Hash{{5}}}, Statement{Kind::Finalize, 2, 9, 8, Hash{{5}}},
                       Statement{Kind::Finalize, 1, 10, 8, Hash{{5}}}, Statement{Kind::Finalize, 1, 9, 7, Hash{{5}}},
                       Statement{Kind::Finalize, 1, 9, 8, Hash{{6}}}})
        CHECK(bytes != signing_bytes(other, genesis));
    CHECK(signing_bytes({Kind::Nullify, 1, 9}, genesis).size() == 13 + 32 + 1 + 8 + 8);
}

TEST_CASE("a vote convinces only under its own statement, signer and chain") {
    const auto table = table_of({1, 1});
    auto vote = sign(final_block, genesis, 1, key(1));
    CHECK(verify(vote, genesis, table));
    CHECK(verify(vote, Hash{{8}}, table).error() == votes::Fault::BadSignature);
    vote.validator = 0;
    CHECK(verify(vote, genesis, table).error() == votes::Fault::BadSignature);
    vote.validator = 2;
    CHECK(verify(vote, genesis, table).error() == votes::Fault::NoSuchValidator);
}

TEST_CASE("a quorum is more than two thirds of the weight") {
    CHECK(table_of({1}).quorum() == 1);
    CHECK(table_of({1, 1, 1, 1}).quorum() == 3);
    CHECK(table_of({3, 3, 3}).quorum() == 7);
    const std::uint64_t huge = ~0ULL;
    CHECK(table_of({huge, huge, huge}).quorum() == chain::u128{huge} * 2 + 1);

    const auto table = table_of({5, 1, 1, 1});  // quorum 6
    CHECK(verify(signed_by(final_block, {0, 1}, table), genesis, table));
    CHECK(verify(signed_by(final_block, {0}, table), genesis, table).error() == votes::Fault::NoQuorum);
    CHECK(verify(signed_by(final_block, {1, 2, 3}, table), genesis, table).error() == votes::Fault::NoQuorum);
}

TEST_CASE("a forged certificate is found out") {
    const auto table = table_of({1, 1, 1, 1});
    const auto good = signed_by(final_block, {3, 0, 2}, table);
    REQUIRE(verify(good, genesis, table));
    CHECK(good.signers == Bytes{0b1101});

    auto bad = good;
    bad.statement.block = Hash{{6}};
    CHECK(verify(bad, genesis, table).error() == votes::Fault::BadSignature);
    bad = good;
    bad.signers = {0b0111};  // another validator is said to have signed
    CHECK(verify(bad, genesis, table).error() == votes::Fault::BadSignature);
    bad = good;
    bad.signers = {0b11101};  // a validator who does not exist
    CHECK(verify(bad, genesis, table).error() == votes::Fault::BadBitmap);
    bad = good;
    bad.signers.push_back(0);
    CHECK(verify(bad, genesis, table).error() == votes::Fault::BadBitmap);
    bad = good;
    bad.signatures.pop_back();
    CHECK(verify(bad, genesis, table).error() == votes::Fault::BadBitmap);
    bad = good;
    bad.signatures[1] = bad.signatures[0];  // one signature counted twice
    CHECK(verify(bad, genesis, table).error() == votes::Fault::BadSignature);
}

TEST_CASE("a certificate survives its encoding") {
    const auto table = table_of({1});
    const auto good = signed_by(final_block, {0}, table);
    CHECK(scale::decode<Certificate>(scale::encode(good)).value() == good);
}
