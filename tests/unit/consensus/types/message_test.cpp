#include "consensus/types/message.hpp"

#include <catch2/catch.hpp>

using namespace consensus;
using votes::Kind;

namespace {

votes::Vote vote(Kind kind) {
    votes::Vote out{{kind, 3, 9, 7, Hash{{5}}}, 2, {1, 2, 3}};
    if (kind == Kind::Nullify) out.statement = {kind, 3, 9, 0, {}};
    return out;
}

CertificatePtr certificate(Kind kind, std::uint64_t view) {
    votes::Certificate out{.statement = vote(kind).statement, .signers = {0b1011}, .signatures = {{1}, {2}, {3}}};
    out.statement.view = view;
    return std::make_shared<const votes::Certificate>(out);
}

Proposal proposal() {
    return {.vote = vote(Kind::Notarize),
            .certificates = {certificate(Kind::Notarize, 7), certificate(Kind::Nullify, 8)},
            .block = std::make_shared<const Bytes>(Bytes{1, 2, 3, 4})};
}

MessageFault fault_of(const Message& message, const MessageLimits& limits = {}) {
    const auto decoded = decode(encode(message), limits);
    REQUIRE_FALSE(decoded);
    return decoded.error();
}

}  // namespace

TEST_CASE("every message comes back from its bytes as it was, and says its epoch") {
    Proposal without_block = proposal();
    without_block.block = nullptr;
    const std::vector<Message> all{proposal(),
                                   without_block,
                                   vote(Kind::Notarize),
                                   vote(Kind::Nullify),
                                   vote(Kind::Finalize),
                                   Status{3, 5, 4, 17, 5},
                                   Wake{3, 5},
                                   CertificateRequest{3, 1, 64},
                                   BlockRequest{3, 8, Hash{{7}}},
                                   BlockAnswer{3, 8, Hash{{7}}, proposal().block},
                                   ShortProposal{vote(Kind::Notarize), proposal().certificates, proposal().block},
                                   PartsRequest{3, 8, Hash{{7}}, {0, 2, 9}},
                                   PartsAnswer{3, 8, Hash{{7}}, {{1, 2}, {}, {3}}}};
    for (const Message& message : all) {
        const auto decoded = decode(encode(message));
        REQUIRE(decoded);
        CHECK(**decoded == message);
        CHECK(epoch_of(**decoded) == 3);
    }
    const auto decoded = decode(encode(Message{certificate(Kind::Finalize, 9)}));
    REQUIRE(decoded);
    CHECK(*std::get<CertificatePtr>(**decoded) == *certificate(Kind::Finalize, 9));
    CHECK(epoch_of(**decoded) == 3);
}

TEST_CASE("bytes cut anywhere, or followed by others, are no message") {
    const Bytes whole = encode(Message{proposal()});
    for (std::size_t size = 0; size < whole.size(); ++size) CHECK_FALSE(decode(chain::ByteView{whole}.first(size)));
    Bytes longer = whole;
    longer.push_back(0);
    CHECK(decode(longer).error() == MessageFault::Malformed);
    CHECK(decode(Bytes{8}).error() == MessageFault::Malformed);
}

TEST_CASE("a block, a bitmap or a list beyond its limit is refused") {
    CHECK(fault_of(proposal(), {.block_bytes_max = 3}) == MessageFault::TooLarge);
    CHECK(fault_of(BlockAnswer{3, 8, {}, proposal().block}, {.block_bytes_max = 3}) == MessageFault::TooLarge);
    CHECK(fault_of(certificate(Kind::Nullify, 1), {.validators_max = 2}) == MessageFault::TooLarge);
    Proposal many = proposal();
    many.certificates.resize(Proposal::nullifications_max + 2, certificate(Kind::Nullify, 8));
    CHECK(fault_of(many) == MessageFault::TooLarge);
}

TEST_CASE("a nullify vote that names a block is refused: its signature would not cover the name") {
    votes::Vote named = vote(Kind::Nullify);
    named.statement.parent_view = 1;
    CHECK(fault_of(named) == MessageFault::NotCanonical);
    votes::Certificate of_named = *certificate(Kind::Nullify, 1);
    of_named.statement.block = Hash{{1}};
    CHECK(fault_of(std::make_shared<const votes::Certificate>(of_named)) == MessageFault::NotCanonical);
    Proposal proposes_nothing = proposal();
    proposes_nothing.vote = vote(Kind::Nullify);
    CHECK(fault_of(proposes_nothing) == MessageFault::NotCanonical);
}
