#include "tools/node/init.hpp"

#include "chain/files/whole_file.hpp"
#include "chain/store/store.hpp"
#include "runtime/pallets/validators/validators.hpp"
#include "tools/node/keys.hpp"
#include "tools/node/node.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace node {
namespace {

namespace fs = std::filesystem;

struct MadeKey {
    KeyKind kind{};
    fs::path file;
    chain::Hash public_half;
    bool is_given = false;  ///< its place is not the one where a node looks by itself
};

const fs::path& given_file(const Config& config, KeyKind kind) {
    switch (kind) {
        case KeyKind::Consensus: return config.validator_key;
        case KeyKind::Vrf: return config.vrf_key;
        case KeyKind::Network: return config.network_key;
    }
    return config.network_key;
}

std::string_view option_of(KeyKind kind) {
    switch (kind) {
        case KeyKind::Consensus: return "validator-key";
        case KeyKind::Vrf: return "vrf-key";
        case KeyKind::Network: return "network-key";
    }
    return "";
}

chain::Result<MadeKey> take_key(const fs::path& file, KeyKind kind, bool is_given) {
    TRY(const PublicHalf half, read_public(file));
    if (half.kind != kind)
        return chain::fault(fmt::format("{} holds a {} key; --{} needs a {} key", file.string(), name(half.kind),
                                        option_of(kind), name(kind)));
    return MadeKey{kind, fs::absolute(file), half.value, is_given};
}

/// The key that is named, else the one that lies in the folder, else a new one.
chain::Result<MadeKey> key_for(const Config& config, const fs::path& data, KeyKind kind) {
    if (const fs::path& given = given_file(config, kind); !given.empty()) return take_key(given, kind, true);
    const fs::path own = key_file(data, kind);
    if (std::error_code error; fs::exists(own, error)) return take_key(own, kind, false);
    std::error_code error;
    fs::create_directories(own.parent_path(), error);
    TRY(const auto half, create_key(own, kind));
    return MadeKey{kind, own, half, false};
}

chain::Result<std::vector<MadeKey>> keys_for(const Config& config, const fs::path& data, Role role) {
    std::vector<MadeKey> keys;
    for (const KeyKind kind : key_kinds) {
        const bool is_named = !given_file(config, kind).empty();
        if (role == Role::Follower && kind != KeyKind::Network && !is_named) continue;
        TRY(auto key, key_for(config, data, kind));
        keys.push_back(std::move(key));
    }
    return keys;
}

chain::Result<void> make_block_zero(const Chain& chain) {
    TRY(const auto store, store::Store::open(chain.data / "chain"));
    TRY_VOID(store->begin(chain.genesis.hash, chain.genesis.block, chain.genesis.state));
    return remember(chain);
}

/// The folder keeps the file that its block zero was made of: the node then starts from any place.
chain::Result<fs::path> keep_chain_file(const fs::path& from, const fs::path& data) {
    const fs::path kept = fs::absolute(data) / "chain.json";
    if (std::error_code error; fs::exists(kept, error)) return kept;  // block zero has shown that it is the same chain
    std::ifstream in{from, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (!in && !in.eof()) return chain::fault("cannot read " + from.string());
    TRY_VOID(chain::create_whole(kept, text, chain::Readers::Everybody));
    return kept;
}

void say_what_is_there(const Chain& chain, const std::vector<MadeKey>& keys, const fs::path& file) {
    fmt::print("chain          {} ({})\ngenesis        {}\ndata           {}\n", chain.genesis.chain_name,
               chain.genesis.chain_type, chain::to_hex(chain.genesis.hash), fs::absolute(chain.data).string());
    for (const MadeKey& key : keys)
        fmt::print("{:<14} {}  ({})\n", fmt::format("{}_key", name(key.kind)), chain::to_hex(key.public_half),
                   key.file.string());
    fmt::print("configuration  {}\n", file.string());
}

bool is_of_a_validator(const Chain& chain, const std::vector<MadeKey>& keys) {
    const auto own = std::ranges::find(keys, KeyKind::Consensus, &MadeKey::kind);
    const auto authorities = validators::storage.authorities.get(chain.genesis.state);
    return own != keys.end() && std::ranges::find(authorities, own->public_half.value,
                                                  &validators::Authority::consensus_key) != authorities.end();
}

void say_what_comes_next(const Chain& chain, const std::vector<MadeKey>& keys, Role role, const fs::path& file) {
    fmt::print("\nNext:\n");
    int step = 0;
    if (role == Role::Validator)
        fmt::print("  {}. keep the key files to yourself, and a copy of them off this machine\n", ++step);
    if (role == Role::Validator && !is_of_a_validator(chain, keys))
        fmt::print(
            "  {}. no validator of this chain has this consensus_key, so the node will follow: give consensus_key and "
            "vrf_key to whoever writes the chain file, and call init with that file and another --data\n",
            ++step);
    fmt::print("  {}. read {}: `peer` is how this node finds the others\n", ++step, file.string());
    fmt::print("  {}. tephra-node doctor --config {}\n", ++step, file.string());
    fmt::print("  {}. tephra-node run --config {}\n", ++step, file.string());
}

chain::Result<void> prepare(const Config& config, Role role, const ConfigText& config_text) {
    TRY(const Chain chain, load_chain(config));
    const fs::path file = fs::absolute(chain.data) / "node.toml";
    if (std::error_code error; fs::exists(file, error))
        return chain::fault(
            fmt::format("{0} exists, so this folder is ready: `tephra-node run --config {0}` starts "
                        "the node; for another node name another folder with --data",
                        file.string()));
    TRY_VOID(make_block_zero(chain));
    TRY(const auto keys, keys_for(config, chain.data, role));
    TRY(const fs::path kept, keep_chain_file(config.chain, chain.data));
    std::map<std::string, std::string> given{{"data", fs::absolute(chain.data).string()}, {"chain", kept.string()}};
    for (const MadeKey& key : keys)
        if (key.is_given) given.emplace(option_of(key.kind), key.file.string());
    TRY_VOID(chain::create_whole(file, config_text(given), chain::Readers::Everybody));
    say_what_is_there(chain, keys, file);
    say_what_comes_next(chain, keys, role, file);
    return {};
}

}  // namespace

int init(const Config& config, Role role, const ConfigText& config_text) {
    const auto done = prepare(config, role, config_text);
    if (done) return EXIT_SUCCESS;
    fmt::print(stderr, "tephra-node: {}\n", done.error().text);
    return EXIT_FAILURE;
}

}  // namespace node
