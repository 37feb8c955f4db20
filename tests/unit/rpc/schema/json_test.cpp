#include "rpc/schema/json.hpp"

#include "rpc/schema/author.hpp"
#include "rpc/schema/chain.hpp"
#include "rpc/schema/payment.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

namespace json = boost::json;
using rpc::from_json;
using rpc::to_json;

namespace {

template <class T>
std::string text(const T& value) {
    return json::serialize(to_json(value));
}

template <class T>
std::string problem(std::string_view in) {
    const auto value = from_json<T>(json::parse(in));
    return value ? "(read)" : value.error();
}

}  // namespace

TEST_CASE("bytes are 0x and pairs of digits; the empty text is no bytes") {
    CHECK(text(rpc::HexBytes{{0, 255}}) == R"("0x00ff")");
    CHECK(text(rpc::HexBytes{}) == R"("0x")");
    CHECK(from_json<rpc::HexBytes>(json::value("0xABcd"))->value == chain::Bytes{0xab, 0xcd});
    // polkadot-api sends "" for the arguments of Metadata_metadata_versions.
    CHECK(from_json<rpc::HexBytes>(json::value(""))->value.empty());
    CHECK(problem<rpc::HexBytes>(R"("0x123")") ==
          R"(expected bytes (0x and an even count of hexadecimal digits), got "0x123")");
    CHECK(problem<rpc::HexBytes>(R"("abcd")") != "(read)");
    CHECK(problem<rpc::HexBytes>("5") != "(read)");
}

TEST_CASE("numbers come as numbers, hexadecimal or decimal texts, and go out in one form") {
    CHECK(text(rpc::HexNumber{26}) == R"("0x1a")");
    CHECK(text(rpc::HexNumber{0}) == R"("0x0")");
    CHECK(text(rpc::Decimal{chain::u128_max}) == R"("340282366920938463463374607431768211455")");
    CHECK(from_json<rpc::HexNumber>(json::parse(R"("0x1A")"))->value == 26);
    CHECK(from_json<rpc::HexNumber>(json::parse("26"))->value == 26);
    CHECK(from_json<rpc::Decimal>(json::parse(R"("26")"))->value == 26);
    CHECK(from_json<rpc::HexNumber>(json::value("0x" + std::string(32, 'f')))->value == chain::u128_max);
    for (const auto* bad : {"-1", "1.5", R"("")", R"("0x")", R"("0xg")", R"("1x")", "null", "true"})
        CHECK(problem<rpc::HexNumber>(bad) != "(read)");
    CHECK(problem<rpc::HexNumber>("\"0x" + std::string(33, 'f') + '"') != "(read)");
}

TEST_CASE("hashes and accounts insist on their length") {
    const std::string hash = "\"0x" + std::string(64, 'a') + '"';
    CHECK(text(*from_json<chain::Hash>(json::parse(hash))) == hash);
    CHECK(problem<chain::Hash>("\"0x" + std::string(62, 'a') + '"') ==
          "expected a hash (0x and 64 hexadecimal digits), got a text of 64 bytes");
    CHECK(problem<chain::Hash>('"' + std::string(64, 'a') + '"') != "(read)");
    // EIP-55 out, any case in.
    const auto alith = from_json<crypto::AccountId>(json::parse(R"("0xf24ff3a9cf04c71dbc94d0b566f7a27b94566cac")"));
    REQUIRE(alith);
    CHECK(text(*alith) == R"("0xf24FF3a9CF04c71Dbc94D0b566f7A27B94566cac")");
    CHECK(problem<crypto::AccountId>(R"("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY")") != "(read)");
}

TEST_CASE("a Record is an object in camelCase, read back by its names") {
    rpc::HeaderView header;
    header.number.value = 26;
    header.digest.logs.push_back({{1}});
    const json::value value = to_json(header);
    CHECK(value.at("number") == "0x1a");
    CHECK(value.at("digest").at("logs") == json::value({"0x01"}));
    const auto back = from_json<rpc::HeaderView>(value);
    REQUIRE(back);
    CHECK(back->number == header.number);
    CHECK(problem<rpc::HeaderView>(R"({"parentHash":5})").starts_with("parentHash: expected a hash"));
    CHECK(problem<std::vector<rpc::HexBytes>>(R"(["0x", 7])").starts_with("item 1: expected bytes"));
    // payment_queryInfo's weight keeps its underscores.
    CHECK(text(rpc::WeightView{1, 2}) == R"({"ref_time":1,"proof_size":2})");
}

TEST_CASE("chain_getBlockHash takes a number, a text or a list, and answers in kind") {
    CHECK(from_json<rpc::BlockNumbers>(json::parse("5"))->value == std::vector<std::uint32_t>{5});
    CHECK(from_json<rpc::BlockNumbers>(json::parse(R"("0x5")"))->value == std::vector<std::uint32_t>{5});
    CHECK(from_json<rpc::BlockNumbers>(json::parse(R"([1,"0x2"])"))->is_list);
    CHECK(problem<rpc::BlockNumbers>("4294967296") != "(read)");
    CHECK(text(rpc::BlockHashes{{std::nullopt}, false}) == "null");
    CHECK(text(rpc::BlockHashes{{std::nullopt}, true}) == "[null]");
}

TEST_CASE("statuses without a value are plain texts: {\"ready\":null} crashes dedot") {
    CHECK(text(rpc::WatchStatus{"ready"}) == R"("ready")");
    CHECK(text(rpc::WatchStatus{"future"}) == R"("future")");
    CHECK(text(rpc::WatchStatus{"dropped"}) == R"("dropped")");
    CHECK(text(rpc::WatchStatus{"invalid"}) == R"("invalid")");
    CHECK(text(rpc::WatchStatus{"broadcast"}) == R"({"broadcast":[]})");
    const std::string hash = "0x" + std::string(64, '0');
    CHECK(text(rpc::WatchStatus{"inBlock", chain::Hash{}}) == R"({"inBlock":")" + hash + "\"}");
    for (const rpc::WatchStatus& status :
         {rpc::WatchStatus{"ready"}, rpc::WatchStatus{"broadcast"}, rpc::WatchStatus{"usurped", chain::Hash{}}})
        CHECK(*from_json<rpc::WatchStatus>(to_json(status)) == status);
}
