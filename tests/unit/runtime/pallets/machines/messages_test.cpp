// The vectors were made by tests/vectors/generate/compute_messages.py, which shares no code with the chain.
#include "runtime/pallets/machines/messages.hpp"

#include "chain/crypto/hash.hpp"
#include "tests/support/json_file.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace tests;

namespace {

crypto::AccountId account(const boost::json::value& value) { return *crypto::account_from_string(text(value)); }

machines::Registration registration_of(const boost::json::object& vector) {
    return {.genesis = hash(vector.at("genesis")),
            .machine = account(vector.at("machine")),
            .owner = account(vector.at("owner")),
            .counter = static_cast<std::uint32_t>(vector.at("counter").as_int64()),
            .claims_hash = hash(vector.at("claims_hash")),
            .tls_key = hash(vector.at("tls_key")).value,
            .box_key = hash(vector.at("box_key")).value};
}

}  // namespace

TEST_CASE("machine messages are the committed bytes") {
    const auto vectors = json_file("tests/vectors/machine-messages.json");
    REQUIRE(vectors.as_array().size() == 3);
    for (const auto& each : vectors.as_array()) {
        const auto& vector = each.as_object();
        const auto key = crypto::SecretKey::from_bytes(bytes(vector.at("secret")));
        const auto registration = registration_of(vector);
        CHECK(key->account() == registration.machine);

        const auto claims = scale::decode<machines::Claims>(bytes(vector.at("claims")));
        REQUIRE(claims.has_value());
        CHECK(machines::hash_of(*claims) == registration.claims_hash);

        const auto digest = machines::registration_digest(registration);
        CHECK(digest == hash(vector.at("registration_digest")));
        CHECK(chain::to_hex(key->sign(digest).value) == text(vector.at("registration_signature")));

        CHECK(machines::rotation_digest({.genesis = registration.genesis,
                                         .machine = account(vector.at("rotation_of")),
                                         .new_signer = registration.machine,
                                         .owner = registration.owner,
                                         .counter = registration.counter,
                                         .tls_key = registration.tls_key,
                                         .box_key = registration.box_key}) == hash(vector.at("rotation_digest")));
        CHECK(machines::probe_answer({.genesis = registration.genesis,
                                      .machine = registration.machine,
                                      .seed = hash(vector.at("probe_seed")),
                                      .claims_hash = registration.claims_hash}) == hash(vector.at("probe_answer")));
    }
}

TEST_CASE("every part of a registration is signed") {
    const auto registration =
        registration_of(json_file("tests/vectors/machine-messages.json").as_array().front().as_object());
    const auto digest = machines::registration_digest(registration);
    const std::vector<std::function<void(machines::Registration&)>> changes{
        [](auto& r) { r.genesis.value[0] ^= 1; },     [](auto& r) { r.machine.value[0] ^= 1; },
        [](auto& r) { r.owner.value[0] ^= 1; },       [](auto& r) { ++r.counter; },
        [](auto& r) { r.claims_hash.value[0] ^= 1; }, [](auto& r) { r.tls_key[0] ^= 1; },
        [](auto& r) { r.box_key[0] ^= 1; },
    };
    for (const auto& change : changes) {
        auto changed = registration;
        change(changed);
        CHECK(machines::registration_digest(changed) != digest);
    }
}
