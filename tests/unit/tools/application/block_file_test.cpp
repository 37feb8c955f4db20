#include "tools/application/block_file.hpp"

#include "world.hpp"

#include <fstream>

using namespace tests;

namespace {

/// Validator 1 has 23 final blocks in epochs of five; validator 0 has none.
struct World {
    Network network{2, 5};
    TempFolder folder;
    std::filesystem::path file = folder.path() / "blocks";

    World() { network.run(23, 1); }

    void write(std::uint32_t first, std::uint32_t last) {
        std::filesystem::remove(file);
        REQUIRE(node::export_blocks(network.ledger(1), file, first, last));
    }
    chain::Result<std::uint32_t> read() { return node::import_blocks(network.ledger(0), file); }

    void change(const std::function<void(std::string&)>& how) {
        std::ifstream in{file, std::ios::binary};
        std::string text{std::istreambuf_iterator<char>{in}, {}};
        how(text);
        std::ofstream{file, std::ios::binary} << text;
    }
};

}  // namespace

TEST_CASE("a chain goes through a file into another node") {
    World world;
    std::vector<std::uint32_t> progress;
    CHECK(*node::export_blocks(world.network.ledger(1), world.file, 0, 1'000) == 23);
    CHECK(*node::import_blocks(world.network.ledger(0), world.file, {},
                               [&](std::uint32_t n) { progress.push_back(n); }) == 23);
    CHECK(world.network.ledger(0).finalized() == world.network.ledger(1).finalized());
    CHECK(world.network.validators[0]->store->verify_state());
    CHECK(progress == std::vector<std::uint32_t>{5, 10, 15, 20, 23});
    CHECK(*world.read() == 23);  // once more changes nothing
}

TEST_CASE("an import goes on where the chain stands, and says what is missing") {
    World world;
    world.write(8, 23);
    const auto hole = world.read();
    REQUIRE_FALSE(hole);
    CHECK_THAT(hole.error().text, Catch::Contains("begins above this chain's last final block 0"));
    world.write(1, 7);
    CHECK(*world.read() == 7);
    world.write(3, 23);
    CHECK(*world.read() == 23);
}

TEST_CASE("what is not the chain's own, whole and proved is refused") {
    World world;
    const auto fault = [&](const std::function<void(std::string&)>& how) {
        world.write(1, 5);
        world.change(how);
        const auto done = world.read();
        return done ? std::string{"stored"} : done.error().text.substr(world.file.string().size() + 1);
    };
    CHECK(fault([](std::string& text) { text[0] = 'x'; }) == "is no file of blocks");
    CHECK(fault([](std::string& text) { text[20] ^= 1; }) == "holds another chain's blocks");
    CHECK(fault([](std::string& text) { text.pop_back(); }) == "ends in the middle of a piece");
    CHECK(fault([](std::string& text) { text.resize(49); }) == "ends in the middle of a piece");
    CHECK(fault([](std::string& text) { text[50] = '\xff'; }) == "has a piece that is too long");
    CHECK(fault([](std::string& text) { text.back() ^= 1; }) == "has blocks that its certificates do not prove");
    CHECK(world.network.ledger(0).finalized().number == 0);
    CHECK(fault([](std::string&) {}) == "stored");
    CHECK_FALSE(node::export_blocks(world.network.ledger(1), world.file, 1, 5));  // never over an existing file
}
