#pragma once
// The consensus key of a validator, in a file that only its owner reads.

#include "chain/base/result.hpp"
#include "chain/crypto/ed25519.hpp"

#include <filesystem>
#include <optional>

namespace node {

/// Writes a new key (mode 0600). An existing file is left alone and refused.
chain::Result<crypto::Ed25519Key> create_key(const std::filesystem::path& file);
/// Reads a key file. The fault says what is wrong with it.
chain::Result<crypto::Ed25519Key> load_key(const std::filesystem::path& file);
/// The well-known development key with this public half, if there is one.
std::optional<crypto::Ed25519Key> dev_key_for(const crypto::Ed25519Public& key);

}  // namespace node
