#include "tools/node/keys.hpp"

#include "chain/base/bytes.hpp"
#include "chain/files/whole_file.hpp"
#include "genesis/builder/development.hpp"

#include <filesystem>

namespace node {

chain::Result<crypto::Ed25519Key> create_key(const std::filesystem::path& file) {
    if (std::error_code error; std::filesystem::exists(file, error))
        return chain::fault(file.string() + " exists: keys are never overwritten, choose another name with --out");
    auto key = crypto::Ed25519Key::generate();
    TRY_VOID(chain::create_whole(file, chain::to_hex(key.seed()) + "\n", chain::Readers::Owner));
    return key;
}

chain::Result<crypto::Ed25519Key> load_key(const std::filesystem::path& file) {
    if (std::error_code error; !std::filesystem::exists(file, error))
        return chain::fault("cannot read the validator key " + file.string() +
                            ": `tephra-node keys new --out FILE` makes one");
    TRY(const std::string text, chain::read_private(file));
    const auto seed = chain::array_from_hex<32>(text);
    if (!seed) return chain::fault(file.string() + " is no validator key: it must hold 0x and 64 hexadecimal digits");
    return crypto::Ed25519Key::from_seed(*seed);
}

std::optional<crypto::Ed25519Key> dev_key_for(const crypto::Ed25519Public& key) {
    const auto name = genesis::dev_validator_with(key);
    return name ? genesis::dev_consensus_key(*name) : std::nullopt;
}

}  // namespace node
