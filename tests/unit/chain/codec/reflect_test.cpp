#include "chain/codec/reflect.hpp"

#include <catch2/catch.hpp>

namespace {

struct Inner {
    int a = 0;
    int b = 0;
};

struct Outer {
    Inner first;
    std::vector<int> second;
    std::optional<Inner> third;
    int requires_ = 0;
};

enum class Mood : std::uint8_t { Calm, Keen, Gone };

}  // namespace

TEST_CASE("a record's members are counted, named and reached in order") {
    CHECK(reflect::field_count<Outer> == 4);
    CHECK(reflect::field_name<Outer, 0> == "first");
    CHECK(reflect::field_name<Outer, 3> == "requires");
    Outer outer{.first = {1, 2}, .requires_ = 3};
    reflect::field<3>(outer) = 4;
    CHECK(outer.requires_ == 4);
    int members = 0;
    reflect::with_fields(outer, [&](auto&... member) { members = sizeof...(member); });
    CHECK(members == 4);
}

TEST_CASE("enumerators are counted and named") {
    CHECK(reflect::enumerator_count<Mood>() == 3);
    CHECK(reflect::enumerator_name<Mood::Gone> == "Gone");
}

TEST_CASE("names change between the cases of code and of metadata") {
    CHECK(std::string_view{reflect::snake_case("TransferKeepAlive")} == "transfer_keep_alive");
    CHECK(std::string_view{reflect::pascal_case("total_issuance")} == "TotalIssuance");
}
