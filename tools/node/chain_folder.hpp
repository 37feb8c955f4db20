#pragma once
// A chain file and the data folder of its chain.

#include "chain/base/result.hpp"
#include "chain/store/store.hpp"
#include "genesis/builder/genesis.hpp"
#include "tools/node/config.hpp"

#include <filesystem>
#include <memory>

namespace node {

/// Block zero of the configured chain file, and the folder that its data goes to.
struct Chain {
    genesis::Genesis genesis;
    std::filesystem::path data;
};

/// With the state, whatever the folder holds.
chain::Result<Chain> load_chain(const Config& config);
/// The same, but without the state where the folder remembers this very file: a start need not make a million accounts.
chain::Result<Chain> recall_chain(const Config& config);
/// The folder's store, which begins with the chain's block zero; makes both where they are missing. Takes the state out
/// of `chain`.
chain::Result<std::unique_ptr<store::Store>> open_store(const Config& config, Chain& chain);
/// Lets `recall_chain` know the chain file; for a folder whose store begins with it.
chain::Result<void> remember(const Chain& chain);

}  // namespace node
