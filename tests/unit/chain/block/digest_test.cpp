#include "chain/block/digest.hpp"

#include <catch2/catch.hpp>

using namespace chain;

namespace {

const ConsensusDigest sample{.epoch = 7, .view = 1'000'000, .parent_view = 999'999, .proposer = 12};

}  // namespace

TEST_CASE("digest items have Substrate's indices") {
    const auto first_byte = [](DigestItem item) { return scale::encode(item).front(); };
    CHECK(first_byte(digest::Other{}) == 0);
    CHECK(first_byte(digest::Consensus{}) == 4);
    CHECK(first_byte(digest::Seal{}) == 5);
    CHECK(first_byte(digest::PreRuntime{}) == 6);
    CHECK(scale::encode(DigestItem{digest::RuntimeEnvironmentUpdated{}}) == Bytes{8});
    CHECK(scale::decode<DigestItem>(Bytes{1}).error() == scale::Error::BadVariant);
    CHECK(scale::decode<DigestItem>(Bytes{7}).error() == scale::Error::BadVariant);
}

TEST_CASE("consensus data goes into a header and comes out") {
    CHECK(consensus_digest({{to_digest(sample)}}) == sample);
    CHECK(consensus_digest({{digest::Other{{1}}, to_digest(sample), digest::RuntimeEnvironmentUpdated{}}}) == sample);
}

TEST_CASE("absent, doubled, foreign and damaged consensus data is no consensus data") {
    CHECK_FALSE(consensus_digest({}));
    CHECK_FALSE(consensus_digest({{to_digest(sample), to_digest(sample)}}));
    auto item = std::get<digest::PreRuntime>(to_digest(sample));
    item.engine = {'a', 'u', 'r', 'a'};
    CHECK_FALSE(consensus_digest({{item}}));
    item.engine = consensus_engine_id;
    item.data.pop_back();
    CHECK_FALSE(consensus_digest({{item}}));
    item.data.resize(item.data.size() + 2);
    CHECK_FALSE(consensus_digest({{item}}));
    CHECK_FALSE(consensus_digest({{digest::Consensus{consensus_engine_id, scale::encode(sample)}}}));
    CHECK_FALSE(consensus_digest({{digest::Seal{consensus_engine_id, scale::encode(sample)}}}));
}
