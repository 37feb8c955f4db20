#pragma once
// What stands behind Network: sessions, whom to dial, who may stay. Everything is the network's thread's, but for
// `peers_` with the sessions' `shared` part and the snapshots, which `mutex_` guards: send() must answer at once, from
// any thread. The mutex is never held during a callback.

#include "chain/base/log.hpp"
#include "chain/network/address_book.hpp"
#include "chain/network/admission.hpp"
#include "chain/network/redial.hpp"
#include "chain/network/session.hpp"

#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace network {

class Mesh {
public:
    Mesh(NetworkConfig config, NetworkCallbacks callbacks);
    ~Mesh();

    chain::Result<void> start();
    void stop();

    const PeerId& id() const { return self_; }
    std::uint16_t port() const { return port_; }

    // Any thread.
    Sent send(const PeerId& to, Channel channel, const Payload& message);
    Sent send_to_validator(const crypto::Ed25519Public& to, Channel channel, const Payload& message);
    std::size_t broadcast(Network::Audience audience, Channel channel, const Payload& message);
    std::vector<PeerStatus> peers() const;
    std::optional<PeerId> peer_of(const crypto::Ed25519Public& validator) const;
    std::vector<MissingPeer> missing() const;
    NetworkStatus status() const;
    void post(std::function<void()> work);

    // The network's thread.
    void set_validators(std::vector<crypto::Ed25519Public> validators);
    void report(const PeerId& peer, Conduct conduct);
    void add_reserved(PeerAddress address);
    void remove_reserved(const PeerId& peer);

private:
    // mesh_sessions.cpp: from a link to a peer, and its end
    void link_up(LinkPointer link, Direction direction, std::string target);
    void hello(const SessionPointer& session, Hello theirs);
    std::optional<Goodbye> judge(Session& session) const;
    bool is_privileged(const Session& session) const;
    bool find_place(const SessionPointer& session);
    std::uint64_t stale_ms() const { return config_.limits.ping_ms * std::uint64_t{3} / 2; }
    bool has_live(const PeerId& peer) const;
    bool settle_duplicate(const SessionPointer& session);
    void welcome(const SessionPointer& session, Welcome theirs);
    void set_rank(Session& session, bool is_validator);
    void close(const SessionPointer& session, Goodbye why, std::string_view reason);
    void ended(const SessionPointer& session, std::string reason);
    void forget(const SessionPointer& session, const std::string& reason);
    PeerInfo info_of(const Session& session) const;

    // mesh_messages.cpp: what comes and what goes
    std::uint64_t received(const SessionPointer& session, ByteView bytes);
    std::uint64_t handle(const SessionPointer& session, Message message);
    void control(const SessionPointer& session, ByteView content);
    void pong(Session& session, std::uint64_t number);
    void discovery(const SessionPointer& session, ByteView content);
    void learn(const SessionPointer& session, const Bytes& record);
    bool is_memory_left(const SessionPointer& session);
    bool is_solicited(Session& session);
    void punish(const SessionPointer& session, Conduct conduct, std::string_view what);
    void say(Session& session, Channel channel, Bytes message);
    void flush(const SessionPointer& session);
    void flush_all();
    Sent put(Session& session, Channel channel, const Payload& message);
    void wake();

    // mesh_dialling.cpp: whom to dial, and the address book
    struct Wanted {
        std::string key;
        std::string who;
        std::vector<PeerAddress> addresses;
        std::optional<PeerId> peer;
        std::optional<crypto::Ed25519Public> signer;
        bool is_persistent = true;  // dialled for ever, and listed where missing
        bool is_connected = false;
    };
    std::vector<Wanted> wanted() const;
    void add_reserved_to(std::vector<Wanted>& out) const;
    void add_validators_to(std::vector<Wanted>& out) const;
    void add_others_to(std::vector<Wanted>& out) const;
    bool is_connected(const std::string& key, const std::optional<PeerId>& peer) const;
    void dial_due();
    void dial(const Wanted& target);
    void dialled(const Wanted& target, chain::Result<LinkPointer> result);
    void could_not_reach(const std::string& key, const std::string& who, const std::string& reason);
    void renew_record();
    void relay_records();
    void ask_for_records(Session& session);
    void load_book();
    void save_book();
    /// A file of an earlier life, if there is one of a sane size.
    static std::optional<Bytes> remembered(const std::filesystem::path& file);
    /// Beside the address book.
    std::filesystem::path bans_file() const;

    // mesh.cpp: time
    void tick();
    void watch(const SessionPointer& session);
    void take_snapshots();
    std::size_t open_count(Direction direction) const;

    NetworkConfig config_;
    NetworkCallbacks callbacks_;
    PeerId self_;
    std::uint64_t instance_;
    std::uint16_t port_ = 0;
    std::unique_ptr<Transport> transport_;
    std::thread thread_;

    std::set<SessionPointer> sessions_;
    Admission admission_;
    Redial redial_;
    AddressBook book_;
    Bans bans_;
    std::map<PeerId, Score> scores_;
    std::set<PeerId> reserved_ids_;
    std::map<std::string, PeerId> found_at_;  // who answered at a reserved address without a key
    std::set<std::string> dialling_;
    std::set<std::string> persistent_;  // names of those who are dialled for ever
    std::optional<AddressRecord> own_record_;
    std::uint64_t record_due_ms_ = 0;
    std::vector<Bytes> to_relay_;
    std::uint64_t relayed_ms_ = 0;
    std::size_t partial_bytes_ = 0;  // of peers that are no validators
    std::uint64_t refused_ = 0;
    std::uint64_t failed_handshakes_ = 0;
    std::uint64_t saved_ms_ = 0;
    std::uint64_t snapshot_ms_ = 0;
    bool is_book_changed_ = false;
    bool is_stopping_ = false;

    mutable std::mutex mutex_;
    std::map<PeerId, SessionPointer> peers_;  // open ones
    std::map<crypto::Ed25519Public, PeerId> speakers_;
    std::set<crypto::Ed25519Public> validators_;
    std::vector<MissingPeer> missing_;
    NetworkStatus status_;
    bool is_woken_ = false;
};

inline constexpr chain::log::Channel network_log{"network"};

}  // namespace network
