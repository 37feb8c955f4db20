#include "chain/network/control.hpp"

#include "chain/network/address.hpp"
#include "chain/network/wire.hpp"
#include "chain/network/wire.pb.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace network {

namespace {

constexpr std::size_t agent_bytes_max = 64;
// Fields of other versions are passed over, but not without end.
constexpr std::size_t fields_max = 32;

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

std::optional<Hello> hello_from(const wire::Hello& in) {
    const auto genesis = hash_of(in.genesis());
    const bool is_bounded = in.record().size() <= record_bytes_max && in.agent().size() <= agent_bytes_max;
    if (!genesis || !is_bounded || in.kind() > 1 || in.listen_port() > 0xffff) return std::nullopt;
    // The agent is printed: nothing of it may move a terminal's cursor.
    if (!std::ranges::all_of(in.agent(), is_printable)) return std::nullopt;
    return Hello{.protocol = in.protocol(),
                 .genesis = *genesis,
                 .kind = static_cast<NodeKind>(in.kind()),
                 .instance = in.instance(),
                 .listen_port = static_cast<std::uint16_t>(in.listen_port()),
                 .record = chain::to_bytes(in.record()),
                 .agent = in.agent()};
}

void write(const Hello& hello, wire::Hello& out) {
    out.set_protocol(hello.protocol);
    out.set_genesis(hello.genesis.value.data(), hello.genesis.value.size());
    out.set_kind(static_cast<std::uint32_t>(hello.kind));
    out.set_instance(hello.instance);
    out.set_listen_port(hello.listen_port);
    out.set_record(hello.record.data(), hello.record.size());
    std::string agent = hello.agent.substr(0, agent_bytes_max);
    std::ranges::replace_if(agent, std::not_fn(is_printable), '?');
    out.set_agent(agent);
}

}  // namespace

std::string_view text(Goodbye why) {
    switch (why) {
        case Goodbye::Stopping: return "it is stopping";
        case Goodbye::WrongProtocol: return "the other side speaks another version of the protocol";
        case Goodbye::WrongGenesis: return "the other side is of another chain: the genesis hashes differ";
        case Goodbye::Myself: return "this is the node itself";
        case Goodbye::AlreadyConnected: return "there is another connection between the two";
        case Goodbye::TooManyPeers: return "it has no room for more peers";
        case Goodbye::Banned: return "the other side is banned";
        case Goodbye::Misbehaved: return "the other side broke the rules";
        case Goodbye::BadRecord: return "the other side's address record is not in order";
        case Goodbye::Silent: return "the other side was silent for too long";
        case Goodbye::Busy: return "it has too much in hand";
    }
    std::unreachable();
}

Bytes encode(const ControlMessage& message) {
    wire::Control out;
    if (const auto* hello = std::get_if<Hello>(&message)) write(*hello, *out.mutable_hello());
    if (const auto* welcome = std::get_if<Welcome>(&message))
        out.mutable_welcome()->set_greeting(welcome->greeting.data(), welcome->greeting.size());
    if (const auto* ping = std::get_if<Ping>(&message)) out.set_ping(ping->number);
    if (const auto* pong = std::get_if<Pong>(&message)) out.set_pong(pong->number);
    if (const auto* goodbye = std::get_if<Goodbye>(&message)) out.set_goodbye(static_cast<std::uint32_t>(*goodbye));
    return wire_bytes(out);
}

std::optional<ControlMessage> decode_control(ByteView bytes) {
    const auto in = parse_wire<wire::Control>(bytes, 1);
    if (!in) return std::nullopt;
    switch (in->what_case()) {
        case wire::Control::kHello: {
            auto hello = hello_from(in->hello());
            return hello ? std::optional<ControlMessage>{*std::move(hello)} : std::nullopt;
        }
        case wire::Control::kWelcome:
            if (in->welcome().greeting().size() > greeting_bytes_max) return std::nullopt;
            return Welcome{chain::to_bytes(in->welcome().greeting())};
        case wire::Control::kPing: return Ping{in->ping()};
        case wire::Control::kPong: return Pong{in->pong()};
        case wire::Control::kGoodbye:
            if (in->goodbye() >= goodbye_count) return std::nullopt;
            return static_cast<Goodbye>(in->goodbye());
        case wire::Control::WHAT_NOT_SET: return std::nullopt;
    }
    return std::nullopt;
}

std::optional<Goodbye> objection(const Hello& theirs, const Hello& ours) {
    if (theirs.protocol != ours.protocol) return Goodbye::WrongProtocol;
    if (theirs.genesis != ours.genesis) return Goodbye::WrongGenesis;
    return std::nullopt;
}

Bytes encode(const DiscoveryMessage& message) {
    wire::Discovery out;
    out.set_is_request(message.is_request);
    for (const Bytes& record : message.records) out.add_records(record.data(), record.size());
    return wire_bytes(out);
}

std::optional<DiscoveryMessage> decode_discovery(ByteView bytes) {
    const auto in = parse_wire<wire::Discovery>(bytes, fields_max);
    if (!in || static_cast<std::size_t>(in->records_size()) > records_per_message_max) return std::nullopt;
    DiscoveryMessage out{.is_request = in->is_request()};
    for (const std::string& record : in->records()) {
        if (record.size() > record_bytes_max) return std::nullopt;
        out.records.push_back(chain::to_bytes(record));
    }
    return out;
}

}  // namespace network
