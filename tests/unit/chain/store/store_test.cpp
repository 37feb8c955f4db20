#include "chain/store/store.hpp"

#include "chain/state/memory_nodes.hpp"
#include "chain/state/proof.hpp"
#include "chain/state/trie_update.hpp"
#include "tests/support/random_state.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace store;

namespace {

Header header_of(const Hash& parent, std::uint32_t number, const Hash& root) {
    return {.parent_hash = parent, .number = {number}, .state_root = root, .extrinsics_root = {}, .digest = {}};
}

/// A chain that writes random differences, and remembers the state after each block by itself.
struct Chain {
    tests::TempFolder folder;
    Limits limits{.states = 12, .proofs = 4};
    tests::RandomState random{7};
    std::vector<state::MapState> states;
    std::vector<Hash> hashes;
    std::vector<Hash> roots;
    std::unique_ptr<Store> store;

    Chain() {
        open();
        state::MapState genesis;
        genesis.apply(random.diff(genesis, 40));
        const Hash root = trie_root(genesis);
        const Block block{header_of({}, 0, root), {}};
        hashes.push_back(chain::hash_of(block.header));
        roots.push_back(root);
        states.push_back(genesis);
        REQUIRE(store->begin(hashes[0], block, genesis));
    }

    void open() {
        store.reset();
        auto opened = Store::open(folder.path() / "chain", limits);
        REQUIRE(opened);
        store = *std::move(opened);
    }

    static Hash trie_root(const state::MapState& state) {
        return state::update_trie(state::MemoryNodes{}, state::MapState{}, {state.entries.begin(), state.entries.end()})
            .root;
    }

    std::uint32_t head() const { return static_cast<std::uint32_t>(states.size() - 1); }

    void grow() {
        const auto diff = random.diff(states.back(), 12);
        const auto view = store->snapshot();
        const auto update = state::update_trie(*view, *view, diff);
        const Block block{header_of(hashes.back(), head() + 1, update.root), {{1, static_cast<std::uint8_t>(head())}}};
        const Hash hash = chain::hash_of(block.header);
        REQUIRE(store->commit({hash, block, diff, update.nodes, Bytes{9, static_cast<std::uint8_t>(head())}}));
        states.push_back(states.back());
        states.back().apply(diff);
        hashes.push_back(hash);
        roots.push_back(update.root);
    }

    /// Several blocks in one batch, each executed on top of the one before it.
    void grow_at_once(std::size_t count) {
        struct Made {
            Hash hash;
            Block block;
            std::shared_ptr<state::BlockLayer> layer;
        };
        const auto base = store->snapshot();
        std::vector<Made> made;
        std::vector<Commit> commits;
        for (std::size_t i = 0; i < count; ++i) {
            const auto parent = made.empty() ? nullptr : made.back().layer;
            const state::LayeredView view{parent, base, base};
            auto diff = random.diff(states.back(), 12);
            states.push_back(states.back());
            states.back().apply(diff);
            auto update = state::update_trie(view, view, diff);
            Block block{header_of(hashes.back(), head(), update.root), {{2, static_cast<std::uint8_t>(i)}}};
            hashes.push_back(chain::hash_of(block.header));
            roots.push_back(update.root);
            made.push_back(
                {hashes.back(), std::move(block),
                 std::make_shared<state::BlockLayer>(state::BlockLayer{
                     hashes.back(), head(), update.root, std::move(diff), std::move(update.nodes), parent})});
        }
        for (const Made& m : made)
            commits.push_back({m.hash, m.block, m.layer->diff, m.layer->nodes,
                               &m == &made.back() ? Bytes{9, static_cast<std::uint8_t>(head() - 1)} : Bytes{}});
        REQUIRE(store->commit(commits));
    }

    static std::map<Bytes, Bytes, state::ByteOrder> read_all(const state::StateView& view) {
        std::map<Bytes, Bytes, state::ByteOrder> out;
        if (auto value = view.get({})) out.emplace(Bytes{}, *value);
        for (auto key = view.next_key({}); key; key = view.next_key(*key)) out.emplace(*key, view.get(*key).value());
        return out;
    }
};

}  // namespace

TEST_CASE("every kept block reads exactly as it was, however the chain went on") {
    Chain chain;
    for (int i = 0; i < 40; ++i) {
        chain.grow();
        const std::uint32_t head = chain.head();
        for (std::uint32_t n = 0; n <= head; ++n) {
            const auto view = chain.store->snapshot_at(n);
            CHECK((view != nullptr) == (n + 12 >= head));
            if (!view) continue;
            CHECK(Chain::read_all(*view) == chain.states[n].entries);
            CHECK(view->can_prove() == (n + 4 >= head));
            if (view->can_prove()) CHECK(state::root_of(*view, *view) == chain.roots[n]);
        }
    }
    CHECK(chain.store->verify_state());
}

TEST_CASE("blocks that became final together read as if each had come alone") {
    Chain chain;
    // Also more at once than history is kept of.
    for (const std::size_t count : {3U, 1U, 7U, 20U, 2U}) {
        chain.grow_at_once(count);
        chain.grow();
        const std::uint32_t head = chain.head();
        for (std::uint32_t n = 0; n <= head; ++n) {
            const auto view = chain.store->snapshot_at(n);
            CHECK((view != nullptr) == (n + 12 >= head));
            if (!view) continue;
            CHECK(Chain::read_all(*view) == chain.states[n].entries);
            if (view->can_prove()) CHECK(state::root_of(*view, *view) == chain.roots[n]);
        }
    }
    CHECK(chain.store->verify_state());
    CHECK(chain.store->certificate(chain.hashes[1]) == Bytes{});
    CHECK(chain.store->certificate(chain.hashes[3]) == Bytes{9, 2});
}

