#include "tools/node/peers.hpp"

#include "tools/node/keys.hpp"

#include <charconv>

namespace node {
namespace {

chain::Result<crypto::Ed25519Key::Seed> network_seed(const Config& config, const std::filesystem::path& data) {
    const auto own = key_file(data, KeyKind::Network);
    const auto file = config.network_key.empty() ? own : config.network_key;
    if (std::error_code error; file == own && !std::filesystem::exists(own, error)) {
        std::filesystem::create_directories(own.parent_path(), error);
        if (error) return chain::fault("cannot make the folder " + own.parent_path().string() + ": " + error.message());
        TRY_VOID(create_key(own, KeyKind::Network));
    }
    TRY(const auto key, load_network_key(file));
    return key.seed();
}

chain::Result<std::vector<network::PeerAddress>> addresses(const std::vector<std::string>& texts) {
    std::vector<network::PeerAddress> out;
    for (const std::string& text : texts) {
        TRY(auto address, network::peer_address_from_text(text));
        out.push_back(std::move(address));
    }
    return out;
}

/// Alone nobody needs to be heard; with others, everybody must be reachable.
std::string listening_address(const Config& config, const Seat& seat) {
    if (config.listen) return *config.listen;
    return seat.validators > 1 ? "0.0.0.0:" + std::to_string(network::default_port) : "";
}

}  // namespace

chain::Result<network::NetworkConfig> network_config(const Config& config, const std::filesystem::path& data,
                                                     const chain::Hash& genesis, const Seat& seat) {
    network::NetworkConfig out;
    out.genesis = genesis;
    TRY(out.identity, network_seed(config, data));
    out.listen = listening_address(config, seat);
    TRY(out.bootstrap, addresses(config.peers));
    TRY(out.reserved, addresses(config.reserved));
    for (const std::string& text : config.public_addresses) {
        const auto address = network::socket_address_from_text(text);
        if (!address) return chain::fault("--public-address " + text + " is no IP address with a port");
        out.public_addresses.push_back(*address);
    }
    out.is_discovering = !config.reserved_only;
    out.address_book = data / "addresses";
    out.agent = "tephra/" TEPHRA_VERSION + (config.name.empty() ? "" : " " + config.name);
    if (seat.consensus)
        out.validator = {.key = seat.consensus->public_key(),
                         .sign = [secret = seat.consensus.get()](chain::ByteView b) {
                             return crypto::Ed25519Signature{secret->sign(b)};
                         }};
    return out;
}

chain::Result<std::optional<consensus::safety::Mark>> mark_of(const Config& config) {
    if (config.no_sign_until.empty()) return std::optional<consensus::safety::Mark>{};
    const auto colon = config.no_sign_until.find(':');
    consensus::safety::Mark mark;
    const auto read = [](std::string_view text, std::uint64_t& number) {
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
        return failed == std::errc{} && end == text.data() + text.size();
    };
    const std::string_view text = config.no_sign_until;
    if (colon == std::string::npos || !read(text.substr(0, colon), mark.epoch) ||
        !read(text.substr(colon + 1), mark.view))
        return chain::fault("--no-sign-until " + config.no_sign_until + ": expected EPOCH:VIEW, such as 12:340");
    return std::optional{mark};
}

consensus::Timers timers_of(const Config& config) {
    consensus::Timers out;
    out.interval_ms = config.block_interval_ms;
    out.idle_ms = config.empty_block_interval_ms;
    return out;
}

}  // namespace node
