#include "rpc/methods/payment.hpp"

#include "tests/unit/rpc/methods/node.hpp"

using namespace test;

TEST_CASE("payment_queryInfo says what the runtime charges; the details sum up to it") {
    Node node;
    const std::string extrinsic = node.transfer("Alith", 0);
    const json::value info = node.call("payment_queryInfo", "[" + extrinsic + "]");
    CHECK(info.at("class") == "normal");
    CHECK(info.at("weight").at("ref_time").to_number<std::uint64_t>() > 0);
    CHECK(info.at("weight").as_object().contains("proof_size"));
    const auto fee = chain::from_decimal(std::string_view{info.at("partialFee").as_string()});
    REQUIRE(fee);
    CHECK(*fee > 0);

    const json::value details = node.call("payment_queryFeeDetails", "[" + extrinsic + "]").at("inclusionFee");
    chain::u128 sum = 0;
    for (const auto* part : {"baseFee", "lenFee", "adjustedWeightFee"})
        sum += rpc::HexNumber::from_json(details.at(part))->value;
    CHECK(sum == *fee);
}

TEST_CASE("an unsigned extrinsic costs nothing; bytes that are none are an error") {
    Node node;
    node.make_block();
    const std::string inherent{node.call("chain_getBlock").at("block").at("extrinsics").at(0).as_string()};
    CHECK(node.call("payment_queryInfo", list({inherent})).at("partialFee") == "0");
    CHECK(node.call("payment_queryFeeDetails", list({inherent})).at("inclusionFee").is_null());
    CHECK(node.error("payment_queryInfo", list({"0x0401"})).at("code") == 4003);
}
