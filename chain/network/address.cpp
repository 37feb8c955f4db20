#include "chain/network/address.hpp"

#include "chain/base/check.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace network {

namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool is_v4(const Ip& ip) { return std::ranges::equal(v4_prefix, std::span{ip.value}.first<12>()); }

/// The first `bits` of it, which are a multiple of 8.
Ip masked(Ip ip, std::size_t bits) {
    std::fill(ip.value.begin() + static_cast<std::ptrdiff_t>(bits / 8), ip.value.end(), std::uint8_t{0});
    return ip;
}

std::optional<std::uint16_t> port_from_text(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return port;
}

struct HostAndPort {
    std::string_view host;
    std::string_view port;  // empty: none was given
};

/// "host:port", "[v6]:port", "host" or "[v6]".
std::optional<HostAndPort> split(std::string_view text) {
    if (text.starts_with('[')) {
        const std::size_t end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        const std::string_view rest = text.substr(end + 1);
        if (!rest.empty() && (rest.front() != ':' || rest.size() == 1)) return std::nullopt;
        return HostAndPort{text.substr(1, end - 1), rest.empty() ? rest : rest.substr(1)};
    }
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return HostAndPort{text, {}};
    if (text.find(':', colon + 1) != std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
    return HostAndPort{text.substr(0, colon), text.substr(colon + 1)};
}

/// What a resolver may be asked for: an address, or a name, which has no brackets, colons or blanks.
bool is_host(std::string_view text) {
    if (text.find(':') != std::string_view::npos) return ip_from_text(text).has_value();
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
               c == '_';
    };
    return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, allowed);
}

}  // namespace

std::string to_text(const Ip& ip) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const bool v4 = is_v4(ip);
    const char* made = ::inet_ntop(v4 ? AF_INET : AF_INET6, ip.value.data() + (v4 ? 12 : 0), text.data(), text.size());
    chain::check(made != nullptr);
    return made;
}

std::optional<Ip> ip_from_text(std::string_view text) {
    const std::string terminated{text};
    Ip ip;
    if (::inet_pton(AF_INET6, terminated.c_str(), ip.value.data()) == 1) return ip;
    std::ranges::copy(v4_prefix, ip.value.begin());
    if (::inet_pton(AF_INET, terminated.c_str(), ip.value.data() + 12) == 1) return ip;
    return std::nullopt;
}

bool is_private(const Ip& ip) {
    const auto& b = ip.value;
    if (is_v4(ip))
        return b[12] == 127 || b[12] == 10 || (b[12] == 172 && (b[13] & 0xf0) == 16) ||
               (b[12] == 192 && b[13] == 168) || (b[12] == 169 && b[13] == 254);
    const bool is_loopback = masked(ip, 120) == Ip{} && b[15] == 1;
    return is_loopback || (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
}

bool is_unusable(const Ip& ip) {
    if (is_v4(ip)) return ip.value[12] == 0 || ip.value[12] >= 224;
    return ip == Ip{} || ip.value[0] == 0xff;
}

Ip subnet(const Ip& ip) { return masked(ip, is_v4(ip) ? 96 + 24 : 48); }

Ip region(const Ip& ip) { return masked(ip, is_v4(ip) ? 96 + 16 : 32); }

std::string to_text(const SocketAddress& address) {
    return is_v4(address.ip) ? fmt::format("{}:{}", to_text(address.ip), address.port)
                             : fmt::format("[{}]:{}", to_text(address.ip), address.port);
}

std::optional<SocketAddress> socket_address_from_text(std::string_view text) {
    const auto parts = split(text);
    if (!parts) return std::nullopt;
    const auto ip = ip_from_text(parts->host);
    const auto port = port_from_text(parts->port);
    if (!ip || !port) return std::nullopt;
    return SocketAddress{*ip, *port};
}

std::string to_text(const PeerAddress& address) {
    const bool is_v6 = address.host.find(':') != std::string::npos;
    const std::string place =
        is_v6 ? fmt::format("[{}]:{}", address.host, address.port) : fmt::format("{}:{}", address.host, address.port);
    return address.peer ? to_text(*address.peer) + "@" + place : place;
}

Result<PeerAddress> peer_address_from_text(std::string_view text) {
    PeerAddress out;
    std::string_view place = text;
    if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
        out.peer = peer_from_text(text.substr(0, at));
        if (!out.peer) return chain::fault(fmt::format("{}: before the @ stand the 64 digits of a peer's key", text));
        place = text.substr(at + 1);
    }
    const auto parts = split(place);
    if (!parts || !is_host(parts->host)) return chain::fault(fmt::format("{}: an address is [PEER@]HOST[:PORT]", text));
    out.host = parts->host;
    if (!parts->port.empty()) {
        const auto port = port_from_text(parts->port);
        if (!port || *port == 0) return chain::fault(fmt::format("{}: {} is no port", text, parts->port));
        out.port = *port;
    }
    return out;
}

Bytes signing_bytes(const AddressRecord::Body& body, const Hash& genesis) {
    Bytes out = chain::to_bytes("tephra/address/1");
    chain::append(out, genesis.value);
    scale::encode(body, out);
    return out;
}

std::string_view text(RecordFault fault) {
    switch (fault) {
        case RecordFault::Malformed: return "an address record is malformed";
        case RecordFault::BadSignature: return "an address record is not signed by its signer";
        case RecordFault::Expired: return "an address record has expired";
        case RecordFault::TooFarAhead: return "an address record expires later than a day from now";
    }
    std::unreachable();
}

Result<AddressRecord, RecordFault> decode_record(ByteView bytes, const Hash& genesis, std::uint64_t unix_ms) {
    if (bytes.size() > record_bytes_max) return std::unexpected{RecordFault::Malformed};
    auto record = scale::decode<AddressRecord>(bytes);
    if (!record) return std::unexpected{RecordFault::Malformed};
    // Clocks of the network differ by less than the hour that is granted here.
    if (record->body.expires_ms <= unix_ms) return std::unexpected{RecordFault::Expired};
    if (record->body.expires_ms > unix_ms + record_lifetime_ms + 3'600'000)
        return std::unexpected{RecordFault::TooFarAhead};
    if (!crypto::verify(record->body.signer, signing_bytes(record->body, genesis), record->signature))
        return std::unexpected{RecordFault::BadSignature};
    return *std::move(record);
}

}  // namespace network
