#include "tests/simulation/world.hpp"

#include "tests/simulation/node.hpp"

#include <fmt/format.h>

namespace simulation {

namespace {

chain::Hash named(std::string_view name, std::uint64_t number) {
    chain::Bytes bytes = chain::to_bytes(name);
    scale::encode(number, bytes);
    return fast_digest(bytes);
}

std::vector<bool> honesty(const Scenario& scenario) {
    std::vector<bool> honest;
    for (std::uint32_t i = 0; i < scenario.validators(); ++i) honest.push_back(!scenario.is_byzantine(i));
    return honest;
}

std::uint32_t count_nodes(const Scenario& scenario) {
    const auto twins = std::ranges::count(scenario.players, Player::Twin);
    return scenario.validators() + static_cast<std::uint32_t>(twins) + scenario.observers;
}

constexpr Micros second = 1'000'000;
/// More than any run needs: an avalanche of messages ends here.
constexpr std::uint64_t events_max = 5'000'000;

}  // namespace

World::World(const Scenario& scenario, ChainMaker* chain)
    : scenario_(scenario),
      chain_(chain),
      random_(scenario.seed + 0x51ab'1e5e'ed),
      queue_(random_.split()),
      genesis_(chain == nullptr ? named("genesis", scenario.seed) : chain->genesis()),
      checker_(honesty(scenario), genesis_),
      blocks_(checker_, scenario.epoch_length,
              [this](std::uint64_t epoch) -> const votes::ValidatorTable& { return table(epoch); }),
      network_(scenario.network, count_nodes(scenario), random_.split()),
      faults_(scenario.faults, scenario.heal_at, random_.split()) {
    outcome_.seed = scenario.seed;
    make_nodes();
}

World::~World() = default;

void World::make_nodes() {
    const std::uint32_t validators = scenario_.validators();
    for (std::uint32_t i = 0; i < validators; ++i) {
        const crypto::Ed25519Public made{named("key", scenario_.seed << 16 | i).value};
        keys_.push_back(chain_ == nullptr ? made : chain_->key_of(i));
    }
    for (std::uint32_t i = 0; i < validators; ++i) validator_of_.push_back(i);
    for (std::uint32_t i = 0; i < validators; ++i)
        if (scenario_.players[i] == Player::Twin) validator_of_.push_back(i);
    for (std::uint32_t i = 0; i < scenario_.observers; ++i) validator_of_.push_back(validators);
    for (std::uint32_t i = 0; i < validator_of_.size(); ++i)
        nodes_.push_back(std::make_unique<Node>(*this, i, validator_of(i), random_.split()));
}

std::optional<std::uint32_t> World::validator_of(std::uint32_t node) const {
    if (validator_of_[node] == scenario_.validators()) return std::nullopt;
    return validator_of_[node];
}

crypto::Ed25519Public World::key_of(std::uint32_t validator) const { return keys_[validator]; }

std::optional<std::uint32_t> World::validator_with(const crypto::Ed25519Public& key) const {
    for (std::uint32_t i = 0; i < scenario_.validators(); ++i)
        if (key_of(i) == key) return i;
    return std::nullopt;
}

const votes::ValidatorTable& World::table(std::uint64_t epoch) {
    if (const auto known = tables_.find(epoch); known != tables_.end()) return known->second;
    std::vector<votes::Validator> validators;
    for (std::uint32_t i = 0; i < scenario_.validators(); ++i) {
        std::uint64_t weight = scenario_.weights[i];
        if (scenario_.reweighs) weight += Random{scenario_.seed + epoch * 64 + i}.below(4);
        validators.push_back({key_of(i), weight});
    }
    return tables_.emplace(epoch, votes::ValidatorTable{std::move(validators)}).first->second;
}

consensus::EpochInfo World::epoch(std::uint64_t epoch, const Tip& root) {
    consensus::EpochInfo info{.epoch = epoch,
                              .table = table(epoch),
                              .seed = named("seed", scenario_.seed ^ epoch << 32),
                              .root = {.hash = root.hash, .number = root.number, .epoch = epoch, .view = 0},
                              .length = scenario_.epoch_length};
    note_epoch(info);
    return info;
}

void World::note_epoch(const consensus::EpochInfo& epoch) {
    if (checker_.knows_epoch(epoch.epoch)) return;
    Checker::Weights weights;
    for (std::size_t i = 0; i < epoch.table.size(); ++i) weights.push_back(epoch.table[i].weight);
    decks_.try_emplace(epoch.epoch, epoch.table, epoch.seed);
    checker_.set_epoch(epoch.epoch, std::move(weights), epoch.root.hash);
    outcome_.epochs = std::max(outcome_.epochs, epoch.epoch);
}

std::unique_ptr<Application> World::make_application(const Seat& seat, Random random) {
    if (chain_ != nullptr) return chain_->make(seat, checker_);
    return std::make_unique<LightApplication>(
        blocks_, genesis_,
        LightApplication::Options{.always_has_work = scenario_.load == Load::Always,
                                  .is_liar = seat.is_liar,
                                  .validator = seat.validator.value_or(scenario_.validators())},
        random);
}

bool World::is_scripted_away(std::uint32_t from, std::uint32_t to, const consensus::Message& message) const {
    if (scenario_.scripted_views == 0 || is_healed_) return false;
    std::uint64_t view = 0;
    if (const auto* vote = std::get_if<votes::Vote>(&message)) view = vote->statement.view;
    else if (const auto* proposal = std::get_if<consensus::Proposal>(&message)) view = proposal->vote.statement.view;
    else if (const auto* certificate = std::get_if<consensus::CertificatePtr>(&message))
        view = (*certificate)->statement.view;
    if (view > scenario_.scripted_views) return false;
    const std::uint64_t side = Random{scenario_.seed * 64 + view}.next();
    return (((side >> from) ^ (side >> to)) & 1) != 0;
}

std::uint32_t World::leader(std::uint64_t epoch, std::uint64_t view) const { return decks_.at(epoch).leader(view); }

void World::send(std::uint32_t from, std::uint32_t to, consensus::MessagePtr message, Micros when) {
    if (is_scripted_away(from, to, *message)) return;
    // Sizes only matter where bandwidth is bounded.
    const std::size_t size = scenario_.network.bytes_per_second == 0 ? 0 : consensus::encode(*message).size() + 64;
    const Arrivals arrivals = network_.send(from, to, when, size);
    for (std::uint32_t i = 0; i < arrivals.count; ++i)
        queue_.push(arrivals.at[i], {.kind = Event::Kind::Message, .node = to, .from = from, .message = message});
}

void World::forward(std::uint32_t from, std::uint32_t to, std::vector<std::uint64_t> transactions) {
    const Arrivals arrivals = network_.send(from, to, now_, 64 * transactions.size());
    if (arrivals.count == 0) return;
    at(arrivals.at[0], [this, to, transactions = std::move(transactions)] { nodes_[to]->submit(transactions); });
}

bool World::may_tamper(std::uint32_t node) {
    if (tampered_ && *tampered_ != node) return false;
    const auto validator = validator_of(node);
    std::uint64_t bad = validator ? scenario_.weights[*validator] : 0;
    std::uint64_t total = 0;
    for (std::uint32_t i = 0; i < scenario_.validators(); ++i) {
        total += scenario_.weights[i];
        if (scenario_.is_byzantine(i) && i != validator) bad += scenario_.weights[i];
    }
    if (3 * bad >= total || scenario_.reweighs) return false;
    tampered_ = node;
    return true;
}

void World::carry(std::uint32_t from, std::uint32_t to, std::function<void()> action) {
    // On a stream of bytes nothing comes twice.
    const Arrivals arrivals = network_.send(from, to, now_, 256);
    if (arrivals.count != 0) at(arrivals.at[0], to, nodes_[to]->life(), std::move(action));
}

consensus::safety::Mark World::furthest_view() const {
    consensus::safety::Mark furthest;
    for (const auto& node : nodes_)
        if (node->is_up() && node->is_honest())
            furthest = std::max(furthest, {node->report().view.epoch, node->report().view.view});
    return furthest;
}

void World::at(Micros when, std::uint32_t node, std::uint32_t life, std::function<void()> action) {
    queue_.push(when, {.kind = Event::Kind::NodeAction, .node = node, .life = life, .action = std::move(action)});
}

void World::at(Micros when, std::function<void()> action) {
    queue_.push(when, {.kind = Event::Kind::WorldAction, .action = std::move(action)});
}

void World::alarm(Micros when, std::uint32_t node, std::uint32_t life) {
    queue_.push(when, {.kind = Event::Kind::Alarm, .node = node, .life = life});
}

void World::step() {
    now_ = queue_.next_at();
    Event event = queue_.pop();
    ++outcome_.events;
    outcome_.trace = fast::mix(outcome_.trace ^ now_, 0x9e3779b97f4a7c15 + event.node);
    if (event.kind == Event::Kind::WorldAction) return event.action();
    Node& node = *nodes_[event.node];
    // Whoever writes to the disk or computes hears nothing until it is done.
    if (node.busy_until() > now_) {
        queue_.push(node.busy_until(), std::move(event));
        return;
    }
    switch (event.kind) {
        case Event::Kind::Message: node.receive(event.from, std::move(event.message)); break;
        case Event::Kind::Alarm:
            if (event.life == node.life()) node.alarm();
            break;
        case Event::Kind::NodeAction:
            if (event.life == node.life()) event.action();
            break;
        case Event::Kind::WorldAction: break;
    }
}

void World::start_all() {
    for (const auto& node : nodes_) {
        // Nobody starts in the same moment.
        const Micros begins = random_.below(300'000);
        at(scenario_.newcomer == node->index() ? scenario_.newcomer_at : begins, [&node] { node->start(); });
    }
    plan_next_fault();
    if (scenario_.load == Load::Sparse) plan_next_transaction();
}

Outcome World::run() {
    start_all();
    at(scenario_.heal_at, [this] { heal(); });
    const Micros deadline = scenario_.heal_at + scenario_.patience_us;
    std::uint64_t steps = 0;
    while (!queue_.empty() && !checker_.violation() && now_ < deadline) {
        step();
        if (++steps % 64 == 0 && is_healed_ && is_recovered()) break;
        if (steps % 4'096 == 0) check_memory();
        if (steps > events_max) checker_.break_promise(Promise::BoundedMemory, "messages without end");
    }
    if (!checker_.violation() && !is_recovered()) checker_.break_promise(Promise::Liveness, why_stuck());
    measure();
    return std::move(outcome_);
}

Outcome World::run_for(Micros duration) {
    is_measuring_ = true;
    start_all();
    while (!queue_.empty() && !checker_.violation() && queue_.next_at() < duration) step();
    measure();
    return std::move(outcome_);
}

void World::check_memory() {
    std::uint64_t highest_view = 0;
    for (const auto& node : nodes_)
        if (node->is_up() && node->is_honest()) highest_view = std::max(highest_view, node->report().view.view);
    for (const auto& node : nodes_) {
        if (!node->is_up() || !node->is_honest()) continue;
        if (const std::string what = node->exceeds_limits(highest_view); !what.empty())
            checker_.break_promise(Promise::BoundedMemory, fmt::format("node {}: {}", node->index(), what));
    }
}

void World::check_stores() {
    for (const auto& node : nodes_) {
        if (!node->is_honest()) continue;
        if (const std::string damage = node->application().damage(); !damage.empty())
            checker_.break_promise(Promise::EqualRoots, fmt::format("node {}: {}", node->index(), damage));
    }
}

void World::measure() {
    check_stores();
    outcome_.violation = checker_.violation();
    outcome_.simulated_us = now_;
    outcome_.blocks = checker_.final_number();
    outcome_.signatures = checker_.signatures();
    for (const auto& node : nodes_) outcome_.traps_sprung += node->disk().traps_sprung();
    outcome_.recovery_us = is_healed_ ? now_ - scenario_.heal_at : 0;
}

void World::plan_next_fault() {
    if (const auto fault = faults_.next())
        at(fault->at, [this, fault] {
            carry_out(*fault);
            plan_next_fault();
        });
}

void World::carry_out(const Fault& fault) {
    ++outcome_.faults[static_cast<std::size_t>(fault.kind)];
    if (fault.kind == FaultKind::CutLinks) return cut_links(fault.lasts_us);
    if (fault.kind == FaultKind::Blackout) {
        // Some die in the middle of what they were writing next.
        const bool tears = random_.below(2) == 0;
        for (const auto& each : nodes_) {
            const Micros lasts = 1 + random_.below(1 + fault.lasts_us / 8);
            if (tears) each->die_writing(static_cast<std::uint32_t>(random_.below(6)), lasts);
            else each->crash(lasts);
        }
        return;
    }
    Node& node = *nodes_[random_.below(nodes_.size())];
    switch (fault.kind) {
        case FaultKind::Crash: node.crash(fault.lasts_us); break;
        case FaultKind::DieWriting:
            node.die_writing(static_cast<std::uint32_t>(random_.below(12)), fault.lasts_us);
            break;
        case FaultKind::FillDisk: node.fill_disk(fault.lasts_us); break;
        case FaultKind::FlipBits:
            node.flip_bits(static_cast<std::uint32_t>(random_.between(1, 3)), fault.lasts_us);
            break;
        case FaultKind::LoseDisk: node.lose_disk(fault.lasts_us); break;
        case FaultKind::JumpClock: node.jump_clock(); break;
        case FaultKind::CutLinks:
        case FaultKind::Blackout: break;
    }
}

void World::cut_links(Micros lasts_us) {
    const std::uint32_t count = node_count();
    // Either two sides that do not hear each other (both ways or one way), or some links here and there.
    const bool sides = random_.below(3) != 0;
    const bool both_ways = random_.below(2) == 0;
    const std::uint64_t side = random_.next();
    std::vector<std::pair<std::uint32_t, std::uint32_t>> links;
    for (std::uint32_t from = 0; from < count; ++from) {
        for (std::uint32_t to = 0; to < count; ++to) {
            const bool left = ((side >> from) & 1) != 0;
            const bool right = ((side >> to) & 1) != 0;
            const bool is_cut = sides ? left != right && (both_ways || left) : random_.below(4) == 0;
            if (from != to && is_cut) links.emplace_back(from, to);
        }
    }
    for (const auto& [from, to] : links) network_.cut(from, to, true);
    // Long silence ends connections; short silence does not.
    const bool disconnects = random_.below(2) == 0;
    if (disconnects)
        for (const auto& [from, to] : links) nodes_[to]->lose(from);
    at(now_ + lasts_us, [this, links, disconnects] {
        for (const auto& [from, to] : links) {
            network_.cut(from, to, false);
            if (disconnects) nodes_[to]->find(from);
        }
    });
}

void World::plan_next_transaction() {
    at(now_ + 1 + random_.below(2 * scenario_.transaction_gap_us), [this] {
        if (is_measuring_) submitted_at_.emplace(next_transaction_, now_);
        nodes_[random_.below(nodes_.size())]->submit({next_transaction_++});
        plan_next_transaction();
    });
}

void World::heal() {
    is_healed_ = true;
    network_.heal();
    number_at_heal_ = checker_.final_number();
    for (const auto& node : nodes_) node->heal();
    for (const auto& node : nodes_) {
        for (const auto& other : nodes_) node->find(other->index());
        if (!node->must_progress()) continue;
        promised_.push_back(next_transaction_);
        // A node that is coming back takes it when it is there.
        at(now_ + second, [&node, transaction = next_transaction_] { node->submit({transaction}); });
        ++next_transaction_;
    }
}

bool World::is_recovered() {
    if (!is_healed_ || now_ < scenario_.heal_at + 2 * second) return false;
    for (const auto& node : nodes_) {
        if (!node->must_progress()) continue;
        if (node->final_number() < number_at_heal_ + 3) return false;
        if (scenario_.load == Load::Always) continue;
        for (const std::uint64_t transaction : promised_)
            if (!node->application().is_final(transaction)) return false;
    }
    return true;
}

std::string World::why_stuck() {
    std::string text;
    for (const auto& node : nodes_) text += node->describe() + "; ";
    return text;
}

void World::note_nullified(std::uint32_t node) {
    ++outcome_.nullified_views;
    const auto is_honest = [](const auto& each) { return each->is_honest(); };
    if (node == (*std::ranges::find_if(nodes_, is_honest))->index()) ++nullified_since_;
}

void World::note_proposal(const chain::Hash& block) {
    if (is_measuring_) proposed_at_.try_emplace(block, now_);
}

void World::note_final(std::uint32_t node, const chain::Hash& block, std::uint32_t number) {
    const std::uint32_t before = checker_.final_number();
    checker_.finalized(node, block, number);
    if (!is_measuring_) return;
    if (checker_.final_number() > before) {
        outcome_.intervals.push_back({now_ - last_final_at_, std::exchange(nullified_since_, 0)});
        last_final_at_ = now_;
    }
    if (const auto proposed = proposed_at_.find(block); proposed != proposed_at_.end())
        outcome_.finality_us.push_back(now_ - proposed->second);
    if (submitted_at_.empty()) return;
    const auto* light = blocks_.find(block);
    if (light == nullptr) return;
    for (const std::uint64_t transaction : light->block.transactions) {
        const auto submitted = submitted_at_.find(transaction);
        if (submitted == submitted_at_.end()) continue;
        outcome_.transaction_us.push_back(now_ - submitted->second);
        submitted_at_.erase(submitted);
    }
}

}  // namespace simulation
