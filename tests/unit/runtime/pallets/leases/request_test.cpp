// The vectors were made by tests/vectors/generate/compute_messages.py, which shares no code with the chain.
#include "runtime/pallets/leases/request.hpp"

#include "chain/crypto/hash.hpp"
#include "tests/support/json_file.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace tests;

namespace {

std::uint64_t number(const boost::json::value& value) {
    return static_cast<std::uint64_t>(*chain::from_decimal(text(value)));
}

leases::Request request_of(const boost::json::object& vector) {
    return {.genesis = hash(vector.at("genesis")),
            .machine = *crypto::account_from_string(text(vector.at("machine"))),
            .lease = {number(vector.at("lease"))},
            .method = std::string{text(vector.at("method"))},
            .body_hash = crypto::blake2b_256(bytes(vector.at("body"))),
            .nonce = number(vector.at("nonce")),
            .expiry_ms = number(vector.at("expiry_ms"))};
}

}  // namespace

TEST_CASE("renters' requests are the committed bytes") {
    const auto vectors = json_file("tests/vectors/renter-requests.json");
    REQUIRE(vectors.as_array().size() == 3);
    for (const auto& each : vectors.as_array()) {
        const auto& vector = each.as_object();
        const auto request = request_of(vector);
        const auto key = crypto::SecretKey::from_bytes(bytes(vector.at("secret")));
        CHECK(leases::request_digest(request) == hash(vector.at("digest")));
        const auto signature = leases::sign_request(*key, request);
        CHECK(chain::to_hex(signature.value) == text(vector.at("signature")));
        CHECK(leases::request_signer(request, signature) == *crypto::account_from_string(text(vector.at("renter"))));
    }
}

TEST_CASE("a request serves one machine, lease, method, body, nonce and minute") {
    const auto vector = json_file("tests/vectors/renter-requests.json").as_array().at(1).as_object();
    const auto request = request_of(vector);
    const auto key = crypto::SecretKey::from_bytes(bytes(vector.at("secret")));
    const auto signature = leases::sign_request(*key, request);
    const std::vector<std::function<void(leases::Request&)>> changes{
        [](auto& r) { r.genesis.value[0] ^= 1; },
        [](auto& r) { r.machine.value[0] ^= 1; },
        [](auto& r) { ++r.lease.value; },
        [](auto& r) { r.method += "x"; },
        [](auto& r) { r.method.pop_back(); },
        [](auto& r) { r.body_hash.value[0] ^= 1; },
        [](auto& r) { ++r.nonce; },
        [](auto& r) { ++r.expiry_ms; },
    };
    for (const auto& change : changes) {
        auto changed = request;
        change(changed);
        const auto signer = leases::request_signer(changed, signature);
        CHECK((!signer || *signer != key->account()));
    }
}
