#pragma once
// Accounts' secret keys on this computer: one file each, mode 0600, in $TEPHRA_KEYS or ~/.config/tephra/keys. With a
// passphrase the secret is encrypted (Argon2id, XSalsa20-Poly1305); without one it is not, and every listing says so.

#include "chain/base/result.hpp"
#include "chain/crypto/signature.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cli {

/// Asks for a passphrase; nothing where nobody can be asked.
using AskPassphrase = std::function<std::optional<std::string>(const std::string& prompt)>;

enum class Protection : std::uint8_t { Encrypted, Plain, Development };

struct KeyEntry {
    std::string name;
    crypto::AccountId account;
    Protection protection{};
};

class Keystore {
public:
    explicit Keystore(std::filesystem::path folder) : folder_(std::move(folder)) {}
    /// $TEPHRA_KEYS, or $XDG_CONFIG_HOME/tephra/keys, or ~/.config/tephra/keys.
    static std::filesystem::path usual_folder();

    /// Stored keys by name, then the development accounts.
    chain::Result<std::vector<KeyEntry>> list() const;
    /// `name`: letters, digits, - and _. An empty passphrase stores the key unencrypted. Fault: the name is taken.
    chain::Result<KeyEntry> add(const std::string& name, const crypto::SecretKey& key,
                                const std::string& passphrase) const;
    /// A stored key or a development account by name.
    chain::Result<crypto::SecretKey> open(const std::string& name, const AskPassphrase& ask) const;
    /// The account of a name, without its secret; an address stands for itself.
    chain::Result<crypto::AccountId> account(const std::string& name_or_address) const;

private:
    std::filesystem::path folder_;
};

}  // namespace cli
