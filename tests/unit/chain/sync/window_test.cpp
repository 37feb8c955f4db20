#include "chain/sync/window.hpp"

#include "final_chain.hpp"

#include <catch2/catch.hpp>

using namespace block_sync;
using tests::FinalChain;

namespace {

Window::Held held(const FinalChain& chain, std::uint32_t number, Peer from) {
    auto block = *scale::decode<chain::Block>(*chain.block(number));
    return {block, chain.hash(number), 100, from};
}

struct World {
    FinalChain chain{100};
    FinalChain fake{100, 0, [](std::uint32_t) { return true; }, 1};
    Window window{chain.genesis(), votes::ed25519()};

    void give(const FinalChain& from, std::uint32_t first, std::uint32_t last, Peer peer) {
        for (std::uint32_t n = first; n <= last; ++n) window.add(n, held(from, n, peer));
    }
    Findings take(std::uint32_t local, std::size_t aim = 64) { return window.take(chain.local(local), aim); }
};

std::vector<std::uint32_t> numbers(const Proved& proved) {
    std::vector<std::uint32_t> out;
    for (const auto& block : proved.blocks) out.push_back(block.header.number.value);
    return out;
}

}  // namespace

TEST_CASE("a certificate proves its block and all that are linked below it") {
    World world;
    world.give(world.chain, 1, 5, 1);
    CHECK_FALSE(world.take(0).proved);
    world.window.add(4, world.chain.certify(4), 1);
    const auto found = world.take(0);
    REQUIRE(found.proved);
    CHECK(numbers(*found.proved) == std::vector<std::uint32_t>{1, 2, 3, 4});
    CHECK(found.proved->last == world.chain.hash(4));
    CHECK(world.window.size() == 1);
    CHECK(world.window.bytes() == 100);
}

TEST_CASE("a hole waits, whatever is certified above it") {
    World world;
    world.give(world.chain, 1, 2, 1);
    world.give(world.chain, 4, 5, 1);
    world.window.add(5, world.chain.certify(5), 1);
    CHECK_FALSE(world.take(0).proved);
    world.give(world.chain, 3, 3, 2);
    CHECK(world.take(0).proved->blocks.size() == 5);
}

TEST_CASE("of several certificates the highest within the aim is taken, else the lowest") {
    World world;
    world.give(world.chain, 1, 30, 1);
    for (const std::uint32_t n : {5U, 9U, 20U, 30U}) world.window.add(n, world.chain.certify(n), 1);
    CHECK(world.take(0, 10).proved->blocks.size() == 9);
    CHECK(world.take(9, 10).proved->blocks.size() == 11);
    CHECK(world.take(20, 3).proved->blocks.size() == 10);
}

TEST_CASE("a block that is not on the proved chain exposes who gave it, and makes room for the true one") {
    World world;
    world.give(world.fake, 1, 3, 66);
    world.give(world.chain, 4, 6, 1);
    world.window.add(6, world.chain.certify(6), 1);
    const auto found = world.take(0);
    CHECK_FALSE(found.proved);
    CHECK(found.liars == std::set<Peer>{66});
    CHECK_FALSE(world.window.holds(3));
    CHECK_FALSE(world.window.holds(1));
    CHECK(world.window.holds(4));
    world.give(world.chain, 1, 3, 1);
    CHECK(world.take(0).proved->blocks.size() == 6);
}

TEST_CASE("a true certificate over false blocks exposes the blocks") {
    World world;
    world.give(world.fake, 1, 3, 66);
    world.window.add(3, world.chain.certify(3), 1);
    CHECK(world.take(0).liars == std::set<Peer>{66});
    CHECK(world.window.size() == 0);
}

TEST_CASE("what is no certificate of finality, or none of a quorum, is a forgery, and its giver's blocks go") {
    for (const auto& forged :
         {FinalChain{100}.certify(3, votes::Kind::Notarize), FinalChain{100}.certify(3, votes::Kind::Finalize, 2)}) {
        World world;
        world.give(world.chain, 1, 2, 1);
        world.give(world.chain, 3, 3, 66);
        world.window.add(3, forged, 66);
        const auto found = world.take(0);
        CHECK_FALSE(found.proved);
        CHECK(found.forgers == std::set<Peer>{66});
        CHECK(world.window.holds(2));
        CHECK_FALSE(world.window.holds(3));
    }
}

TEST_CASE("a forged certificate does not hide a true one for the same block") {
    World world;
    world.give(world.chain, 1, 3, 1);
    world.window.add(3, world.chain.certify(3), 1);
    world.window.add(3, world.chain.certify(3, votes::Kind::Finalize, 2), 66);
    const auto found = world.take(0);
    CHECK(found.forgers == std::set<Peer>{66});
    CHECK(found.proved->blocks.size() == 3);
}

TEST_CASE("a proved chain that does not stand on the local block contradicts it") {
    World world;
    world.give(world.chain, 4, 6, 1);
    world.window.add(6, world.chain.certify(6), 1);
    auto local = world.chain.local(3);
    local.hash = world.fake.hash(3);
    CHECK(world.window.take(local, 64).contradicts);
}

TEST_CASE("certificates of the next epoch wait until it has begun; misplaced ones are forgeries") {
    const FinalChain chain{100, 10};
    Window window{chain.genesis(), votes::ed25519()};
    for (std::uint32_t n = 11; n <= 20; ++n) window.add(n, held(chain, n, 1));
    window.add(20, chain.certify(20), 1);
    for (std::uint32_t n = 1; n <= 9; ++n) window.add(n, held(chain, n, 1));
    CHECK_FALSE(window.take(chain.local(0), 64).proved);
    window.add(10, held(chain, 10, 1));
    window.add(10, chain.certify(10), 1);
    CHECK(window.take(chain.local(0), 64).proved->blocks.size() == 10);
    CHECK(window.take(chain.local(10), 64).proved->blocks.size() == 10);

    auto wrong = chain.certify(25);
    wrong.statement.epoch = 7;
    window.add(25, wrong, 66);
    CHECK(window.take(chain.local(20), 64).forgers == std::set<Peer>{66});
}

TEST_CASE("an epoch's last block that came without its certificate is asked for again") {
    const FinalChain chain{100, 10};
    Window window{chain.genesis(), votes::ed25519()};
    for (std::uint32_t n = 1; n <= 20; ++n) window.add(n, held(chain, n, n <= 5 ? 1 : 66));
    window.add(20, chain.certify(20), 66);
    CHECK(window.take(chain.local(0), 64).liars == std::set<Peer>{66});
    CHECK(window.holds(5));
    CHECK_FALSE(window.holds(10));
    CHECK(window.holds(11));
}

TEST_CASE("what has become final by itself is forgotten") {
    World world;
    world.give(world.chain, 1, 9, 1);
    world.window.add(9, world.chain.certify(9), 1);
    world.window.drop_through(5);
    CHECK(world.window.size() == 4);
    CHECK(numbers(*world.take(5).proved) == std::vector<std::uint32_t>{6, 7, 8, 9});
}
