#include "runtime/pallets/system/system.hpp"

#include "tests/support/chain.hpp"

#include <catch2/catch.hpp>

using namespace tests;

TEST_CASE("a remark changes nothing") {
    Chain chain{{.accounts = {{alice, 1 * tph}}}};
    const auto before = chain.fingerprint();
    CHECK(chain.apply(alice, frame_system::Remark{.remark = {{1, 2, 3}}}).ok());
    CHECK(chain.as_root(frame_system::Remark{}).ok());
    CHECK(chain.unsigned_call(frame_system::Remark{}) == frame::failure::BadOrigin{});
    CHECK(chain.fingerprint() == before);
}

TEST_CASE("a remark with an event leaves its hash") {
    Chain chain{{.accounts = {{alice, 1 * tph}}}};
    const chain::Bytes text{'h', 'i'};
    const auto remarked =
        chain.apply(alice, frame_system::RemarkWithEvent{.remark = {text}}).event<frame_system::Remarked>();
    CHECK(remarked.sender == alice);
    CHECK(remarked.hash == crypto::blake2b_256(text));
    CHECK(chain.as_root(frame_system::RemarkWithEvent{}) == frame::failure::BadOrigin{});
}

TEST_CASE("a longer remark weighs more, and one beyond the bound does not decode") {
    const frame_system::Remark little{.remark = {chain::Bytes(10)}};
    const frame_system::Remark much{.remark = {chain::Bytes(10'000)}};
    CHECK(frame::weight_of(little).ref_time < frame::weight_of(much).ref_time);

    const auto too_long = scale::encode(frame_system::Remark{.remark = {chain::Bytes(16'385)}});
    CHECK_FALSE(scale::decode<frame_system::Remark>(too_long));
}
