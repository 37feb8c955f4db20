#pragma once
// Which inbound connections are let in: how fast one address may begin handshakes, how many are unfinished, how many
// peers one address, one subnet and all together may be. Pure.

#include "chain/base/bucket.hpp"
#include "chain/network/address.hpp"

#include <map>
#include <optional>
#include <string_view>

namespace network {

struct AdmissionLimits {
    std::uint32_t inbound_max = 50;
    std::uint32_t per_ip_max = 2;
    std::uint32_t per_subnet_max = 4;
    std::uint32_t handshakes_max = 64;
    std::uint32_t handshakes_per_second = 16;
    bool are_private_addresses_limited = false;
};

enum class Refusal : std::uint8_t { HandshakesFull, HandshakesTooFast, InboundFull, IpFull, SubnetFull };
std::string_view text(Refusal refusal);

class Admission {
public:
    /// Addresses whose speed is remembered; beyond, all are forgotten: an attacker with so many gains nothing by it.
    static constexpr std::size_t speeds_max = 4'096;

    explicit Admission(AdmissionLimits limits) : limits_(limits) {}

    /// A connection arrived. Counted as unfinished unless refused.
    std::optional<Refusal> arrived(const Ip& ip, std::uint64_t now_ms);
    void handshake_ended();

    /// Its hello is in order. Counted unless refused.
    std::optional<Refusal> joins(const Ip& ip);
    void left(const Ip& ip);

    std::uint32_t inbound() const { return inbound_; }

private:
    bool is_exempt(const Ip& ip) const { return !limits_.are_private_addresses_limited && is_private(ip); }

    AdmissionLimits limits_;
    std::uint32_t handshakes_ = 0;
    std::uint32_t inbound_ = 0;
    std::map<Ip, chain::Bucket> speeds_;
    std::map<Ip, std::uint32_t> per_ip_;
    std::map<Ip, std::uint32_t> per_subnet_;
};

}  // namespace network
