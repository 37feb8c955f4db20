#include "consensus/courier/courier.hpp"

#include <catch2/catch.hpp>

using namespace consensus;

namespace {

constexpr std::uint64_t leader = 7;

votes::Vote vote_for(std::uint8_t block, std::uint64_t view = 9) {
    return {{votes::Kind::Notarize, 3, view, view - 1, Hash{{block}}}, 2, {1}};
}

Payload bytes(Bytes content) { return std::make_shared<const Bytes>(std::move(content)); }

MessagePtr offer(std::uint8_t block, std::uint64_t view = 9, std::size_t size = 10) {
    votes::Certificate parent{.statement = vote_for(1, view - 1).statement, .signers = {7}, .signatures = {{}, {}, {}}};
    return std::make_shared<const Message>(ShortProposal{
        vote_for(block, view), {std::make_shared<const votes::Certificate>(parent)}, bytes(Bytes(size, 5))});
}

/// A courier, and what it wanted since the last look.
struct Desk {
    Courier courier;
    std::uint64_t now_ms = 1'000;
    Wishes wishes;

    explicit Desk(const CourierLimits& limits = {}) : courier(limits) {}

    template <class W>
    std::vector<W> take() {
        std::vector<W> out;
        for (const Wish& wish : wishes)
            if (const auto* one = std::get_if<W>(&wish)) out.push_back(*one);
        return out;
    }
    /// The only wish, which must be of this kind.
    template <class W>
    W only() {
        REQUIRE(wishes.size() == 1);
        W out = std::get<W>(wishes[0]);
        wishes.clear();
        return out;
    }
    /// The last message that a peer was asked with; forgets what else was wished.
    template <class M>
    M asked() {
        const auto asks = take<wish::Ask>();
        REQUIRE(asks.size() == 1);
        REQUIRE(asks[0].peer == leader);
        wishes.clear();
        return std::get<M>(*asks[0].message);
    }
    std::uint64_t offered(const MessagePtr& message, std::uint64_t from = leader) {
        courier.offered(now_ms, from, message, wishes);
        return only<wish::Restore>().id;
    }
    void restored(std::uint64_t id, Restored result) { courier.restored(now_ms, id, std::move(result), wishes); }
    void expect_whole(std::uint8_t block, const Bytes& content) {
        const auto delivered = only<wish::Deliver>();
        CHECK(delivered.from == leader);
        const auto& proposal = std::get<Proposal>(*delivered.message);
        CHECK(proposal.vote == vote_for(block));
        CHECK(proposal.certificates.size() == 1);
        REQUIRE(proposal.block);
        CHECK(*proposal.block == content);
    }
};

}  // namespace

TEST_CASE("a proposal whose parts are all here reaches agreement whole, with vote and envelope") {
    Desk desk;
    const auto id = desk.offered(offer(4));
    desk.restored(id, {.block = bytes({1, 2, 3})});
    desk.expect_whole(4, {1, 2, 3});
    CHECK(desk.courier.report().at_once == 1);
    CHECK(desk.courier.report().waiting == 0);
}

TEST_CASE("missing parts are asked of the leader once, and meanwhile agreement has his vote and certificates") {
    Desk desk;
    const auto id = desk.offered(offer(4));
    desk.restored(id, {.missing = {2, 5}});
    const auto told = desk.take<wish::Deliver>();
    REQUIRE(told.size() == 2);
    CHECK(std::holds_alternative<CertificatePtr>(*told[0].message));
    CHECK(std::get<votes::Vote>(*told[1].message) == vote_for(4));
    CHECK(desk.asked<PartsRequest>() == PartsRequest{3, 9, Hash{{4}}, {2, 5}});

    desk.courier.answered(desk.now_ms, leader, PartsAnswer{3, 9, Hash{{4}}, {{8}, {9, 9}}}, desk.wishes);
    const auto again = desk.only<wish::Restore>();
    CHECK(again.parts == std::map<std::uint32_t, Bytes>{{2, {8}}, {5, {9, 9}}});
    desk.restored(again.id, {.block = bytes({1})});
    desk.expect_whole(4, {1});
    CHECK(desk.courier.report().with_parts == 1);
}

