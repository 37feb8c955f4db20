// Whom to dial and when, what is known about addresses, and what is told to others.

#include "chain/clock/clock.hpp"
#include "chain/files/whole_file.hpp"
#include "chain/network/mesh.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace network {

namespace {

constexpr std::size_t dials_max = 64;          // at once
constexpr std::size_t few_peers = 4;           // below: bootstrap addresses are dialled
constexpr std::uint64_t ask_soon_ms = 10'000;  // for records, while validators are missing
constexpr std::uint64_t ask_later_ms = 300'000;
constexpr std::uint64_t record_renewal_ms = record_lifetime_ms / 4;
constexpr std::uint64_t relay_pause_ms = 500;  // what a peer's allowance for discovery bears for ever
constexpr std::size_t relay_max = 256;         // records waiting to be relayed
constexpr std::streamoff book_bytes_max = 4 << 20;

std::string key_of(const PeerAddress& address) { return address.peer ? to_text(*address.peer) : to_text(address); }

std::vector<PeerAddress> addresses_of(const AddressRecord& record) {
    std::vector<PeerAddress> out;
    for (const SocketAddress& address : record.body.addresses.value)
        out.push_back({record.body.peer, to_text(address.ip), address.port});
    return out;
}

}  // namespace

bool Mesh::is_connected(const std::string& key, const std::optional<PeerId>& peer) const {
    if (peer) return peers_.contains(*peer);
    const auto found = found_at_.find(key);
    return found != found_at_.end() && peers_.contains(found->second);
}

void Mesh::add_reserved_to(std::vector<Wanted>& out) const {
    for (const PeerAddress& address : config_.reserved) {
        if (address.peer == self_) continue;
        const std::string key = key_of(address);
        const auto known = std::ranges::find(out, key, &Wanted::key);
        if (known != out.end()) {
            known->addresses.push_back(address);
            continue;
        }
        out.push_back({.key = key,
                       .who = "reserved " + to_text(address),
                       .addresses = {address},
                       .peer = address.peer,
                       .is_connected = is_connected(key, address.peer)});
    }
}

void Mesh::add_validators_to(std::vector<Wanted>& out) const {
    for (const crypto::Ed25519Public& validator : validators_) {
        if (config_.validator && validator == config_.validator->key) continue;
        Wanted target{.key = chain::to_hex(validator.value), .who = "validator " + chain::to_hex(validator.value)};
        target.is_connected = speakers_.contains(validator);
        target.is_persistent = config_.validator && validators_.contains(config_.validator->key);
        if (const AddressRecord* record = book_.find(validator)) {
            target.key = to_text(record->body.peer);
            target.peer = record->body.peer;
            target.signer = validator;
            target.addresses = addresses_of(*record);
            target.is_connected = target.is_connected || peers_.contains(record->body.peer);
            const auto known = std::ranges::find(out, target.key, &Wanted::key);
            if (known != out.end()) {
                known->signer = validator;
                continue;
            }
        }
        // Nodes that do not validate need no validator in particular.
        if (target.is_persistent) out.push_back(std::move(target));
    }
}

void Mesh::add_others_to(std::vector<Wanted>& out) const {
    const std::size_t outbound = static_cast<std::size_t>(std::ranges::count_if(peers_, [&](const auto& entry) {
        return entry.second->direction == Direction::Outbound && !is_privileged(*entry.second);
    }));
    std::size_t room = config_.limits.outbound_max > outbound ? config_.limits.outbound_max - outbound : 0;
    const auto add = [&](Wanted target) {
        if (target.is_connected || std::ranges::find(out, target.key, &Wanted::key) != out.end()) return;
        target.is_persistent = false;
        out.push_back(std::move(target));
    };
    if (peers_.size() < few_peers)
        for (const PeerAddress& address : config_.bootstrap)
            add({.key = key_of(address),
                 .who = "bootstrap " + to_text(address),
                 .addresses = {address},
                 .peer = address.peer,
                 .is_connected = is_connected(key_of(address), address.peer)});
    for (const AddressRecord& record : book_.candidates()) {
        if (room == 0) break;
        if (peers_.contains(record.body.peer)) continue;
        --room;
        add({.key = to_text(record.body.peer),
             .who = "peer " + short_text(record.body.peer),
             .addresses = addresses_of(record),
             .peer = record.body.peer,
             .signer = record.body.signer});
    }
}

std::vector<Mesh::Wanted> Mesh::wanted() const {
    std::vector<Wanted> out;
    add_reserved_to(out);
    if (config_.is_discovering) {
        add_validators_to(out);
        add_others_to(out);
    }
    return out;
}

