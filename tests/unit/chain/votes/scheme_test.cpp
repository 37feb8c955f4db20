#include "chain/votes/scheme.hpp"

#include "chain/votes/vote.hpp"

#include <catch2/catch.hpp>

using namespace votes;

namespace {

const Hash genesis{{7}};
const Statement statement{Kind::Notarize, 1, 9, 8, Hash{{5}}};

/// Signs with the first byte of the key, for tests of what is done with a scheme.
class Initial : public Scheme {
public:
    bool verify(const crypto::Ed25519Public& key, chain::ByteView, const Signature& signature) const override {
        return signature[0] == key.value[0];
    }
};

ValidatorTable table() { return ValidatorTable{{{{{1}}, 1}, {{{2}}, 1}, {{{3}}, 1}, {{{4}}, 1}}}; }

Certificate certificate(std::uint8_t last) {
    return {.statement = statement, .signers = {0b0111}, .signatures = {{1}, {2}, {last}}};
}

}  // namespace

TEST_CASE("the signing text is the signing bytes, without an allocation") {
    for (const Kind kind : {Kind::Notarize, Kind::Nullify, Kind::Finalize}) {
        Statement said = statement;
        said.kind = kind;
        CHECK(chain::to_bytes(SigningText{said, genesis}.view()) == signing_bytes(said, genesis));
    }
}

TEST_CASE("a secret of the node's scheme signs what the scheme, and nobody else's key, confirms") {
    const Ed25519Secret secret{crypto::Ed25519Key::from_seed({3})};
    const Vote vote = sign(statement, genesis, 0, secret);
    const SigningText text{statement, genesis};
    CHECK(ed25519().verify(secret.public_key(), text.view(), vote.signature));
    CHECK_FALSE(ed25519().verify(crypto::Ed25519Key::from_seed({4}).public_key(), text.view(), vote.signature));
    CHECK(vote == sign(statement, genesis, 0, crypto::Ed25519Key::from_seed({3})));
}

TEST_CASE("votes and certificates are verified by the scheme that is given") {
    const Initial scheme;
    CHECK(verify(Vote{statement, 1, {2}}, genesis, table(), scheme));
    CHECK(verify(Vote{statement, 1, {3}}, genesis, table(), scheme).error() == Fault::BadSignature);
    CHECK(verify(Vote{statement, 4, {3}}, genesis, table(), scheme).error() == Fault::NoSuchValidator);
    CHECK(verify(certificate(3), genesis, table(), scheme));
    CHECK(verify(certificate(4), genesis, table(), scheme).error() == Fault::BadSignature);
}

TEST_CASE("the form of a certificate is judged without its signatures") {
    CHECK(verify_form(certificate(99), table()));
    Certificate two = certificate(3);
    two.signers = {0b0011};
    CHECK(verify_form(two, table()).error() == Fault::BadBitmap);
    two.signatures.pop_back();
    CHECK(verify_form(two, table()).error() == Fault::NoQuorum);
    Certificate stranger = certificate(3);
    stranger.signers = {0b10011};
    CHECK(verify_form(stranger, table()).error() == Fault::BadBitmap);
    stranger.signers = {0b0111, 0};
    CHECK(verify_form(stranger, table()).error() == Fault::BadBitmap);
}
