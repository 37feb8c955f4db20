#include "gpu-worker/host/keys.hpp"

#include "chain/files/whole_file.hpp"

namespace worker {

namespace {

using chain::fault;
using chain::Result;

enum class Missing : std::uint8_t { Refuse, Create };

template <class Make>
Result<std::array<std::uint8_t, 32>> secret(const std::filesystem::path& file, Missing missing, Make make) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) {
        if (missing == Missing::Refuse)
            return fault(file.string() + " is missing: make the machine's keys with `tephra-worker init`");
        const std::array<std::uint8_t, 32> fresh = make();
        TRY_VOID(chain::write_whole(file, chain::to_hex(fresh) + "\n", chain::Readers::Owner));
        return fresh;
    }
    TRY(const std::string text, chain::read_private(file));
    const auto bytes = chain::array_from_hex<32>(text);
    if (!bytes) return fault(file.string() + " is not 32 bytes of hexadecimal: restore it from your backup");
    return *bytes;
}

Result<Keys> keys(const std::filesystem::path& data, Missing missing) {
    const auto folder = data / "keys";
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return fault("cannot make " + folder.string() + ": " + error.message());
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    TRY(const auto machine, secret(folder / "machine", missing, [] { return crypto::SecretKey::generate().bytes(); }));
    TRY(const auto box, secret(folder / "box", missing, [] { return crypto::BoxSecret::generate().bytes(); }));
    // Any 32 bytes are an Ed25519 seed, and a box key's bytes are as random as they come.
    TRY(const auto tls, secret(folder / "tls", missing, [] { return crypto::BoxSecret::generate().bytes(); }));
    auto key = crypto::SecretKey::from_bytes(machine);
    if (!key) return fault((folder / "machine").string() + " is not a secp256k1 key: restore it from your backup");
    TRY(auto identity, rpc::worker_api::Identity::from_seed(tls));
    return Keys{.machine = *std::move(key), .tls = std::move(identity), .box = crypto::BoxSecret::from_bytes(box)};
}

}  // namespace

Result<Keys> load_keys(const std::filesystem::path& data) { return keys(data, Missing::Refuse); }
Result<Keys> load_or_create_keys(const std::filesystem::path& data) { return keys(data, Missing::Create); }

}  // namespace worker
