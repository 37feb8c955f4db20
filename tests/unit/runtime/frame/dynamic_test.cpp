#include "runtime/frame/dynamic.hpp"

#include "chain/crypto/account.hpp"
#include "runtime/frame/registry.hpp"

#include <catch2/catch.hpp>

namespace {

enum class Mood : std::uint8_t { Calm, Keen };

struct Everything {
    bool flag{};
    std::int32_t below{};
    std::uint64_t wide{};
    std::string text;
    chain::Bytes bytes;
    std::vector<std::uint16_t> numbers;
    std::optional<Mood> mood;
    scale::Compact<chain::u128> money;
    crypto::AccountId account;
    std::tuple<Mood, bool> pair;
    std::optional<Mood> nothing;
};

const Everything sample{.flag = true,
                        .below = -7,
                        .wide = 5'000'000'000,
                        .text = "a \"b\"\n",
                        .bytes = {0xab, 0xcd},
                        .numbers = {1, 2},
                        .mood = Mood::Keen,
                        .money = {chain::tph},
                        .account = {{0xf2, 0x4f}},
                        .pair = {Mood::Calm, false},
                        .nothing = std::nullopt};

}  // namespace

TEST_CASE("a value reads as JSON by its metadata") {
    metadata::Registry types;
    const auto id = types.id<Everything>();
    const auto json = metadata::to_json(types.types(), id, chain::ByteView{scale::encode(sample)});
    REQUIRE(json);
    CHECK(*json ==
          R"({"flag":true,"below":-7,"wide":"5000000000","text":"a \"b\"\u000a","bytes":"0xabcd","numbers":[1,2],)"
          R"("mood":"Keen","money":"1000000000000000000","account":")" +
              crypto::to_string(sample.account) + R"(","pair":["Calm",false],"nothing":null})");
}

TEST_CASE("bytes that are no such value are nothing, at every length") {
    metadata::Registry types;
    const auto id = types.id<Everything>();
    const auto bytes = scale::encode(sample);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK_FALSE(metadata::to_json(types.types(), id, chain::ByteView{bytes}.first(size)));
    auto longer = bytes;
    longer.push_back(0);
    CHECK_FALSE(metadata::to_json(types.types(), id, chain::ByteView{longer}));
}

TEST_CASE("a tuple is a list") {
    metadata::Registry types;
    const auto id = types.id<std::tuple<std::string, Mood>>();
    CHECK(metadata::to_json(types.types(), id,
                            chain::ByteView{scale::encode(std::tuple{std::string{"x"}, Mood::Calm})}) ==
          R"(["x","Calm"])");
}
