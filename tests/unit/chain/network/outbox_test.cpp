#include "chain/network/outbox.hpp"

#include <catch2/catch.hpp>

using namespace network;

namespace {

Outbox::Payload payload(std::size_t size, std::uint8_t value = 0) { return std::make_shared<const Bytes>(size, value); }

/// What the other side makes of everything that is taken in writes of `bytes`.
std::vector<Message> drain(Outbox& outbox, std::size_t bytes = 64 << 10) {
    Assembler assembler;
    assembler.open();
    std::vector<Message> out;
    while (!outbox.is_empty()) {
        Bytes taken;
        outbox.take(taken, bytes);
        ByteView view{taken};
        while (auto message = assembler.next(view)) out.push_back(*std::move(message));
    }
    CHECK_FALSE(assembler.fault());
    return out;
}

std::vector<Channel> order(const std::vector<Message>& messages) {
    std::vector<Channel> out;
    for (const Message& message : messages) out.push_back(message.channel);
    return out;
}

}  // namespace

TEST_CASE("lower channels go first") {
    Outbox outbox;
    for (const Channel channel : {Channel::Transactions, Channel::Proposal, Channel::Consensus, Channel::Control})
        CHECK(outbox.put(channel, payload(10)) == Outbox::Put::Queued);
    CHECK(order(drain(outbox)) ==
          std::vector{Channel::Control, Channel::Consensus, Channel::Proposal, Channel::Transactions});
}

TEST_CASE("a vote waits for one chunk of a proposal, not for the proposal") {
    Outbox outbox;
    outbox.put(Channel::Proposal, payload(1 << 20, 5));
    Bytes first;
    outbox.take(first, 1);
    CHECK(first.size() == 64 << 10);
    outbox.put(Channel::Consensus, payload(1));
    Bytes second;
    outbox.take(second, 1);
    CHECK(second == Bytes{1, 0, 0, 0, 1, 0});
    Bytes rest = first;
    Assembler assembler;
    assembler.open();
    while (!outbox.is_empty()) outbox.take(rest, rest.size() + 1);
    ByteView view{rest};
    CHECK(assembler.next(view)->content == Bytes(1 << 20, 5));
}

TEST_CASE("votes without end leave a share to the others, in turn") {
    Outbox outbox;
    outbox.put(Channel::Transactions, payload(100));
    outbox.put(Channel::Discovery, payload(100));
    std::size_t votes = 0;
    for (; outbox.counts(Channel::Transactions).messages + outbox.counts(Channel::Discovery).messages < 2; ++votes) {
        REQUIRE(votes < 1'000);
        outbox.put(Channel::Consensus, payload(10'000));
        Bytes taken;
        outbox.take(taken, 1);
    }
    // 256 kB of votes for each.
    CHECK(votes >= 2 * Outbox::share_after_bytes / 10'005);
    CHECK(votes <= 2 * Outbox::share_after_bytes / 10'005 + 4);
}

TEST_CASE("full votes drop the oldest that is not on its way") {
    Outbox outbox;
    const std::size_t most = rules(Channel::Consensus).queue_bytes_max;
    const std::size_t size = 64 << 10;
    for (std::size_t i = 0; i < most / size; ++i)
        CHECK(outbox.put(Channel::Consensus, payload(size, static_cast<std::uint8_t>(i))) == Outbox::Put::Queued);
    Bytes begun;
    outbox.take(begun, 1);  // a chunk of message 0: it stays
    CHECK(outbox.put(Channel::Consensus, payload(size, 200)) == Outbox::Put::Queued);
    CHECK(outbox.counts(Channel::Consensus).dropped == 1);
    CHECK(outbox.counts(Channel::Consensus).queued_bytes == most);
    Assembler assembler;
    assembler.open();
    while (!outbox.is_empty()) outbox.take(begun, begun.size() + 1);
    std::vector<std::uint8_t> got;
    ByteView view{begun};
    while (const auto message = assembler.next(view)) got.push_back(message->content[0]);
    CHECK(got.size() == most / size);
    CHECK(got[0] == 0);
    CHECK(got[1] == 2);
    CHECK(got.back() == 200);
}

TEST_CASE("full transactions drop the newest") {
    Outbox outbox;
    const std::size_t most = rules(Channel::Transactions).queue_bytes_max;
    for (std::size_t i = 0; i < most / (128 << 10); ++i) outbox.put(Channel::Transactions, payload(128 << 10));
    CHECK(outbox.put(Channel::Transactions, payload(1)) == Outbox::Put::Dropped);
    CHECK(outbox.counts(Channel::Transactions).dropped == 1);
}

TEST_CASE("full sync answers refuse, and tell once when half is gone") {
    Outbox outbox;
    const std::size_t size = 4 << 20;
    CHECK(outbox.put(Channel::SyncResponse, payload(size)) == Outbox::Put::Queued);
    CHECK(outbox.put(Channel::SyncResponse, payload(size)) == Outbox::Put::Queued);
    CHECK(outbox.put(Channel::SyncResponse, payload(size)) == Outbox::Put::Full);
    CHECK(outbox.counts(Channel::SyncResponse).dropped == 0);
    CHECK(outbox.take_room().empty());
    Bytes taken;
    outbox.take(taken, size + 1'000);
    CHECK(outbox.take_room() == std::vector{Channel::SyncResponse});
    CHECK(outbox.take_room().empty());
}

TEST_CASE("a message over its channel's bound is refused whole") {
    Outbox outbox;
    CHECK(outbox.put(Channel::Consensus, payload((64 << 10) + 1)) == Outbox::Put::TooLarge);
    CHECK(outbox.is_empty());
}
