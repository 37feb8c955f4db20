// Any text is refused with a fault that fits a terminal, or is a genesis file: then it makes the same block zero twice.

#include "chain/base/check.hpp"
#include "genesis/builder/genesis.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

void genesis_file(fuzz::Input input) {
    const std::string_view text = chain::as_text(input.rest());
    const auto config = genesis::parse(text);
    const auto made = genesis::load_text(text);
    if (!config) {
        chain::check(!made && !config.error().text.empty());
        return;
    }
    chain::check(made.has_value() == genesis::check_config(*config).has_value());
    if (!made) return;
    chain::check(made->block.header.number.value == 0 && made->chain_id == config->chain.id);
    chain::check(genesis::build(*config).hash == made->hash);
}

const fuzz::Target target{"genesis_file", genesis_file};

}  // namespace