TEST_CASE("names that mislead, bogus forms and parts that do not help end in one request for the whole block") {
    const std::vector<std::uint32_t> too_many(PartsRequest::places_max + 1, 0);
    const auto first_answer = GENERATE_COPY(Restored{}, Restored{.missing = too_many}, Restored{.missing = {2}});
    Desk desk;
    const auto id = desk.offered(offer(4));
    desk.restored(id, first_answer);
    if (first_answer.missing.size() == 1) {
        desk.asked<PartsRequest>();
        const auto count = GENERATE(0u, 1u, 2u);
        desk.courier.answered(desk.now_ms, leader, PartsAnswer{3, 9, Hash{{4}}, std::vector<Bytes>(count)},
                              desk.wishes);
        if (count == 1) desk.restored(desk.only<wish::Restore>().id, {.missing = {2}});
    }
    CHECK(desk.asked<BlockRequest>() == BlockRequest{3, 9, Hash{{4}}});
    // Nothing that he sends now but the block itself matters.
    desk.courier.answered(desk.now_ms, leader, PartsAnswer{3, 9, Hash{{4}}, {{1}}}, desk.wishes);
    desk.restored(id, {.missing = {2}});
    CHECK(desk.wishes.empty());
    CHECK(desk.courier.answered(leader, BlockAnswer{3, 9, Hash{{4}}, bytes({6})}, desk.wishes));
    desk.expect_whole(4, {6});
    CHECK(desk.courier.report().as_whole == 1);
}

TEST_CASE("the whole proposal itself ends the wait for it") {
    Desk desk;
    desk.restored(desk.offered(offer(4)), {});
    desk.asked<BlockRequest>();
    desk.courier.proposed(leader, Proposal{vote_for(5), {}, bytes({6})});
    desk.courier.proposed(8, Proposal{vote_for(4), {}, bytes({6})});
    CHECK(desk.courier.report().waiting == 1);
    desk.courier.proposed(leader, Proposal{vote_for(4), {}, bytes({6})});
    CHECK(desk.courier.report().waiting == 0);
    CHECK(desk.courier.report().as_whole == 1);
}

