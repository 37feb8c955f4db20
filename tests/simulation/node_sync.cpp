#include "tests/simulation/node_sync.hpp"

#include "tests/simulation/node.hpp"
#include "tests/simulation/world.hpp"

#include <fmt/format.h>

namespace simulation {

namespace effect = block_sync::effect;
namespace event = block_sync::event;

namespace {

constexpr Micros poll_us = 2'000'000;

network::Conduct conduct_of(block_sync::Misdeed misdeed) {
    using enum block_sync::Misdeed;
    switch (misdeed) {
        case Unsolicited: return network::Conduct::Unsolicited;
        case Malformed: return network::Conduct::Malformed;
        case Lied: return network::Conduct::InvalidBlock;
        case BadCertificate: return network::Conduct::InvalidSignature;
    }
    std::unreachable();
}

}  // namespace

void NodeSync::start() {
    machine_.emplace(world_.genesis(), node_.application().local(), world_.scenario().sync, world_.scheme());
    lies_.clear();
    armed_at_ = never;
    world_.at(world_.now() + node_.random().below(poll_us), node_.index(), node_.life(), [this] { poll(); });
}

void NodeSync::poll() {
    for (std::uint32_t other = 0; other < world_.node_count(); ++other)
        if (node_.connection(other)) ask_where(other);
    world_.at(world_.now() + poll_us, node_.index(), node_.life(), [this] { poll(); });
}

void NodeSync::peer_up(std::uint32_t other) { ask_where(other); }

void NodeSync::peer_down(std::uint32_t other) {
    lies_.erase(other);
    if (const auto connection = node_.connection(other)) step(event::PeerGone{*connection});
}

void NodeSync::moved() {
    forget_lies(node_.application().final_number());
    step(event::Moved{node_.application().local(), false});
}

void NodeSync::wanted() {
    step(event::Wanted{});
    for (std::uint32_t other = 0; other < world_.node_count(); ++other)
        if (node_.connection(other)) ask_where(other);
}

std::optional<std::uint32_t> NodeSync::node_of(block_sync::Peer peer) const {
    for (std::uint32_t other = 0; other < world_.node_count(); ++other)
        if (node_.connection(other) == peer) return other;
    return std::nullopt;
}

// ---- what peers say

void NodeSync::ask_where(std::uint32_t other) {
    world_.carry(node_.index(), other, [this, other, connection = *node_.connection(other)] {
        world_.node(other).sync().hear_where(node_.index(), connection);
    });
}

void NodeSync::hear_where(std::uint32_t from, Connection connection) {
    if (!node_.connection(from)) return;
    const std::uint32_t stands = claim(serving_, node_.application().served());
    world_.carry(node_.index(), from, [this, from, connection, stands] {
        world_.node(from).sync().hear_standing(node_.index(), connection, stands);
    });
}

void NodeSync::hear_standing(std::uint32_t from, Connection connection, std::uint32_t finalized) {
    if (node_.connection(from) == connection) step(event::PeerStands{connection, finalized});
}

void NodeSync::ask(const effect::Ask& wish) {
    const auto other = node_of(wish.peer);
    if (!other) return;
    world_.carry(node_.index(), *other, [this, to = *other, connection = wish.peer, request = wish.request] {
        world_.node(to).sync().hear(node_.index(), connection, request);
    });
}

void NodeSync::hear(std::uint32_t from, Connection connection, const block_sync::Request& request) {
    if (!node_.connection(from)) return;
    for (Served& made : serve(serving_, node_.application().served(), request, node_.random())) {
        if (serving_ != Serving::Truly) ++world_.outcome().sync_cheats;
        const auto served = std::make_shared<const Served>(std::move(made));
        const Micros late = served->late_us + node_.random().below(world_.scenario().work_us + 1);
        world_.at(world_.now() + late, node_.index(), node_.life(), [this, from, connection, served] {
            world_.carry(node_.index(), from, [this, from, connection, served] {
                world_.node(from).sync().hear(node_.index(), connection, *served);
            });
        });
    }
}

void NodeSync::hear(std::uint32_t from, Connection connection, const Served& served) {
    if (node_.connection(from) != connection) return;
    hears_ = &served;
    step(event::Answered{connection, served.response});
    hears_ = nullptr;
}

// ---- what the machine wants

void NodeSync::step(const block_sync::Event& event) {
    block_sync::Effects effects;
    machine_->step(node_.clock_ms(), event, effects);
    for (const auto& each : effects) carry_out(each);
    if (node_.is_up()) arm();
}

void NodeSync::arm() {
    const auto next = machine_->next_timer_ms();
    if (!next) return;
    const Micros at = node_.when_ms(*next);
    if (at >= armed_at_ && armed_at_ > world_.now()) return;
    armed_at_ = at;
    world_.at(at, node_.index(), node_.life(), [this, at] {
        if (at == armed_at_) step(event::TimePassed{});
    });
}

void NodeSync::carry_out(const block_sync::Effect& effect) {
    if (const auto* wish = std::get_if<effect::Ask>(&effect)) return ask(*wish);
    if (const auto* wish = std::get_if<effect::Apply>(&effect)) return apply(wish->proved);
    if (const auto* news = std::get_if<effect::Misbehaved>(&effect)) return accuse(news->peer, news->misdeed);
    if (const auto* news = std::get_if<effect::Slow>(&effect)) {
        if (const auto other = node_of(news->peer)) report(*other, network::Conduct::SlowSync);
    } else if (const auto* praise = std::get_if<effect::Useful>(&effect)) {
        if (const auto other = node_of(praise->peer)) {
            note_lies(*other);
            report(*other, network::Conduct::UsefulBlock);
        }
    } else if (node_.is_honest()) {
        world_.checker().break_promise(
            Promise::Agreement, fmt::format("a proved chain passes by the final block of node {}", node_.index()));
    }
}

void NodeSync::note_lies(std::uint32_t from) {
    if (hears_ == nullptr) return;
    const auto& response = hears_->response;
    const std::uint32_t local = machine_->report().local;
    for (std::uint32_t i = 0; i < response.blocks.size(); ++i)
        if (const std::uint32_t number = response.first + i; number >= hears_->false_from && number > local)
            lies_[from].insert(number);
}

void NodeSync::demand_named(std::uint32_t proved) {
    for (const auto& [liar, numbers] : lies_)
        if (!numbers.empty() && *numbers.begin() <= proved)
            world_.checker().break_promise(Promise::Accountability,
                                           fmt::format("node {} proved blocks up to {} and does not say that node {} "
                                                       "gave it another block {}",
                                                       node_.index(), proved, liar, *numbers.begin()));
}

void NodeSync::apply(const block_sync::Proved& proved) {
    if (node_.is_honest()) demand_named(proved.blocks.back().header.number.value);
    const Micros longest = world_.scenario().work_us;
    const Micros takes = longest == 0 ? 0 : proved.blocks.size() * node_.random().below(longest + 1);
    world_.at(world_.now() + takes, node_.index(), node_.life(),
              [this, kept = std::make_shared<const block_sync::Proved>(proved)] { store(*kept); });
}

void NodeSync::store(const block_sync::Proved& proved) {
    Application& chain = node_.application();
    const std::uint32_t before = chain.final_number();
    chain.apply(proved);
    std::uint32_t number = proved.blocks.front().header.number.value;
    for (const chain::Block& block : proved.blocks) {
        const chain::Hash hash = chain::hash_of(block.header);
        if (number > before && node_.is_honest()) {
            world_.checker().executed(hash, true, chain.state_root(hash));
            world_.note_final(node_.index(), hash, number);
            ++world_.outcome().synced_blocks;
        }
        ++number;
    }
    const auto& said = proved.certificate.statement;
    node_.stored({.hash = proved.last, .number = number - 1, .epoch = said.epoch, .view = said.view});
    if (!node_.is_up()) return;
    forget_lies(chain.final_number());
    step(event::Moved{chain.local(), true});
}

void NodeSync::forget_lies(std::uint32_t through) {
    for (auto& [liar, numbers] : lies_) numbers.erase(numbers.begin(), numbers.upper_bound(through));
}

void NodeSync::accuse(block_sync::Peer peer, block_sync::Misdeed misdeed) {
    const auto other = node_of(peer);
    if (!other) return;
    lies_.erase(*other);
    ++world_.outcome().sync_reports;
    if (node_.is_honest() && world_.node(*other).sync().serving() == Serving::Truly)
        world_.checker().break_promise(Promise::HonestAccused,
                                       fmt::format("node {} says that node {} misled its block sync: {}", node_.index(),
                                                   *other, static_cast<int>(misdeed)));
    report(*other, conduct_of(misdeed));
}

void NodeSync::report(std::uint32_t other, network::Conduct conduct) {
    if (scores_[other].add(conduct, node_.clock_ms()) > network::Score::banned_at) return;
    // As the network does: a validator on a bad day still has to vote; forgery is no bad day.
    if (world_.validator_of(other) && !network::is_cryptographic(conduct)) return;
    banned_.insert(other);
    ++world_.outcome().sync_bans;
    world_.at(world_.now(), node_.index(), node_.life(), [this, other] {
        node_.lose(other);
        world_.node(other).lose(node_.index());
    });
}

std::string NodeSync::exceeds_limits() const {
    const auto& limits = world_.scenario().sync;
    const auto now = machine_->report();
    if (now.requests > limits.requests_max) return fmt::format("{} questions of block sync", now.requests);
    if (now.window_blocks > limits.window_blocks) return fmt::format("{} blocks in block sync", now.window_blocks);
    return {};
}

}  // namespace simulation
