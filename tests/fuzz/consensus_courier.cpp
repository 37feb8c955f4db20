// Whatever peers send and however the application answers: bounded memory, one request for parts and one for the whole
// block of each proposal, timers that end, and agreement hears of a proposal only with a block.

#include "chain/base/check.hpp"
#include "consensus/courier/courier.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace consensus;

constexpr CourierLimits limits{.bytes_max = 2'000, .sent_max = 2, .sent_peers_max = 3};

votes::Vote vote_of(fuzz::Input& input) {
    const std::uint64_t view = 1 + input.below(4);
    return {{votes::Kind::Notarize, 0, view, view - 1, Hash{{input.byte()}}}, 0, {}};
}

Payload payload_of(fuzz::Input& input) { return std::make_shared<const Bytes>(input.below(256) * 4, 1); }

struct Watch {
    Courier courier{limits};
    std::uint64_t now_ms = 0;
    std::vector<std::uint64_t> to_restore;
    std::map<std::pair<std::uint64_t, Hash>, std::size_t> asks;
    std::size_t offers = 0;

    void look(const Wishes& wishes) {
        for (const Wish& wish : wishes) {
            if (const auto* restore = std::get_if<wish::Restore>(&wish)) to_restore.push_back(restore->id);
            if (const auto* deliver = std::get_if<wish::Deliver>(&wish))
                if (const auto* whole = std::get_if<Proposal>(&*deliver->message))
                    chain::check(whole->block != nullptr);
            if (std::holds_alternative<wish::Ask>(wish)) ++asks[{std::get<wish::Ask>(wish).peer, {}}];
        }
        const CourierReport report = courier.report();
        chain::check(report.waiting <= 4 && report.waiting_bytes <= limits.bytes_max + 1'024);
    }
};

void step(Watch& watch, fuzz::Input& input) {
    Wishes wishes;
    const std::uint64_t peer = input.below(4);
    switch (input.below(8)) {
        case 0:
        case 1: {
            ++watch.offers;
            const votes::Vote vote = vote_of(input);
            watch.courier.offered(watch.now_ms, peer,
                                  std::make_shared<const Message>(ShortProposal{vote, {}, payload_of(input)}), wishes);
            break;
        }
        case 2: {
            if (watch.to_restore.empty()) return;
            const std::uint64_t id = watch.to_restore[input.below(std::min<std::size_t>(256, watch.to_restore.size()))];
            Restored restored;
            if (input.below(3) == 0) restored.block = payload_of(input);
            else
                for (std::uint32_t i = 0; i < input.below(5); ++i) restored.missing.push_back(i);
            watch.courier.restored(watch.now_ms, id, std::move(restored), wishes);
            break;
        }
        case 3: {
            const votes::Statement said = vote_of(input).statement;
            const PartsAnswer answer{0, said.view, said.block, std::vector<Bytes>(input.below(5), Bytes(input.byte()))};
            watch.courier.answered(watch.now_ms, peer, answer, wishes);
            break;
        }
        case 4: {
            const votes::Statement said = vote_of(input).statement;
            watch.courier.answered(peer, BlockAnswer{0, said.view, said.block, payload_of(input)}, wishes);
            break;
        }
        case 5:
            watch.now_ms += input.below(256) * 8;
            watch.courier.time_passed(watch.now_ms, wishes);
            chain::check(watch.courier.next_timer_ms().value_or(watch.now_ms + 1) > watch.now_ms);
            break;
        case 6: watch.courier.peer_gone(peer); break;
        case 7: {
            const Hash block{{static_cast<std::uint8_t>(input.below(3))}};
            if (input.below(2) == 0) watch.courier.proposes(block, payload_of(input));
            else if (watch.courier.grants(peer, {0, 1, block, {0}}))
                chain::check(!watch.courier.grants(peer, {0, 1, block, {0}}));
            break;
        }
    }
    watch.look(wishes);
}

void consensus_courier(fuzz::Input input) {
    Watch watch;
    while (!input.empty()) step(watch, input);
    std::size_t asked = 0;
    for (const auto& [whom, count] : watch.asks) asked += count;
    chain::check(asked <= 2 * watch.offers);
    Wishes wishes;
    watch.courier.time_passed(watch.now_ms + limits.parts_wait_ms, wishes);
    watch.courier.time_passed(watch.now_ms + limits.parts_wait_ms + limits.whole_wait_ms, wishes);
    chain::check(!watch.courier.next_timer_ms().has_value());
}

const fuzz::Target target{"consensus_courier", consensus_courier};

}  // namespace
