// tephra-worker init, register, clean.

#include "chain/base/log.hpp"
#include "gpu-worker/app/commands.hpp"
#include "gpu-worker/app/say.hpp"
#include "gpu-worker/host/claims.hpp"
#include "gpu-worker/host/config.hpp"
#include "gpu-worker/host/keys.hpp"
#include "gpu-worker/host/registration.hpp"

#include <fmt/core.h>

#include <fstream>

namespace worker::app {

namespace {

using chain::fault;
using chain::Result;

Result<Settings> settings_from(const InitOptions& options) {
    Settings out;
    out.data = options.data;
    out.node = {.endpoint = options.node, .key = options.node_key};
    out.offer.endpoint = options.endpoint;
    out.offer.listen = options.listen;
    out.offer.region = options.region;
    out.offer.slots = options.slots;
    for (const auto& text : options.images) {
        const auto equals = text.find('=');
        if (equals == std::string::npos)
            return fault("--images: write NAME=PLACE, such as local=http://127.0.0.1:5000");
        out.images[text.substr(0, equals)] = text.substr(equals + 1);
    }
    return out;
}

Result<void> write_config(const std::string& file, const Settings& settings) {
    const std::string text = explained(settings);
    // What is wrong with the options shows now, not at the first run.
    TRY_VOID(parse_settings(text));
    if (std::ifstream{file}) return fault(file + " exists: change it by hand, or remove it first");
    std::error_code ignored;  // the open below says what is wrong
    std::filesystem::create_directories(std::filesystem::absolute(file).parent_path(), ignored);
    std::ofstream out{file};
    out << text;
    out.close();
    return out ? Result<void>{} : fault("cannot write " + file);
}

Result<void> try_init(const InitOptions& options) {
    TRY(const Settings settings, settings_from(options));
    TRY_VOID(write_config(options.config, settings));
    TRY(const Keys keys, load_or_create_keys(settings.data));
    fmt::print(
        "machine   {}\nTLS key   {}\nbox key   {}\nconfig    {}\nkeys      {}/keys (back them up: who holds them is "
        "the machine)\n\n",
        crypto::to_string(keys.machine.account()), rpc::worker_api::to_hex(keys.tls.key()),
        chain::to_hex(keys.box.public_key().value), options.config, settings.data);
    fmt::print(
        "Next:\n"
        "  tephra-worker selftest --config {0}\n"
        "  tephra-worker register --config {0} --owner 0x… --out registration.json\n"
        "  tephra machines register registration.json --from OWNER --price 2     (where the owner's key is)\n"
        "  tephra-worker run --config {0}\n",
        options.config);
    return {};
}

Result<void> try_register(const std::string& config, const std::string& owner_text, const std::string& out_file) {
    TRY(const Settings settings, load_settings(config));
    TRY(const Keys keys, load_keys(settings.data));
    TRY(const auto node, node_address(settings));
    const auto owner = crypto::account_from_string(owner_text);
    if (!owner) return fault("--owner: write the owner's address, 0x and 40 digits");
    TRY(const auto facts, rpc::worker_api::ask_chain(node, keys.tls, owner->value));
    auto claims = claims_for_registration(take_inventory(settings), settings);
    TRY_VOID(keep_claims(settings.data, claims));
    const auto bundle = make_bundle(keys.machine,
                                    {.genesis = facts.genesis,
                                     .owner = *owner,
                                     .counter = facts.registration_counter,
                                     .tls_key = keys.tls.key().value,
                                     .box_key = keys.box.public_key().value},
                                    std::move(claims));
    const std::string text = to_json(bundle);
    if (out_file == "-") {
        fmt::print("{}", text);
        return {};
    }
    std::ofstream out{out_file};
    out << text;
    out.close();
    if (!out) return fault("cannot write " + out_file);
    fmt::print("wrote {}: give it to the owner for `tephra machines register {} --from OWNER --price TPH`\n", out_file,
               out_file);
    return {};
}

Result<void> try_clean(const std::string& config) {
    TRY(const Settings settings, load_settings(config));
    TRY_VOID(remove_everything(crun_config(settings).root));
    std::error_code error;
    std::filesystem::remove_all(std::filesystem::path{settings.data} / "leases", error);
    fmt::print("removed every job, image, mount, namespace and cgroup below {}; the keys stay\n", settings.data);
    return {};
}

}  // namespace

int init(const InitOptions& options) { return said(try_init(options)); }
int make_registration(const std::string& config, const std::string& owner, const std::string& out) {
    return said(try_register(config, owner, out));
}
int clean(const std::string& config) { return said(try_clean(config)); }

}  // namespace worker::app
