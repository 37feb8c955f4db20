#include "tools/node/chain_folder.hpp"

#include "chain/codec/scale.hpp"
#include "chain/files/whole_file.hpp"

#include <fstream>
#include <iterator>

namespace node {
namespace {

std::filesystem::path data_of(const Config& config, const std::string& chain_id) {
    return config.data.empty() ? default_data_folder(chain_id) : config.data;
}

/// Beside the store: genesis::Remembered, SCALE-encoded.
std::filesystem::path memory_of(const std::filesystem::path& data) { return data / "genesis"; }

std::optional<genesis::Remembered> recall(const std::filesystem::path& data) {
    std::ifstream file{memory_of(data), std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const auto remembered = scale::decode<genesis::Remembered>(chain::to_bytes(text));
    return remembered ? std::optional{*remembered} : std::nullopt;
}

}  // namespace

chain::Result<Chain> load_chain(const Config& config) {
    TRY(auto genesis, genesis::load(config.chain));
    auto data = data_of(config, genesis.chain_id);
    return Chain{std::move(genesis), std::move(data)};
}

chain::Result<Chain> recall_chain(const Config& config) {
    const auto remembered = [&](const std::string& chain_id) { return recall(data_of(config, chain_id)); };
    TRY(auto genesis, genesis::load(config.chain, remembered));
    auto data = data_of(config, genesis.chain_id);
    return Chain{std::move(genesis), std::move(data)};
}

chain::Result<std::unique_ptr<store::Store>> open_store(const Config& config, Chain& chain) {
    TRY(auto store, store::Store::open(chain.data / "chain"));
    if (!store->head() && !chain.genesis.has_state) {  // remembered, but the store is gone
        TRY(chain, load_chain(config));
    }
    TRY_VOID(store->begin(chain.genesis.hash, chain.genesis.block, chain.genesis.state));
    chain.genesis.state = {};  // the store has it
    TRY_VOID(remember(chain));
    return store;
}

chain::Result<void> remember(const Chain& chain) {
    if (recall(chain.data) == chain.genesis.remembered) return {};
    return chain::write_whole(memory_of(chain.data), scale::encode(chain.genesis.remembered),
                              chain::Readers::Everybody);
}

}  // namespace node
