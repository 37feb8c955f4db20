// tephra keys …

#include "chain/crypto/dev_keys.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/support/table.hpp"
#include "tools/cli/words.hpp"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>

namespace cli {

namespace {

using chain::fault;

struct KeyOptions {
    std::string name;
    std::string secret;
    bool unencrypted = false;
};

std::string_view words_for(Protection protection) {
    switch (protection) {
        case Protection::Encrypted: return "encrypted";
        case Protection::Plain: return "NOT encrypted";
        case Protection::Development: return "development: everybody knows it";
    }
    std::unreachable();
}

/// A new passphrase, typed twice; empty stores the key as it is.
Result<std::string> new_passphrase(bool unencrypted) {
    if (unencrypted) return std::string{};
    if (const char* given = std::getenv("TEPHRA_PASSPHRASE")) return std::string{given};
    if (::isatty(STDIN_FILENO) == 0)
        return fault("nobody is here to type a passphrase: set TEPHRA_PASSPHRASE, or store the key with --unencrypted");
    const std::string first = ::getpass("passphrase (empty: not encrypted): ");
    if (first != ::getpass("again: ")) return fault("the two are not the same: try again");
    return first;
}

Result<void> store(const Session& session, const KeyOptions& options, const crypto::SecretKey& key) {
    TRY(const std::string passphrase, new_passphrase(options.unencrypted));
    TRY(const KeyEntry entry, session.keys.add(options.name, key, passphrase));
    if (entry.protection == Protection::Plain)
        session.progress(
            "warning: the key is stored unencrypted, readable by you and by whoever becomes you on this computer");
    const std::string account = crypto::to_string(entry.account);
    if (session.globals.json) session.print(text_of(boost::json::object{{"name", entry.name}, {"account", account}}));
    else
        session.print(
            fields({{"name", entry.name}, {"account", account}, {"stored", std::string{words_for(entry.protection)}}}));
    return {};
}

Result<void> list(const Session& session) {
    TRY(const auto all, session.keys.list());
    if (session.globals.json) {
        boost::json::array out;
        for (const auto& entry : all)
            out.push_back({{"name", entry.name},
                           {"account", crypto::to_string(entry.account)},
                           {"protection", word(entry.protection)}});
        session.print(text_of(out));
        return {};
    }
    Table table{{{"NAME"}, {"ACCOUNT"}, {"STORED"}}};
    for (const auto& entry : all)
        table.row({entry.name, crypto::to_string(entry.account), std::string{words_for(entry.protection)}});
    session.print(table.text());
    return {};
}

Result<void> import(const Session& session, const KeyOptions& options) {
    std::string text = options.secret;
    if (text.empty()) {
        if (::isatty(STDIN_FILENO) != 0) text = ::getpass("secret key (0x and 64 digits): ");
        else std::getline(std::cin, text);
    }
    const auto bytes = chain::array_from_hex<32>(text);
    auto key = bytes ? crypto::SecretKey::from_bytes(*bytes) : std::nullopt;
    if (!key) return fault("this is no secret key: it has 64 hexadecimal digits");
    return store(session, options, *key);
}

}  // namespace

void add_key_commands(CLI::App& app, Session& session, Run& run) {
    auto* keys = app.add_subcommand("keys", "Accounts' secret keys on this computer")->require_subcommand(1);
    const auto options = std::make_shared<KeyOptions>();
    auto* make = keys->add_subcommand("new", "Make a key and store it");
    make->add_option("name", options->name, "Its name")->required();
    make->add_flag("--unencrypted", options->unencrypted, "Store it without a passphrase");
    make->callback(
        [&, options] { run = [&, options] { return store(session, *options, crypto::SecretKey::generate()); }; });

    auto* take = keys->add_subcommand("import", "Store a key that you have; it is read from standard input");
    take->add_option("name", options->name, "Its name")->required();
    take->add_flag("--unencrypted", options->unencrypted, "Store it without a passphrase");
    take->callback([&, options] { run = [&, options] { return import(session, *options); }; });

    keys->add_subcommand("list", "Names, accounts, and how they are stored; the development accounts last")
        ->callback([&] { run = [&] { return list(session); }; });
}

}  // namespace cli