void Mesh::dial_due() {
    if (is_stopping_ || dialling_.size() >= dials_max) return;
    const std::uint64_t now_ms = chain::monotonic_ms();
    const std::vector<Wanted> targets = wanted();
    persistent_.clear();
    for (const Wanted& target : targets)
        if (target.is_persistent) persistent_.insert(target.key);
    for (const Wanted& target : targets) {
        if (target.is_connected || target.addresses.empty() || dialling_.contains(target.key)) continue;
        if (target.peer && (*target.peer == self_ || bans_.is_banned(*target.peer, now_ms))) continue;
        // Both sides of a pair wake up together when a network starts: one dials, the other waits for it a moment.
        const bool is_first = redial_.state(target.key).next_ms == 0;
        if (target.peer && *target.peer < self_ && is_first)
            redial_.postpone(target.key, now_ms + config_.limits.yield_ms);
        if (!redial_.is_due(target.key, now_ms)) continue;
        dial(target);
        if (dialling_.size() >= dials_max) return;
    }
}

void Mesh::dial(const Wanted& target) {
    const std::size_t turn = redial_.state(target.key).failures % target.addresses.size();
    redial_.started(target.key);
    dialling_.insert(target.key);
    transport_->dial(target.addresses[turn],
                     [this, target](chain::Result<LinkPointer> result) { dialled(target, std::move(result)); });
}

void Mesh::dialled(const Wanted& target, chain::Result<LinkPointer> result) {
    dialling_.erase(target.key);
    if (result && has_live(result.value()->peer())) {
        // It dialled too and was faster. The other side has not heard our hello, so it has nothing to decide.
        (*result)->close();
        return redial_.succeeded(target.key);
    }
    if (result) return link_up(*std::move(result), Direction::Outbound, target.key);
    if (target.signer) book_.failed(*target.signer);
    could_not_reach(target.key, target.who, result.error().text);
}

void Mesh::could_not_reach(const std::string& key, const std::string& who, const std::string& reason) {
    const Redial::State before = redial_.state(key);
    const std::uint64_t now_ms = chain::monotonic_ms();
    const NetworkLimits& limits = config_.limits;
    redial_.failed(key, reason, now_ms,
                   persistent_.contains(key) ? limits.redial_persistent_most_ms : limits.redial_most_ms);
    const std::uint64_t wait_ms = redial_.state(key).next_ms - now_ms;
    // The first time and whenever the reason changes; a peer that is down for a day does not fill the log.
    if (before.failures == 0 || before.reason != reason)
        network_log.info("cannot reach {}: {}; next try in {} ms", who, reason, wait_ms);
    else network_log.debug("cannot reach {}: {}; next try in {} ms", who, reason, wait_ms);
}

void Mesh::add_reserved(PeerAddress address) {
    if (address.peer) reserved_ids_.insert(*address.peer);
    if (std::ranges::find(config_.reserved, address) == config_.reserved.end())
        config_.reserved.push_back(std::move(address));
    const std::scoped_lock lock{mutex_};
    for (const auto& [peer, session] : peers_) session->shared.is_reserved = reserved_ids_.contains(peer);
}

void Mesh::remove_reserved(const PeerId& peer) {
    reserved_ids_.erase(peer);
    std::erase_if(config_.reserved, [&](const PeerAddress& address) { return address.peer == peer; });
    const std::scoped_lock lock{mutex_};
    for (const auto& [id, session] : peers_) session->shared.is_reserved = reserved_ids_.contains(id);
}

void Mesh::set_validators(std::vector<crypto::Ed25519Public> validators) {
    std::set<crypto::Ed25519Public> chosen{validators.begin(), validators.end()};
    if (chosen == validators_) return;
    book_.set_validators(validators);
    // Who had no reason to keep this node's address has one from this moment on.
    record_due_ms_ = 0;
    const std::scoped_lock lock{mutex_};
    validators_ = std::move(chosen);
    for (const auto& [peer, session] : peers_) {
        const bool is_one = session->record && validators_.contains(session->record->body.signer);
        if (is_one != session->shared.is_validator) set_rank(*session, is_one);
    }
}

/// Signs where this node is reached.
void Mesh::renew_record() {
    record_due_ms_ = chain::monotonic_ms() + record_renewal_ms;
    AddressRecord::Body body{.peer = self_, .sequence = chain::unix_ms()};
    body.expires_ms = body.sequence + record_lifetime_ms;
    body.addresses.value = config_.public_addresses;
    if (const auto listen = socket_address_from_text(config_.listen);
        body.addresses.value.empty() && listen && !is_unusable(listen->ip))
        body.addresses.value.push_back({listen->ip, port_});
    if (body.addresses.value.size() > body.addresses.max) body.addresses.value.resize(body.addresses.max);
    if (body.addresses.value.empty() && config_.validator)
        network_log.warn("other validators cannot dial this one: it listens on {} and has no public address",
                         config_.listen.empty() ? "no port" : config_.listen);
    AddressRecord record;
    if (config_.validator) {
        body.signer = config_.validator->key;
        record = {body, config_.validator->sign(signing_bytes(body, config_.genesis))};
    } else {
        body.signer.value = self_.value;
        const auto key = crypto::Ed25519Key::from_seed(config_.identity);
        record = {body, key.sign(signing_bytes(body, config_.genesis))};
    }
    own_record_ = std::move(record);
    if (!own_record_->body.addresses.value.empty() && to_relay_.size() < relay_max)
        to_relay_.push_back(encode_record(*own_record_));
}

