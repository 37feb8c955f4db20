#include "chain/network/frame.hpp"

#include <catch2/catch.hpp>

using namespace network;

namespace {

Bytes frame(Channel channel, const Bytes& content, More more = More::No) {
    Bytes out;
    append_frame(out, channel, content, more);
    return out;
}

Assembler open_assembler() {
    Assembler out;
    out.open();
    return out;
}

/// All messages of the bytes, given in pieces of `piece`.
std::vector<Message> messages(Assembler& assembler, const Bytes& bytes, std::size_t piece) {
    std::vector<Message> out;
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        ByteView view = ByteView{bytes}.subspan(at, std::min(piece, bytes.size() - at));
        while (auto message = assembler.next(view)) out.push_back(*std::move(message));
    }
    return out;
}

std::optional<FrameFault> fault_of(Assembler assembler, const Bytes& bytes) {
    messages(assembler, bytes, bytes.size());
    return assembler.fault();
}

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes out;
    for (const Bytes& part : parts) chain::append(out, part);
    return out;
}

}  // namespace

TEST_CASE("a frame is its length, its channel and its content") {
    CHECK(frame(Channel::Proposal, {7, 8}) == Bytes{2, 0, 0, 0, 2, 7, 8});
    CHECK(frame(Channel::Consensus, {7}, More::Follows) == Bytes{1, 0, 0, 0, 0x81, 7});
}

TEST_CASE("messages come out whole, however the bytes are cut") {
    const Bytes bytes = joined({frame(Channel::Consensus, {1}), frame(Channel::Proposal, {2, 3}, More::Follows),
                                frame(Channel::Consensus, {}), frame(Channel::Proposal, {4})});
    const std::vector<Message> wanted{
        {Channel::Consensus, {1}}, {Channel::Consensus, {}}, {Channel::Proposal, {2, 3, 4}}};
    for (const std::size_t piece : {1u, 2u, 3u, 5u, 100u}) {
        Assembler assembler = open_assembler();
        CHECK(messages(assembler, bytes, piece) == wanted);
        CHECK_FALSE(assembler.fault());
        CHECK(assembler.partial_bytes() == 0);
    }
}

TEST_CASE("what is not whole yet is counted") {
    Assembler assembler = open_assembler();
    CHECK(messages(assembler, frame(Channel::Proposal, Bytes(1'000), More::Follows), 100).empty());
    CHECK(assembler.partial_bytes() == 1'000);
}

TEST_CASE("a fault is found in the header, before the content") {
    const Bytes too_long{0xff, 0xff, 0, 0, 1};
    CHECK(fault_of(open_assembler(), too_long) == FrameFault::ChunkTooLarge);
    CHECK(fault_of(open_assembler(), {0, 0, 0, 0x80, 1}) == FrameFault::ChunkTooLarge);
    CHECK(fault_of(open_assembler(), {1, 0, 0, 0, 7}) == FrameFault::UnknownChannel);
    CHECK(fault_of(open_assembler(), {0, 0, 0, 0, 0x81}) == FrameFault::EmptyChunk);
    CHECK(fault_of(open_assembler(), {1, 8, 0, 0, 3}) == FrameFault::MessageTooLarge);
    CHECK(fault_of(Assembler{}, frame(Channel::Consensus, {1})) == FrameFault::NotYet);
    CHECK_FALSE(fault_of(Assembler{}, frame(Channel::Control, {1})));
}

TEST_CASE("the parts of a message together are no longer than its channel allows") {
    const std::size_t most = rules(Channel::Transactions).message_bytes_max;
    const Bytes part(chunk_bytes_max);
    const Bytes rest(most - 2 * chunk_bytes_max);
    const Bytes begun =
        joined({frame(Channel::Transactions, part, More::Follows), frame(Channel::Transactions, part, More::Follows)});
    Assembler assembler = open_assembler();
    CHECK(messages(assembler, joined({begun, frame(Channel::Transactions, rest)}), 999).size() == 1);
    Bytes one_more = rest;
    one_more.push_back(0);
    CHECK(fault_of(open_assembler(), joined({begun, frame(Channel::Transactions, one_more)})) ==
          FrameFault::MessageTooLarge);
}

TEST_CASE("after a fault nothing is read") {
    Assembler assembler = open_assembler();
    CHECK(messages(assembler, joined({Bytes{1, 0, 0, 0, 7}, frame(Channel::Consensus, {1})}), 100).empty());
    CHECK(assembler.fault() == FrameFault::UnknownChannel);
    CHECK(text(*assembler.fault()) == "a frame names no channel");
}
