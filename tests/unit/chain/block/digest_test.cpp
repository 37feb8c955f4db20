#include "chain/block/digest.hpp"

#include <catch2/catch.hpp>

using namespace chain;

namespace {

const ConsensusDigest sample{.epoch = 7,
                             .view = 1'000'000,
                             .parent_view = 999'999,
                             .proposer = 12,
                             .vrf_output = {{1, 2, 3}},
                             .vrf_proof = {{4, 5, 6}}};

NextEpoch next_sample() {
    return {.epoch = 8,
            .table = {{1}},
            .validators = std::vector<EpochValidator>{{.consensus_key = {{2}}, .vrf_key = {{3}}, .weight = 4}},
            .seed = {{5}}};
}

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

TEST_CASE("consensus data takes 28 bytes for the place and 96 for the VRF") {
    CHECK(std::get<digest::PreRuntime>(to_digest(sample)).data.size() == 28 + 96);
}

TEST_CASE("the next epoch goes into a header and comes out, beside the consensus data") {
    const Digest both{{to_digest(sample), next_epoch_item(next_sample())}};
    CHECK(next_epoch(both) == next_sample());
    CHECK(consensus_digest(both) == sample);
    CHECK_FALSE(next_epoch({{to_digest(sample)}}));
    CHECK_FALSE(next_epoch({{next_epoch_item(next_sample()), next_epoch_item(next_sample())}}));
}

TEST_CASE("what the VRF covers tells epochs, views and seeds apart") {
    CHECK(chain::to_hex(vrf_input({{0xaa}}, 1, 2)) ==
          "0xaa00000000000000000000000000000000000000000000000000000000000000"
          "01000000000000000200000000000000");
}

TEST_CASE("a table's hash is that of its encoding") {
    const std::vector<EpochValidator> table{{.consensus_key = {{2}}, .vrf_key = {{3}}, .weight = 4}};
    CHECK(scale::encode(table).size() == 1 + 32 + 32 + 8);
    CHECK(table_hash(table) != table_hash({}));
}
