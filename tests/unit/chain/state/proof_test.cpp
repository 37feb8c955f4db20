#include "chain/state/proof.hpp"

#include "chain/crypto/hash.hpp"
#include "chain/state/memory_nodes.hpp"
#include "chain/trie/trie.hpp"
#include "tests/support/random_state.hpp"

#include <catch2/catch.hpp>

using namespace chain;
using state::MapState;
using state::MemoryNodes;
using state::ProofError;
using state::verify_proof;

namespace {

struct Proven {
    MapState state;
    MemoryNodes nodes;
    Hash root;

    explicit Proven(MapState of) : state(std::move(of)) {
        auto update = state::update_trie(MemoryNodes{}, MapState{}, {state.entries.begin(), state.entries.end()});
        root = update.root;
        nodes.apply(update.nodes);
    }
    std::vector<Bytes> proof(const std::vector<Bytes>& keys) const { return state::read_proof(nodes, state, keys); }
};

MapState random_state(tests::RandomState& random, std::uint32_t size) {
    MapState state;
    for (std::uint32_t i = 0; i < size; ++i) state.entries[random.key()] = random.value();
    return state;
}

Proven accounts() {
    MapState state;
    for (std::uint8_t n = 0; n < 200; ++n) {
        Bytes key(48, 0x26);
        append(key, crypto::blake2b_256(Bytes{n}).value);
        state.entries[key] = Bytes(80, n);
    }
    return Proven{state};
}

}  // namespace

TEST_CASE("a proof shows the value of a present key and the absence of another") {
    const Proven world = accounts();
    const Bytes present = world.state.entries.begin()->first;
    Bytes absent = present;
    absent.back() ^= 1;
    const auto proof = world.proof({present, absent});
    CHECK(verify_proof(world.root, proof, present).value() == world.state.get(present));
    CHECK(verify_proof(world.root, proof, absent).value() == std::nullopt);
    CHECK(verify_proof(world.root, proof, {}).value() == std::nullopt);
    // Root, one or two branches, the leaf and its value: not the state.
    CHECK(proof.size() <= 5);
}

TEST_CASE("every present and absent key of random states is proven") {
    for (std::uint32_t seed = 1; seed <= 150; ++seed) {
        CAPTURE(seed);
        tests::RandomState random{seed};
        const Proven world{random_state(random, random.pick(30))};
        std::vector<Bytes> keys;
        for (const auto& [key, value] : world.state.entries) keys.push_back(key);
        for (int i = 0; i < 30; ++i) keys.push_back(random.key());
        const auto together = world.proof(keys);
        for (const Bytes& key : keys) {
            REQUIRE(verify_proof(world.root, world.proof({key}), key).value() == world.state.get(key));
            REQUIRE(verify_proof(world.root, together, key).value() == world.state.get(key));
        }
    }
}

TEST_CASE("a proof without any one of its elements is refused, and never lies") {
    tests::RandomState random{5};
    const Proven world{random_state(random, 40)};
    for (const auto& [key, value] : world.state.entries) {
        const auto whole = world.proof({key});
        for (std::size_t missing = 0; missing < whole.size(); ++missing) {
            auto cut = whole;
            cut.erase(cut.begin() + static_cast<std::ptrdiff_t>(missing));
            const auto answer = verify_proof(world.root, cut, key);
            REQUIRE_FALSE(answer);
            CHECK((answer.error() == ProofError::MissingNode || answer.error() == ProofError::MissingValue));
        }
    }
}

TEST_CASE("a forged element is as good as none") {
    const Proven world = accounts();
    const Bytes key = world.state.entries.begin()->first;
    const auto whole = world.proof({key});
    for (std::size_t element = 0; element < whole.size(); ++element) {
        for (std::size_t byte = 0; byte < whole[element].size(); ++byte) {
            auto forged = whole;
            forged[element][byte] ^= 0x01;
            REQUIRE_FALSE(verify_proof(world.root, forged, key));
        }
    }
    Hash other = world.root;
    other.value[0] ^= 1;
    CHECK(verify_proof(other, whole, key).error() == ProofError::MissingNode);
}

TEST_CASE("bytes that hash to the root but are no node are called so") {
    const Bytes nonsense{0x01, 2, 3};
    const Hash root = crypto::blake2b_256(nonsense);
    CHECK(verify_proof(root, std::vector<Bytes>{nonsense}, Bytes{1}).error() == ProofError::MalformedNode);
}

TEST_CASE("elements that nobody needs do no harm") {
    const Proven world = accounts();
    const Bytes key = world.state.entries.begin()->first;
    auto proof = world.proof({key});
    proof.push_back({});
    proof.push_back(Bytes(1'000, 9));
    proof.push_back(proof.front());
    CHECK(verify_proof(world.root, proof, key).value() == world.state.get(key));
}

TEST_CASE("the empty state proves every absence") {
    const Proven world{MapState{}};
    REQUIRE(world.root == trie::empty_root);
    CHECK(world.proof({Bytes{1}}) == std::vector<Bytes>{{0}});
    CHECK(verify_proof(world.root, world.proof({Bytes{1}}), Bytes{1}).value() == std::nullopt);
}
