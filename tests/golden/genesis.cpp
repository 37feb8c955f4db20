// Block zero of the chains in genesis/: a changed hash is another chain, on which no node's data and no machine's
// signature is good any more.
#include "genesis/builder/genesis.hpp"

#include "tests/support/golden.hpp"

#include <fmt/format.h>

TEST_CASE("golden: genesis hashes") {
    std::string text;
    for (const auto* name : {"dev.json", "local.json"}) {
        const auto loaded = genesis::load(std::string{TEPHRA_SOURCE_DIR} + "/genesis/" + name);
        INFO((loaded ? "" : loaded.error().text));
        REQUIRE(loaded.has_value());
        text += fmt::format("{}\n  hash            {}\n  state root      {}\n  extrinsics root {}\n", name,
                            chain::to_hex(loaded->hash), chain::to_hex(loaded->block.header.state_root),
                            chain::to_hex(loaded->block.header.extrinsics_root));
    }
    tests::check_golden("genesis.txt", text);
}
