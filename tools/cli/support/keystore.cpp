#include "tools/cli/support/keystore.hpp"

#include "chain/crypto/dev_keys.hpp"
#include "chain/files/whole_file.hpp"

#include <boost/json.hpp>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace cli {

namespace {

using chain::fault;
using chain::Result;

constexpr std::size_t salt_bytes = crypto_pwhash_SALTBYTES;
constexpr std::size_t nonce_bytes = crypto_secretbox_NONCEBYTES;
using BoxKey = std::array<std::uint8_t, crypto_secretbox_KEYBYTES>;

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

/// About a quarter of a second and 64 MiB: nothing for one try, much for many.
Result<BoxKey> stretch(const std::string& passphrase, chain::ByteView salt) {
    if (sodium_init() < 0) return fault("libsodium does not start");
    BoxKey key{};
    if (crypto_pwhash(key.data(), key.size(), passphrase.data(), passphrase.size(), salt.data(),
                      crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return fault("not enough memory to stretch the passphrase");
    return key;
}

/// salt ‖ nonce ‖ box
Result<chain::Bytes> encrypt(const std::array<std::uint8_t, 32>& secret, const std::string& passphrase) {
    chain::Bytes out(salt_bytes + nonce_bytes + crypto_secretbox_MACBYTES + secret.size());
    randombytes_buf(out.data(), salt_bytes + nonce_bytes);
    TRY(BoxKey key, stretch(passphrase, chain::ByteView{out}.first(salt_bytes)));
    crypto_secretbox_easy(out.data() + salt_bytes + nonce_bytes, secret.data(), secret.size(), out.data() + salt_bytes,
                          key.data());
    sodium_memzero(key.data(), key.size());
    return out;
}

Result<std::array<std::uint8_t, 32>> decrypt(const chain::Bytes& sealed, const std::string& passphrase) {
    std::array<std::uint8_t, 32> secret{};
    if (sealed.size() != salt_bytes + nonce_bytes + crypto_secretbox_MACBYTES + secret.size())
        return fault("the key file is damaged");
    TRY(BoxKey key, stretch(passphrase, chain::ByteView{sealed}.first(salt_bytes)));
    const int opened =
        crypto_secretbox_open_easy(secret.data(), sealed.data() + salt_bytes + nonce_bytes,
                                   sealed.size() - salt_bytes - nonce_bytes, sealed.data() + salt_bytes, key.data());
    sodium_memzero(key.data(), key.size());
    if (opened != 0) return fault("the passphrase is wrong");
    return secret;
}

struct KeyFile {
    crypto::AccountId account;
    bool encrypted = false;
    chain::Bytes secret;
};

Result<KeyFile> read_key_file(const std::filesystem::path& file) {
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0) return fault("cannot read " + file.string() + ": " + std::strerror(errno));
    if ((status.st_mode & 077) != 0)
        return fault(file.string() + " is secret and others may read it: chmod 600 " + file.string());
    std::ifstream in{file};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    boost::system::error_code error;
    const auto json = boost::json::parse(text, error);
    const auto* object = json.if_object();
    const auto text_of = [&](const char* name) -> std::string {
        const auto* value = object != nullptr ? object->if_contains(name) : nullptr;
        return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
    };
    const auto account = crypto::account_from_string(text_of("account"));
    const std::string sealed = text_of("encrypted_secret");
    const auto secret = chain::from_hex(sealed.empty() ? text_of("secret") : sealed);
    if (error || !account || !secret || secret->empty()) return fault(file.string() + " is no key file of tephra");
    return KeyFile{.account = *account, .encrypted = !sealed.empty(), .secret = *secret};
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

std::filesystem::path Keystore::usual_folder() {
    if (const char* own = std::getenv("TEPHRA_KEYS")) return own;
    if (const char* config = std::getenv("XDG_CONFIG_HOME")) return std::filesystem::path{config} / "tephra" / "keys";
    const char* home = std::getenv("HOME");
    return std::filesystem::path{home != nullptr ? home : "."} / ".config" / "tephra" / "keys";
}

Result<std::vector<KeyEntry>> Keystore::list() const {
    std::vector<KeyEntry> out;
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator{folder_, error}) {
        if (file.path().extension() != ".json") continue;
        TRY(const KeyFile key, read_key_file(file.path()));
        out.push_back(
            {file.path().stem().string(), key.account, key.encrypted ? Protection::Encrypted : Protection::Plain});
    }
    std::ranges::sort(out, {}, &KeyEntry::name);
    for (const auto& dev : crypto::dev_keys())
        out.push_back(
            {lower(std::string{dev.name}), crypto::account_from_string(dev.account).value(), Protection::Development});
    return out;
}

Result<KeyEntry> Keystore::add(const std::string& name, const crypto::SecretKey& key,
                               const std::string& passphrase) const {
    if (!is_name(name)) return fault("\"" + name + "\" is no name for a key: use letters, digits, - and _");
    if (crypto::dev_key(name)) return fault("\"" + name + "\" is a development account: choose another name");
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) return fault("cannot make " + folder_.string() + ": " + error.message());
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, error);
    boost::json::object json;
    json["account"] = crypto::to_string(key.account());
    if (passphrase.empty()) {
        json["secret"] = chain::to_hex(key.bytes());
    } else {
        TRY(const chain::Bytes sealed, encrypt(key.bytes(), passphrase));
        json["encrypted_secret"] = chain::to_hex(sealed);
    }
    const auto file = folder_ / (name + ".json");
    if (std::filesystem::exists(file, error))
        return fault("there is a key \"" + name + "\" already: choose another name");
    TRY_VOID(chain::create_whole(file, boost::json::serialize(json) + "\n", chain::Readers::Owner));
    return KeyEntry{name, key.account(), passphrase.empty() ? Protection::Plain : Protection::Encrypted};
}

Result<crypto::SecretKey> Keystore::open(const std::string& name, const AskPassphrase& ask) const {
    const auto file = folder_ / (name + ".json");
    if (std::error_code error; is_name(name) && std::filesystem::exists(file, error)) {
        TRY(const KeyFile stored, read_key_file(file));
        chain::Bytes secret = stored.secret;
        if (stored.encrypted) {
            const auto passphrase = ask("passphrase of " + name + ": ");
            if (!passphrase)
                return fault("the key " + name + " is encrypted: set TEPHRA_PASSPHRASE, or run this in a terminal");
            TRY(const auto opened, decrypt(stored.secret, *passphrase));
            secret.assign(opened.begin(), opened.end());
        }
        auto key = crypto::SecretKey::from_bytes(secret);
        if (!key || key->account() != stored.account) return fault(file.string() + " is damaged");
        return *std::move(key);
    }
    if (auto dev = crypto::dev_key(name)) return *std::move(dev);
    return fault("there is no key \"" + name + "\": see `tephra keys list`, or make one with `tephra keys new " + name +
                 "`");
}

Result<crypto::AccountId> Keystore::account(const std::string& name_or_address) const {
    if (const auto address = crypto::account_from_string(name_or_address)) return *address;
    TRY(const auto all, list());
    const auto found =
        std::ranges::find(all, lower(name_or_address), [](const KeyEntry& entry) { return lower(entry.name); });
    if (found != all.end()) return found->account;
    return fault("\"" + name_or_address +
                 "\" is neither an address (0x and 40 digits) nor the name of a key in `tephra keys list`");
}

}  // namespace cli
