#include "tests/simulation/node.hpp"

#include "tests/simulation/world.hpp"

#include <fmt/format.h>

namespace simulation {

namespace {

constexpr Micros second = 1'000'000;

/// What a byzantine node's mouth can do.
class NodeMouth : public Mouth {
public:
    NodeMouth(World& world, Node& of, std::uint32_t its_validator, Random its_random) : world_(world), node_(of) {
        validator = its_validator;
        node = of.index();
        nodes = world.node_count();
        random = its_random;
    }

    void say(std::uint32_t to, consensus::MessagePtr message, Micros delay_us) override {
        if (node_.is_up()) world_.send(node, to, std::move(message), world_.now() + delay_us);
    }

    Micros now() const override { return world_.now(); }

    votes::Vote sign(const votes::Statement& statement) override {
        const votes::SigningText text{statement, world_.genesis()};
        return {statement, validator, fast_sign(world_.key_of(validator), text.view())};
    }

    std::optional<std::pair<chain::Hash, consensus::Payload>> variant(const consensus::Payload& block) override {
        return block == nullptr ? std::nullopt : node_.application().variant(block);
    }

    std::optional<std::pair<chain::Hash, consensus::Payload>> child_of(const chain::Hash& parent,
                                                                       const consensus::Position& position) override {
        return node_.application().child_of(parent, position);
    }

private:
    World& world_;
    Node& node_;
};

consensus::ReplicaConfig config_of(const World& world, bool is_twin) {
    consensus::ReplicaConfig config{.genesis = world.genesis()};
    config.journal.part_bytes = world.scenario().journal_part_bytes;
    config.timers.interval_ms = world.scenario().block_interval_ms;
    // Twins are to act on their own, so they do not listen for each other first.
    if (is_twin) config.guard_ms = 0;
    return config;
}

}  // namespace

Node::Node(World& world, std::uint32_t index, std::optional<std::uint32_t> validator, Random random)
    : world_(world),
      index_(index),
      validator_(validator),
      random_(random),
      disk_(world.scenario().disk, random_.split()),
      ports_(std::make_unique<NodePorts>(world, *this)),
      sync_(std::make_unique<NodeSync>(world, *this, world.scenario().serving(index))) {
    const Scenario& scenario = world.scenario();
    const Player player = validator ? scenario.players[*validator] : Player::Honest;
    is_honest_ = player == Player::Honest;
    is_twin_ = player == Player::Twin;
    application_ = world.make_application({.node = index,
                                           .validator = validator,
                                           .is_liar = player == Player::RootLiar,
                                           .wall_ms = [this] { return clock_.wall_ms(world_.now()); }},
                                          random_.split());
    if (index == scenario.trapped_node) disk_.set_traps(scenario.traps);
    behaviour_ = make_behaviour(player);
    if (behaviour_ != nullptr) mouth_ = std::make_unique<NodeMouth>(world, *this, *validator, random_.split());
}

Node::~Node() = default;

void Node::start() {
    if (is_up()) return;
    ++life_;
    is_gossiping_ = false;
    busy_until_ = world_.now();
    armed_at_ = never;
    const auto drift_ppm = static_cast<std::int64_t>(random_.below(401)) - 200;
    clock_ = Clock{random_.below(1'000'000), drift_ppm};
    set_skew(world_.scenario().faults.clock_skew_ms);
    connected_.assign(world_.node_count(), 0);
    peer_id_.assign(world_.node_count(), 0);
    ports_->reset();
    sync_->start();
    const consensus::ReplicaPorts ports{.secret = validator_ ? &*ports_ : nullptr,
                                        .storage = validator_ ? &disk_ : nullptr,
                                        .outbox = &*ports_,
                                        .verifier = &*ports_,
                                        .host = &*ports_};
    consensus::ReplicaConfig config = config_of(world_, is_twin_);
    config.no_sign_until = std::exchange(no_sign_until_, std::nullopt);
    replica_ = std::make_unique<consensus::Replica>(config, ports);
    disk_.set_recovering(true);
    const auto started = replica_->start(clock_ms());
    ports_->turn_ended();
    disk_.set_recovering(false);
    if (!started) return stop_working("start: " + started.error().text);
    for (std::uint32_t other = 0; other < world_.node_count(); ++other) {
        find(other);
        if (other != index_) world_.node(other).find(index_);
    }
    tell_work();
    run_turn();
}

void Node::find(std::uint32_t other) {
    if (!is_up() || other == index_ || !world_.node(other).is_up()) return;
    if (sync_->has_banned(other) || world_.node(other).sync_->has_banned(index_)) return;
    lose(other);
    if (!is_up()) return;  // it stopped working over the news
    connected_[other] = 1;
    peer_id_[other] = ++next_peer_id_;
    const auto validator = world_.validator_of(other);
    replica_->peer_arrived(peer_id_[other], validator ? std::optional{world_.key_of(*validator)} : std::nullopt);
    sync_->peer_up(other);
    run_turn();
}

void Node::lose(std::uint32_t other) {
    if (!is_up() || connected_[other] == 0) return;
    sync_->peer_down(other);
    connected_[other] = 0;
    replica_->peer_gone(peer_id_[other]);
    run_turn();
}

void Node::receive(std::uint32_t from, consensus::MessagePtr message) {
    if (!is_up() || connected_[from] == 0) return;
    if (behaviour_ != nullptr) behaviour_->hear(*mouth_, from, message);
    replica_->receive(peer_id_[from], std::move(message));
    run_turn();
}

void Node::take(std::uint64_t epoch, consensus::Event event) {
    replica_->answer(epoch, std::move(event));
    run_turn();
}

void Node::stored(const Tip& tip) {
    take(tip.epoch, consensus::event::FloorDurable{tip});
    if (!is_up()) return;
    tell_work();
    run_turn();
}

void Node::alarm() {
    // One that was set before an earlier one is not waited for any more.
    if (!is_up() || world_.now() < armed_at_) return;
    armed_at_ = never;
    run_turn();
}

void Node::submit(const std::vector<std::uint64_t>& transactions) {
    if (!is_up()) return;
    bool is_new = false;
    for (const std::uint64_t transaction : transactions) is_new = application_->submit(transaction) || is_new;
    if (!is_new) return;
    if (!validator_ && !std::exchange(is_gossiping_, true)) gossip();
    tell_work();
    run_turn();
}

void Node::gossip() {
    // Whoever never leads must hand its transactions on until they are final.
    const auto pending = application_->pending();
    is_gossiping_ = !pending.empty();
    if (pending.empty()) return;
    world_.forward(index_, static_cast<std::uint32_t>(random_.below(world_.scenario().validators())), pending);
    world_.at(world_.now() + 3 * second, index_, life_, [this] { gossip(); });
}

void Node::tell_work() { work_may_have_changed_ = true; }

void Node::run_turn() {
    if (!is_up() || is_in_turn_) return;
    is_in_turn_ = true;
    chain::Result<void> done;
    std::optional<std::uint64_t> next_ms;
    do {
        if (std::exchange(work_may_have_changed_, false)) replica_->work_changed(application_->has_work());
        done = replica_->turn(clock_ms());
        ports_->turn_ended();
        next_ms = replica_->next_timer_ms();
    } while (done && (work_may_have_changed_ || next_ms == 0));
    is_in_turn_ = false;
    busy_until_ = std::max(busy_until_, world_.now() + disk_.take_spent_us());
    if (!done) return stop_working(done.error().text);
    if (next_ms) arm(*next_ms);
}

void Node::arm(std::uint64_t clock_ms) {
    const Micros at = std::max(busy_until_, when_ms(clock_ms));
    if (at >= armed_at_) return;
    armed_at_ = at;
    world_.alarm(at, index_, life_);
}

void Node::stop_working(const std::string& why) {
    const bool is_explained = disk_.is_dead() || disk_.is_full() || is_tampered_;
    if (!is_explained)
        world_.checker().break_promise(Promise::NoCrash, fmt::format("node {} stopped: {}", index_, why));
    if (disk_.is_dead()) return power_off(1 + random_.below(down_us_));
    // The process ends; what it wrote is in the system's cache.
    end_life();
    if (!disk_.is_full()) is_beyond_help_ = true;
}

void Node::end_life() {
    replica_.reset();
    application_->crash();
    ++life_;
    for (std::uint32_t other = 0; other < world_.node_count(); ++other) {
        if (other == index_) continue;
        world_.at(world_.now() + random_.below(second), [this, other, life = life_] {
            if (life == life_) world_.node(other).lose(index_);
        });
    }
}

void Node::power_off(Micros lasts_us) {
    if (is_up()) end_life();
    disk_.crash();
    const std::uint32_t life = life_;
    world_.at(world_.now() + lasts_us, [this, life] {
        if (life == life_ && !is_beyond_help_) start();
    });
}

void Node::crash(Micros lasts_us) {
    if (is_up()) power_off(lasts_us);
}

void Node::die_writing(std::uint32_t operations, Micros lasts_us) {
    if (!is_up()) return;
    down_us_ = lasts_us;
    disk_.die_after(operations);
}

void Node::fill_disk(Micros lasts_us) {
    if (!is_up()) return;
    disk_.set_full(true);
    world_.at(world_.now() + lasts_us, [this] {
        disk_.set_full(false);
        if (life_ > 0 && !is_beyond_help_) start();
    });
}

void Node::flip_bits(std::uint32_t count, Micros lasts_us) {
    if (!is_up() || !world_.may_tamper(index_)) return;
    is_tampered_ = true;
    power_off(lasts_us);
    for (; count > 0; --count) disk_.flip_bit();
}

void Node::call_operator() {
    // docs/operators.md: 100 views beyond where the others are is more than this key can have signed.
    world_.at(world_.now() + second + random_.below(5 * second), index_, life_, [this] {
        no_sign_until_ = world_.furthest_view();
        no_sign_until_->view += 100;
        power_off(1 + random_.below(second));
    });
}

void Node::lose_disk(Micros lasts_us) {
    if (!is_up() || !world_.may_tamper(index_)) return;
    is_tampered_ = true;
    power_off(lasts_us);
    disk_ = Disk{world_.scenario().disk, random_.split()};
}

void Node::set_skew(std::uint32_t most_ms) {
    clock_.set_wall_offset_ms(static_cast<std::int64_t>(random_.below(2 * most_ms + 1)) - most_ms);
}

void Node::jump_clock() { set_skew(random_.below(2) == 0 ? 500 : 20'000); }

void Node::heal() {
    disk_.forgive();
    set_skew(world_.scenario().faults.clock_skew_ms);
    if (life_ > 0 && !is_up() && !is_beyond_help_) world_.at(world_.now() + random_.below(second), [this] { start(); });
}

bool Node::must_progress() const {
    // Nobody needs to keep a connection to an observer that lies to those who ask it.
    const bool may_be_shut_out = !validator_ && sync_->serving() != Serving::Truly;
    return is_honest_ && !is_tampered_ && !may_be_shut_out;
}

Micros Node::world_now() const { return world_.now(); }

std::string Node::exceeds_limits(std::uint64_t highest_view) const {
    const consensus::CoreLimits core;
    const consensus::ReplicaLimits limits;
    const auto report = replica_->report();
    // Block sync may store a block before agreement hears of its finalization: the floor is the lower one.
    const std::uint64_t floor = std::min(report.view.durable_view, report.view.floor_view);
    const std::uint64_t open = std::max(highest_view, report.view.view) - floor;
    // Views above the floor, those kept below it, and the one that may be voted on ahead of time.
    const std::size_t views_max = open + core.views_kept + 4;
    const std::size_t full_views_max = 2 * core.views_kept + 4;
    const std::size_t slots_max = 3 * full_views_max * world_.scenario().validators();
    const consensus::Footprint& held = report.footprint;
    const auto exceeds = [](std::string_view what, std::size_t count, std::size_t most) {
        return count <= most ? std::string{} : fmt::format("{} {}, at most {}", count, what, most);
    };
    for (const std::string& text :
         {exceeds("views", held.views, views_max), exceeds("votes", held.slots, slots_max),
          exceeds("blocks", held.payloads, full_views_max * 2), exceeds("checks", held.batches, 2 * core.batches_max),
          exceeds("peers", held.peers, core.peers_max), exceeds("waiting messages", report.inbox, limits.inbox_max),
          exceeds("early messages", report.next_epoch, limits.next_epoch_max)})
        if (!text.empty()) return text;
    return sync_->exceeds_limits();
}

std::string Node::describe() const {
    if (!is_up()) return fmt::format("node {} is down at number {}", index_, final_number());
    const auto report = replica_->report();
    return fmt::format("node {} epoch {} view {} floor {} number {} signing {}: {}", index_, report.view.epoch,
                       report.view.view, report.view.floor_view, final_number(), static_cast<int>(report.signing),
                       report.view.waits_for);
}

}  // namespace simulation
