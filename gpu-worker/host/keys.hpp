#pragma once
// The machine's three keys, each in a file of its own that only the worker may read: machine (secp256k1, signs its
// calls), tls (Ed25519, its door and its line to the node), box (X25519, renters seal secrets to it).

#include "chain/base/result.hpp"
#include "chain/crypto/box.hpp"
#include "chain/crypto/signature.hpp"
#include "rpc/worker_api/tls.hpp"

#include <filesystem>

namespace worker {

struct Keys {
    crypto::SecretKey machine;
    rpc::worker_api::Identity tls;
    crypto::BoxSecret box;
};

/// Reads the keys below `data`/keys. Fault: one is missing, damaged, or readable by others.
chain::Result<Keys> load_keys(const std::filesystem::path& data);
/// The same, and makes what is missing. An existing key is never replaced.
chain::Result<Keys> load_or_create_keys(const std::filesystem::path& data);

}  // namespace worker