TEST_CASE("a leader who does not answer is asked for the whole block, then left to agreement") {
    Desk desk;
    desk.restored(desk.offered(offer(4)), {.missing = {2}});
    desk.wishes.clear();
    CHECK(desk.courier.next_timer_ms() == 1'300);
    desk.courier.time_passed(1'299, desk.wishes);
    CHECK(desk.wishes.empty());
    desk.courier.time_passed(1'300, desk.wishes);
    desk.asked<BlockRequest>();
    desk.courier.time_passed(2'300, desk.wishes);
    CHECK(desk.wishes.empty());
    CHECK(desk.courier.report().given_up == 1);
    CHECK(desk.courier.report().waiting == 0);
    CHECK_FALSE(desk.courier.next_timer_ms().has_value());
}

TEST_CASE("answers of others, for other blocks or unasked change nothing") {
    Desk desk;
    CHECK_FALSE(desk.courier.answered(leader, BlockAnswer{3, 9, Hash{{4}}, bytes({6})}, desk.wishes));
    desk.restored(desk.offered(offer(4)), {.missing = {2}});
    desk.wishes.clear();
    desk.courier.answered(desk.now_ms, 8, PartsAnswer{3, 9, Hash{{4}}, {{8}}}, desk.wishes);
    desk.courier.answered(desk.now_ms, leader, PartsAnswer{3, 9, Hash{{5}}, {{8}}}, desk.wishes);
    desk.courier.answered(desk.now_ms, leader, PartsAnswer{3, 8, Hash{{4}}, {{8}}}, desk.wishes);
    CHECK_FALSE(desk.courier.answered(leader, BlockAnswer{3, 9, Hash{{4}}, bytes({6})}, desk.wishes));
    CHECK(desk.wishes.empty());
}

TEST_CASE("the first proposal of a view is filled in; the vote of a second one goes to agreement as evidence") {
    Desk desk;
    const auto id = desk.offered(offer(4));
    desk.courier.offered(desk.now_ms, leader, offer(4), desk.wishes);
    CHECK(desk.wishes.empty());
    desk.courier.offered(desk.now_ms, leader, offer(5), desk.wishes);
    CHECK(std::get<votes::Vote>(*desk.only<wish::Deliver>().message) == vote_for(5));
    desk.restored(id, {.block = bytes({1})});
    desk.expect_whole(4, {1});
}

TEST_CASE("a later view's proposal takes the place of an earlier one") {
    Desk desk;
    const auto old = desk.offered(offer(4));
    const auto id = desk.offered(offer(5, 10));
    desk.restored(old, {.block = bytes({1})});
    CHECK(desk.wishes.empty());
    desk.restored(id, {.block = bytes({2})});
    CHECK(std::get<Proposal>(*desk.only<wish::Deliver>().message).vote == vote_for(5, 10));
}

TEST_CASE("a flood of proposals costs so much a second and no more") {
    Desk desk;
    for (std::uint64_t view = 10; view < 110; ++view)
        desk.courier.offered(desk.now_ms, leader, offer(4, view), desk.wishes);
    CHECK(desk.take<wish::Restore>().size() == 16);
    CHECK(desk.courier.report().waiting == 1);
    CHECK(desk.courier.report().given_up == 99);
}

TEST_CASE("what waits is bounded in bytes: the oldest goes") {
    Desk desk{{.bytes_max = 100}};
    const auto first = desk.offered(offer(4, 9, 60), 1);
    const auto second = desk.offered(offer(4, 9, 60), 2);
    CHECK(desk.courier.report().waiting_bytes == 60);
    desk.restored(first, {.block = bytes({1})});
    CHECK(desk.wishes.empty());
    desk.restored(second, {.missing = {0}});
    desk.wishes.clear();
    desk.courier.answered(desk.now_ms, 2, PartsAnswer{3, 9, Hash{{4}}, {Bytes(50)}}, desk.wishes);
    CHECK(desk.wishes.empty());
    CHECK(desk.courier.report().waiting_bytes == 0);
}

TEST_CASE("a peer that is gone leaves nothing behind") {
    Desk desk;
    const auto id = desk.offered(offer(4));
    desk.courier.peer_gone(leader);
    desk.restored(id, {.block = bytes({1})});
    CHECK(desk.wishes.empty());
    CHECK(desk.courier.report().waiting == 0);
}

TEST_CASE("a proposal goes in its short form, and each peer gets parts of each of the last ones once") {
    Courier courier{{.sent_max = 2}};
    const Proposal proposal{vote_for(4), {}, bytes({1, 2})};
    CHECK(courier.short_form(proposal) == nullptr);
    courier.proposes(Hash{{4}}, nullptr);
    CHECK(courier.short_form(proposal) == nullptr);
    courier.proposes(Hash{{4}}, bytes({9}));
    const auto form = courier.short_form(proposal);
    REQUIRE(form);
    CHECK(std::get<ShortProposal>(*form) == ShortProposal{vote_for(4), {}, bytes({9})});
    Proposal again = proposal;
    again.block = nullptr;
    CHECK(courier.short_form(again) == nullptr);

    const PartsRequest request{3, 9, Hash{{4}}, {0}};
    CHECK(courier.grants(1, request));
    CHECK_FALSE(courier.grants(1, request));
    CHECK(courier.grants(2, request));
    CHECK_FALSE(courier.grants(3, PartsRequest{3, 9, Hash{{5}}, {0}}));
    courier.proposes(Hash{{5}}, bytes({9}));
    courier.proposes(Hash{{6}}, bytes({9}));
    CHECK_FALSE(courier.grants(3, request));
}
