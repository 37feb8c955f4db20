#include "chain/network/admission.hpp"

#include "chain/base/check.hpp"

#include <utility>

namespace network {

namespace {

std::uint32_t count(const std::map<Ip, std::uint32_t>& counts, const Ip& key) {
    const auto found = counts.find(key);
    return found == counts.end() ? 0 : found->second;
}

void lower(std::map<Ip, std::uint32_t>& counts, const Ip& key) {
    const auto found = counts.find(key);
    chain::check(found != counts.end());
    if (--found->second == 0) counts.erase(found);
}

}  // namespace

std::string_view text(Refusal refusal) {
    switch (refusal) {
        case Refusal::HandshakesFull: return "too many handshakes are unfinished";
        case Refusal::HandshakesTooFast: return "its address begins handshakes too fast";
        case Refusal::InboundFull: return "there are enough inbound peers";
        case Refusal::IpFull: return "there are enough peers of its address";
        case Refusal::SubnetFull: return "there are enough peers of its subnet";
    }
    std::unreachable();
}

std::optional<Refusal> Admission::arrived(const Ip& ip, std::uint64_t now_ms) {
    if (handshakes_ >= limits_.handshakes_max) return Refusal::HandshakesFull;
    if (!is_exempt(ip)) {
        if (speeds_.size() >= speeds_max && !speeds_.contains(ip)) speeds_.clear();
        const chain::Rate rate{limits_.handshakes_per_second, limits_.handshakes_per_second};
        if (!speeds_.try_emplace(ip, rate).first->second.take(1, now_ms)) return Refusal::HandshakesTooFast;
    }
    ++handshakes_;
    return std::nullopt;
}

void Admission::handshake_ended() {
    chain::check(handshakes_ > 0);
    --handshakes_;
}

std::optional<Refusal> Admission::joins(const Ip& ip) {
    if (inbound_ >= limits_.inbound_max) return Refusal::InboundFull;
    if (!is_exempt(ip)) {
        if (count(per_ip_, ip) >= limits_.per_ip_max) return Refusal::IpFull;
        if (count(per_subnet_, subnet(ip)) >= limits_.per_subnet_max) return Refusal::SubnetFull;
    }
    ++inbound_;
    ++per_ip_[ip];
    ++per_subnet_[subnet(ip)];
    return std::nullopt;
}

void Admission::left(const Ip& ip) {
    chain::check(inbound_ > 0);
    --inbound_;
    lower(per_ip_, ip);
    lower(per_subnet_, subnet(ip));
}

}  // namespace network