TEST_CASE("a proof from an older block convinces a verifier who knows only its root") {
    Chain chain;
    for (int i = 0; i < 20; ++i) chain.grow();
    const std::uint32_t number = chain.head() - 3;
    const auto view = chain.store->snapshot_at(number);
    REQUIRE(view->can_prove());
    for (int i = 0; i < 20; ++i) {
        const Bytes key = chain.random.key();
        const std::vector<Bytes> keys{key};
        const auto proof = state::read_proof(*view, *view, keys);
        CHECK(state::verify_proof(chain.roots[number], proof, key).value() == chain.states[number].get(key));
    }
}

TEST_CASE("a snapshot does not see later blocks, nor their pruning") {
    Chain chain;
    for (int i = 0; i < 5; ++i) chain.grow();
    const auto head = chain.store->snapshot();
    const auto older = chain.store->snapshot_at(2);
    for (int i = 0; i < 30; ++i) chain.grow();
    CHECK(chain.store->snapshot_at(2) == nullptr);
    CHECK(Chain::read_all(*head) == chain.states[5].entries);
    CHECK(Chain::read_all(*older) == chain.states[2].entries);
}

TEST_CASE("what was committed is there after a restart, with bodies, certificates and history") {
    Chain chain;
    for (int i = 0; i < 15; ++i) chain.grow();
    chain.open();
    CHECK(chain.store->head() == Head{chain.hashes[15], 15, chain.roots[15]});
    CHECK(chain.store->genesis() == chain.hashes[0]);
    CHECK(chain.store->block(chain.hashes[7])->extrinsics == std::vector<Bytes>{{1, 6}});
    CHECK(chain.store->certificate(chain.hashes[7]) == Bytes{9, 6});
    CHECK(chain.store->certificate(chain.hashes[0]) == std::nullopt);
    CHECK(chain.store->hash_of(7) == chain.hashes[7]);
    CHECK(chain.store->hash_of(16) == std::nullopt);
    CHECK(chain.store->header(Hash{{1}}) == std::nullopt);
    CHECK(Chain::read_all(*chain.store->snapshot_at(9)) == chain.states[9].entries);
    CHECK(chain.store->verify_state());
    chain.grow();
    CHECK(chain.store->head()->number == 16);
}

TEST_CASE("history catches up when its limits became smaller, and starts afresh when they grew") {
    Chain chain;
    for (int i = 0; i < 30; ++i) chain.grow();
    chain.limits = {.states = 3, .proofs = 1};
    chain.open();
    chain.grow();
    CHECK(chain.store->snapshot_at(chain.head() - 3) != nullptr);
    CHECK(chain.store->snapshot_at(chain.head() - 4) == nullptr);
    chain.limits = {.states = 12, .proofs = 4};
    chain.open();
    for (int i = 0; i < 3; ++i) chain.grow();
    CHECK(Chain::read_all(*chain.store->snapshot_at(chain.head() - 6)) == chain.states[chain.head() - 6].entries);
    CHECK(chain.store->snapshot_at(chain.head() - 7) == nullptr);
}

TEST_CASE("a data folder in use is refused, with what to do") {
    Chain chain;
    const auto second = Store::open(chain.folder.path() / "chain");
    REQUIRE_FALSE(second);
    CHECK_THAT(second.error().text,
               Catch::Contains("another process uses the data folder") && Catch::Contains("--data"));
}

TEST_CASE("the folder of another chain is refused, with both beginnings") {
    Chain chain;
    const Block other{header_of({}, 0, Hash{{5}}), {}};
    const auto refused = chain.store->begin(chain::hash_of(other.header), other, state::MapState{});
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().text, Catch::Contains("belongs to another chain") &&
                                         Catch::Contains(chain::to_hex(chain.hashes[0])) &&
                                         Catch::Contains(chain::to_hex(chain::hash_of(other.header))));
    CHECK(chain.store->begin(chain.hashes[0], other, state::MapState{}));  // its own beginning changes nothing
    CHECK(chain.store->head()->hash == chain.hashes[0]);
}

TEST_CASE("somebody else's folder is left alone") {
    tests::TempFolder folder;
    std::ofstream{folder.path() / "letter.txt"} << "dear";
    const auto refused = Store::open(folder.path());
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().text, Catch::Contains("holds other files"));
    CHECK(std::filesystem::exists(folder.path() / "letter.txt"));
}

TEST_CASE("a damaged folder is refused, with what to do") {
    Chain chain;
    for (int i = 0; i < 5; ++i) chain.grow();
    chain.store.reset();
    std::ofstream{chain.folder.path() / "chain" / "CURRENT"} << "MANIFEST-999999\n";
    const auto refused = Store::open(chain.folder.path() / "chain");
    REQUIRE_FALSE(refused);
    CHECK_THAT(refused.error().text, Catch::Contains("data folder") && Catch::Contains("backup"));
}

TEST_CASE("a state that differs from its root is found by recomputing") {
    Chain chain;
    chain.grow();
    const auto view = chain.store->snapshot();
    // A block that lies about the branches it changed: values and branches part.
    const Block block{header_of(chain.hashes.back(), 2, chain.roots.back()), {}};
    const state::StateDiff diff{{Bytes{0x77, 0x01}, Bytes{1}}};
    REQUIRE(chain.store->commit({chain::hash_of(block.header), block, diff, {}, {}}));
    const auto verified = chain.store->verify_state();
    REQUIRE_FALSE(verified);
    CHECK_THAT(verified.error().text, Catch::Contains("the stored values give"));
}
