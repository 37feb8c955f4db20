#pragma once
// One node: a replica with its disk, clock, chain and connections, and whoever speaks with its mouth. It lives, dies
// and comes back with what its disk kept.

#include "consensus/replica/replica.hpp"
#include "tests/simulation/application.hpp"
#include "tests/simulation/clock.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/node_ports.hpp"
#include "tests/simulation/node_sync.hpp"
#include "tests/simulation/players.hpp"

#include <memory>

namespace simulation {

class World;

class Node {
public:
    Node(World& world, std::uint32_t index, std::optional<std::uint32_t> validator, Random random);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    std::uint32_t index() const { return index_; }
    /// Grows with each start and each end; 0 before the first.
    std::uint32_t life() const { return life_; }
    bool is_up() const { return replica_ != nullptr; }
    Micros busy_until() const { return busy_until_; }

    void start();
    void receive(std::uint32_t from, consensus::MessagePtr message);
    void alarm();
    void submit(const std::vector<std::uint64_t>& transactions);

    /// Faults. What lasts is mended after so long, or by healing.
    void crash(Micros lasts_us);
    void die_writing(std::uint32_t operations, Micros lasts_us);
    void fill_disk(Micros lasts_us);
    void flip_bits(std::uint32_t count, Micros lasts_us);
    /// A new, empty disk: the chain comes back by sync, what was signed does not.
    void lose_disk(Micros lasts_us);
    void jump_clock();
    /// The connection to another node breaks, or is there (again).
    void lose(std::uint32_t other);
    void find(std::uint32_t other);
    void heal();

    Application& application() { return *application_; }
    std::uint32_t final_number() const { return application_->final_number(); }
    /// Honest, and with a disk that nobody tampered with: liveness is owed to it.
    bool must_progress() const;
    bool is_honest() const { return is_honest_; }
    const Disk& disk() const { return disk_; }
    NodeSync& sync() { return *sync_; }
    /// What this node calls its connection to another one; nothing where there is none.
    std::optional<std::uint64_t> connection(std::uint32_t other) const {
        return is_up() && connected_[other] != 0 ? std::optional{peer_id_[other]} : std::nullopt;
    }
    Random& random() { return random_; }
    std::uint64_t clock_ms() const { return clock_.monotonic_ms(world_now()); }
    /// When its clock will read this.
    Micros when_ms(std::uint64_t clock_ms) const { return clock_.when(clock_ms, world_now()); }
    /// Block sync has stored blocks up to this one.
    void stored(const Tip& tip);
    consensus::ReplicaReport report() const { return replica_->report(); }
    /// What it holds too much of, if all honest nodes together got to this view; else empty.
    std::string exceeds_limits(std::uint64_t highest_view) const;
    /// Where it stands, for a person.
    std::string describe() const;

private:
    friend class NodePorts;

    /// An answer for the replica.
    void take(std::uint64_t epoch, consensus::Event event);
    /// Lets the replica do what is due, and bears the consequences for this machine.
    void run_turn();
    /// Its next turn is due then.
    void arm(std::uint64_t clock_ms);
    void tell_work();
    void gossip();
    /// Somebody reads that the memory is lost, looks where the network is and restarts with that as his word.
    void call_operator();
    void stop_working(const std::string& why);
    void end_life();
    void power_off(Micros lasts_us);
    void set_skew(std::uint32_t most_ms);
    Micros world_now() const;

    World& world_;
    std::uint32_t index_;
    std::optional<std::uint32_t> validator_;
    bool is_honest_ = true;
    bool is_twin_ = false;
    Random random_;
    Disk disk_;
    Clock clock_;
    std::unique_ptr<Application> application_;
    std::unique_ptr<Mouth> mouth_;
    std::unique_ptr<Behaviour> behaviour_;
    std::unique_ptr<NodePorts> ports_;
    std::unique_ptr<NodeSync> sync_;
    std::unique_ptr<consensus::Replica> replica_;
    std::vector<std::uint8_t> connected_;  // by node
    std::vector<std::uint64_t> peer_id_;   // by node, of this connection
    std::uint64_t next_peer_id_ = 1;
    std::uint32_t life_ = 0;
    bool is_in_turn_ = false;
    bool work_may_have_changed_ = false;
    bool is_gossiping_ = false;
    bool is_tampered_ = false;                              ///< bits of its disk are other ones
    std::optional<consensus::safety::Mark> no_sign_until_;  ///< the operator's word for the next start
    bool is_beyond_help_ = false;                           ///< its files may not be used: an operator must look
    Micros down_us_ = 1;
    Micros busy_until_ = 0;
    Micros armed_at_ = never;
    static constexpr Micros never = ~Micros{0};
};

}  // namespace simulation