/// What is new about validators goes to every peer once, so that a mesh forms within a round trip or two.
void Mesh::relay_records() {
    const std::uint64_t now_ms = chain::monotonic_ms();
    if (to_relay_.empty() || now_ms < relayed_ms_ + relay_pause_ms) return;
    relayed_ms_ = now_ms;
    DiscoveryMessage message;
    const std::size_t count = std::min(to_relay_.size(), records_per_message_max);
    message.records.assign(to_relay_.begin(), to_relay_.begin() + static_cast<std::ptrdiff_t>(count));
    to_relay_.erase(to_relay_.begin(), to_relay_.begin() + static_cast<std::ptrdiff_t>(count));
    const Bytes bytes = encode(message);
    const auto all = peers_;
    for (const auto& [peer, session] : all) {
        say(*session, Channel::Discovery, bytes);
        flush(session);
    }
}

void Mesh::ask_for_records(Session& session) {
    if (!config_.is_discovering) return;
    const std::uint64_t now_ms = chain::monotonic_ms();
    std::size_t known = 0;
    for (const crypto::Ed25519Public& validator : validators_) known += book_.find(validator) != nullptr;
    const bool are_missing = known + 1 < validators_.size() || book_.size() < few_peers;
    const std::uint64_t pause_ms = are_missing ? ask_soon_ms : ask_later_ms;
    if (session.records_asked_ms != 0 && now_ms < session.records_asked_ms + pause_ms) return;
    session.records_asked_ms = now_ms;
    say(session, Channel::Discovery, encode(DiscoveryMessage{.is_request = true}));
}

void Mesh::discovery(const SessionPointer& session, ByteView content) {
    const auto message = decode_discovery(content);
    if (!message) return punish(session, Conduct::Malformed, "a malformed discovery message");
    for (const Bytes& record : message->records) {
        if (session->stage == Stage::Closed) return;
        learn(session, record);
    }
    if (!message->is_request) return;
    DiscoveryMessage answer;
    for (const AddressRecord& record : book_.sample(records_per_message_max, chain::unix_ms()))
        answer.records.push_back(encode_record(record));
    say(*session, Channel::Discovery, encode(answer));
    flush(session);
}

void Mesh::learn(const SessionPointer& session, const Bytes& bytes) {
    // Most records are known: they cost no signature check.
    const auto claimed = scale::decode<AddressRecord>(bytes);
    if (const AddressRecord* known = claimed ? book_.find(claimed->body.signer) : nullptr; known && *known == *claimed)
        return;
    const auto record = decode_record(bytes, config_.genesis, chain::unix_ms());
    if (!record) {
        if (record.error() == RecordFault::Malformed || record.error() == RecordFault::BadSignature)
            punish(session, Conduct::Malformed, text(record.error()));
        return;
    }
    if (book_.add(*record, session->link->remote().ip) != AddressBook::Added::New) return;
    is_book_changed_ = true;
    if (validators_.contains(record->body.signer) && to_relay_.size() < relay_max) to_relay_.push_back(bytes);
}

std::optional<Bytes> Mesh::remembered(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary | std::ios::ate};
    if (!in) return std::nullopt;  // the first start
    if (in.tellg() > book_bytes_max) {
        network_log.warn("{} is larger than 4 MiB: it is not used", file.string());
        return std::nullopt;
    }
    in.seekg(0);
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    return chain::to_bytes(text);
}

std::filesystem::path Mesh::bans_file() const {
    auto out = config_.address_book;
    return out += "-banned";
}

void Mesh::load_book() {
    if (config_.address_book.empty()) return;
    if (const auto bytes = remembered(config_.address_book))
        network_log.debug("{} addresses from {}", book_.load(*bytes, config_.genesis), config_.address_book.string());
    const auto bans = remembered(bans_file());
    const std::uint64_t now_ms = chain::monotonic_ms();
    const std::size_t count = bans ? bans_.load(*bans, now_ms, chain::unix_ms(), config_.limits.ban_ms) : 0;
    if (count > 0) network_log.info("{} peers stay banned from before the start", count);
}

void Mesh::save_book() {
    saved_ms_ = chain::monotonic_ms();
    is_book_changed_ = false;
    if (config_.address_book.empty()) return;
    const Bytes bytes = book_.encode();
    const auto done = chain::write_whole(config_.address_book, chain::as_text(bytes), chain::Readers::Everybody);
    if (!done) network_log.warn("the address book is not saved: {}", done.error().text);
    const Bytes bans = bans_.encode(saved_ms_, chain::unix_ms());
    const auto bans_done = chain::write_whole(bans_file(), chain::as_text(bans), chain::Readers::Everybody);
    if (!bans_done) network_log.warn("the bans are not saved: {}", bans_done.error().text);
}

}  // namespace network
