#include "chain/block/extrinsic.hpp"

#include "chain/block/block.hpp"
#include "chain/crypto/dev_keys.hpp"
#include "chain/crypto/hash.hpp"
#include "tests/support/json_file.hpp"

#include <catch2/catch.hpp>

using namespace chain;

namespace {

SecretKey alith() { return *crypto::dev_key("Alith"); }

SigningContext context_of(const boost::json::value& vector) {
    return {.spec_version = vector.at("specVersion").to_number<std::uint32_t>(),
            .transaction_version = vector.at("transactionVersion").to_number<std::uint32_t>(),
            .genesis = tests::hash(vector.at("genesisHash")),
            .birth_block = tests::hash(vector.at("eraBlockHash"))};
}

Extra extra_of(const boost::json::value& vector) {
    const bool immortal = tests::text(vector.at("era")) == "immortal";
    return {.era = immortal ? Era::immortal() : Era::mortal(64, 1'000),
            .nonce = {vector.at("nonce").to_number<std::uint32_t>()},
            .tip = {*from_decimal(tests::text(vector.at("tip")))},
            .metadata_hash_mode = 0};
}

/// The first four vectors are of a runtime without CheckMetadataHash: their extra and payload lack its bytes.
bool has_our_extensions(const boost::json::value& vector) {
    return tests::text(vector.at("runtime")).find("CheckMetadataHash") != std::string_view::npos;
}

}  // namespace

TEST_CASE("extrinsics of @polkadot/types come out byte for byte") {
    const auto vectors = tests::json_file("tests/vectors/extrinsic-v4-ethereum-signature.json");
    std::size_t ours = 0;
    for (const auto& vector : vectors.as_array()) {
        const Bytes call = tests::bytes(vector.at("callData"));
        Bytes payload = signing_payload(call, extra_of(vector), context_of(vector));
        Bytes extra = scale::encode(extra_of(vector));
        if (!has_our_extensions(vector)) {
            // Mode and metadata hash are one byte each, the last of the extra and of the payload.
            payload.erase(payload.begin() + static_cast<std::ptrdiff_t>(call.size() + extra.size()) - 1);
            payload.pop_back();
            extra.pop_back();
        }
        CHECK(to_hex(extra) == tests::text(vector.at("extra")));
        CHECK(to_hex(payload) == tests::text(vector.at("payload")));

        const Hash digest = crypto::ethereum_message_digest(payload);
        CHECK(to_hex(digest) == tests::text(vector.at("keccak")));
        const Signature signature = alith().sign(digest);
        CHECK(to_hex(signature.value) == tests::text(vector.at("signature")));
        CHECK(crypto::recover(digest, signature).value() == alith().account());

        const auto whole = tests::bytes(vector.at("extrinsic"));
        CHECK(to_hex(crypto::blake2b_256(whole)) == tests::text(vector.at("txHash")));
        const Bytes extrinsic = without_length_prefix(whole).value();
        CHECK(extrinsic_hash(extrinsic) == tests::hash(vector.at("txHash")));
        CHECK(with_length_prefix(extrinsic) == whole);

        if (!has_our_extensions(vector)) continue;
        ++ours;
        CHECK(sign_extrinsic(alith(), call, extra_of(vector), context_of(vector)) == extrinsic);
        const Transaction transaction = decode_extrinsic(extrinsic).value();
        CHECK(transaction.call == call);
        CHECK(transaction.signed_part->signer == alith().account());
        CHECK(transaction.signed_part->extra == extra_of(vector));
        CHECK(signature_holds(transaction, context_of(vector)));
        CHECK(encode_extrinsic(transaction) == extrinsic);
    }
    CHECK(ours == 4);
    CHECK(vectors.as_array().size() == 8);
}

TEST_CASE("the older runtime's extrinsics are its parts in our order, without the last extension") {
    const auto vectors = tests::json_file("tests/vectors/extrinsic-v4-ethereum-signature.json");
    for (const auto& vector : vectors.as_array()) {
        if (has_our_extensions(vector)) continue;
        Bytes extrinsic{0x84};
        append(extrinsic, alith().account().value);
        append(extrinsic, tests::bytes(vector.at("signature")));
        append(extrinsic, tests::bytes(vector.at("extra")));
        append(extrinsic, tests::bytes(vector.at("callData")));
        CHECK(to_hex(with_length_prefix(extrinsic)) == tests::text(vector.at("extrinsic")));
    }
}

TEST_CASE("a signature does not survive a change of anything it covers") {
    const SigningContext context{.spec_version = 1, .transaction_version = 1, .genesis = {{1}}, .birth_block = {{2}}};
    const Extra extra{.era = Era::mortal(64, 10), .nonce = {3}, .tip = {4}};
    const auto made = decode_extrinsic(sign_extrinsic(alith(), Bytes{1, 2, 3}, extra, context)).value();
    REQUIRE(signature_holds(made, context));

    auto changed = made;
    changed.call.back() ^= 1;
    CHECK_FALSE(signature_holds(changed, context));
    changed = made;
    changed.signed_part->extra.nonce.value += 1;
    CHECK_FALSE(signature_holds(changed, context));
    changed = made;
    changed.signed_part->extra.tip.value += 1;
    CHECK_FALSE(signature_holds(changed, context));
    changed = made;
    changed.signed_part->extra.era = Era::immortal();
    CHECK_FALSE(signature_holds(changed, context));
    changed = made;
    changed.signed_part->signer = crypto::dev_key("Baltathar")->account();
    CHECK_FALSE(signature_holds(changed, context));
    changed = made;
    changed.signed_part.reset();
    CHECK_FALSE(signature_holds(changed, context));

    auto elsewhere = context;
    elsewhere.genesis.value[0] ^= 1;
    CHECK_FALSE(signature_holds(made, elsewhere));
    elsewhere = context;
    elsewhere.birth_block.value[0] ^= 1;
    CHECK_FALSE(signature_holds(made, elsewhere));
    elsewhere = context;
    elsewhere.spec_version += 1;
    CHECK_FALSE(signature_holds(made, elsewhere));
    elsewhere = context;
    elsewhere.transaction_version += 1;
    CHECK_FALSE(signature_holds(made, elsewhere));
}

TEST_CASE("a bare extrinsic is its version and its call") {
    const Bytes bare{0x04, 1, 0, 9};
    const auto transaction = decode_extrinsic(bare).value();
    CHECK_FALSE(transaction.signed_part);
    CHECK(transaction.call == Bytes{1, 0, 9});
    CHECK(encode_extrinsic(transaction) == bare);
}

TEST_CASE("extrinsics of other versions and cut ones are refused with their reason") {
    CHECK(decode_extrinsic({}).error() == ExtrinsicError::Malformed);
    for (const std::uint8_t version : Bytes{0x00, 0x03, 0x05, 0x44, 0x45, 0x83, 0x85, 0xff})
        CHECK(decode_extrinsic(Bytes{version, 0, 0}).error() == ExtrinsicError::UnknownVersion);
    const Bytes whole = sign_extrinsic(alith(), {}, {.era = Era::mortal(64, 1), .nonce = {70}, .tip = {tph}}, {});
    for (std::size_t size = 1; size < whole.size(); ++size)
        CHECK(decode_extrinsic(ByteView{whole}.first(size)).error() == ExtrinsicError::Malformed);
    CHECK(decode_extrinsic(whole));
}

TEST_CASE("a length prefix is the shortest one and exact") {
    CHECK(without_length_prefix({}).error() == ExtrinsicError::BadLengthPrefix);
    CHECK(without_length_prefix(Bytes{0x08, 1}).error() == ExtrinsicError::BadLengthPrefix);
    CHECK(without_length_prefix(Bytes{0x04, 1, 2}).error() == ExtrinsicError::BadLengthPrefix);
    CHECK(without_length_prefix(Bytes{0x05, 0x00, 1}).error() == ExtrinsicError::BadLengthPrefix);
    CHECK(without_length_prefix(Bytes{0x00}).value().empty());
    for (const std::size_t size : {0U, 1U, 63U, 64U, 16'383U, 16'384U, 70'000U}) {
        const Bytes body(size, 5);
        CHECK(without_length_prefix(with_length_prefix(body)).value() == body);
    }
}
