#include "chain/crypto/signature.hpp"

#include "chain/crypto/dev_keys.hpp"
#include "chain/crypto/hash.hpp"
#include "tests/support/json_file.hpp"

#include <catch2/catch.hpp>

#include <type_traits>

using namespace chain;
using crypto::recover;
using crypto::SecretKey;
using crypto::Signature;
using crypto::SignatureError;

namespace {

/// The order of the group, big-endian.
constexpr std::string_view order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

Signature signature_of(const boost::json::value& hex) { return {*array_from_hex<65>(tests::text(hex))}; }

/// The other signature that the same equation allows: s becomes order − s, v turns over.
Signature mirrored(Signature signature) {
    const Bytes n = *from_hex(order);
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
        const int digit = n[i] - signature.value[32 + i] - borrow;
        borrow = digit < 0 ? 1 : 0;
        signature.value[32 + i] = static_cast<std::uint8_t>(digit + 256 * borrow);
    }
    signature.value[64] ^= 1;
    return signature;
}

const Hash digest = crypto::keccak_256(to_bytes("a message"));

}  // namespace

TEST_CASE("signatures of ethers and polkadot.js name their signers, and ours are the same bytes") {
    const auto vectors = tests::json_file("tests/vectors/signatures.json");
    REQUIRE(vectors.as_array().size() == 40);
    for (const auto& vector : vectors.as_array()) {
        const Bytes message = tests::bytes(vector.at("message"));
        const Hash hashed = crypto::keccak_256(message);
        CHECK(hashed == tests::hash(vector.at("digest")));
        const auto account = crypto::account_from_string(tests::text(vector.at("account")));
        CHECK(recover(hashed, signature_of(vector.at("ethers"))).value() == account);
        CHECK(recover(hashed, signature_of(vector.at("polkadot"))).value() == account);
        // A wallet's personal_sign: v is 27 or 28.
        const Hash personal = crypto::ethereum_personal_digest(message);
        CHECK(recover(personal, signature_of(vector.at("personal"))).value() == account);

        const auto key = SecretKey::from_bytes(tests::bytes(vector.at("secret")));
        REQUIRE(key);
        CHECK(key->account() == account);
        CHECK(to_hex(key->public_key()) == tests::text(vector.at("publicKey")));
        CHECK(to_hex(key->sign(hashed).value) == tests::text(vector.at("ethers")));
    }
}

TEST_CASE("the mirrored signature recovers the same key and is refused") {
    for (const crypto::DevKey& dev : crypto::dev_keys()) {
        const Signature signature = crypto::dev_key(dev.name)->sign(digest);
        REQUIRE(recover(digest, signature));
        CHECK(recover(digest, mirrored(signature)).error() == SignatureError::HighS);
        CHECK(mirrored(mirrored(signature)) == signature);
    }
}

TEST_CASE("of all recovery ids only 0, 1, 27 and 28 are looked at") {
    const Signature signature = crypto::dev_key("Alith")->sign(digest);
    for (int v = 0; v < 256; ++v) {
        Signature changed = signature;
        changed.value[64] = static_cast<std::uint8_t>(v);
        const auto signer = recover(digest, changed);
        if (v == 0 || v == 1 || v == 27 || v == 28) {
            const bool same = (v % 27) == signature.value[64];
            CHECK((signer && *signer == crypto::dev_key("Alith")->account()) == same);
        } else {
            CHECK(signer.error() == SignatureError::BadRecoveryId);
        }
    }
}

TEST_CASE("numbers outside of the group are no signatures") {
    const Signature signature = crypto::dev_key("Alith")->sign(digest);
    const Bytes n = *from_hex(order);
    for (const std::size_t half : {0U, 32U}) {
        Signature zero = signature;
        Signature full = signature;
        for (std::size_t i = 0; i < 32; ++i) {
            zero.value[half + i] = 0;
            full.value[half + i] = n[i];
        }
        CHECK_FALSE(recover(digest, zero));
        CHECK(recover(digest, full).error() == SignatureError::NotRecoverable);
    }
    CHECK_FALSE(recover(digest, Signature{}));
}

TEST_CASE("one changed bit names somebody else or nobody") {
    const auto key = crypto::dev_key("Baltathar");
    const Signature signature = key->sign(digest);
    for (std::size_t bit = 0; bit < 512; ++bit) {
        Signature changed = signature;
        changed.value[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        const auto signer = recover(digest, changed);
        REQUIRE_FALSE((signer && *signer == key->account()));
    }
}

TEST_CASE("long payloads are hashed twice, from 257 bytes on") {
    const Bytes edge(256, 9);
    const Bytes beyond(257, 9);
    CHECK(crypto::ethereum_message_digest(edge) == crypto::keccak_256(edge));
    CHECK(crypto::ethereum_message_digest(beyond) == crypto::keccak_256(crypto::blake2b_256(beyond).value));
}

TEST_CASE("only numbers from one to the order are keys") {
    Bytes n = *from_hex(order);
    CHECK_FALSE(SecretKey::from_bytes(n));
    n.back() -= 1;
    CHECK(SecretKey::from_bytes(n));
    CHECK_FALSE(SecretKey::from_bytes(Bytes(32, 0)));
    CHECK_FALSE(SecretKey::from_bytes(Bytes(32, 0xff)));
    CHECK_FALSE(SecretKey::from_bytes(Bytes(31, 1)));
    CHECK_FALSE(SecretKey::from_bytes(Bytes(33, 1)));
}

TEST_CASE("a key that was moved away is gone from where it was") {
    static_assert(!std::is_copy_constructible_v<SecretKey>);
    SecretKey key = SecretKey::generate();
    const auto account = key.account();
    const SecretKey copy = key.clone();
    const SecretKey moved = std::move(key);
    CHECK(moved.account() == account);
    CHECK(copy.account() == account);
    CHECK(key.bytes() == std::array<std::uint8_t, 32>{});  // NOLINT(bugprone-use-after-move)
    CHECK(SecretKey::generate().bytes() != SecretKey::generate().bytes());
}
