#include "chain/codec/scale.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace chain;
using scale::Bounded;
using scale::Compact;
using scale::Error;

namespace {

enum class Mood : std::uint8_t { Calm, Keen };

struct Named {
    static constexpr std::uint8_t index = 5;
    std::uint16_t value = 0;
    bool operator==(const Named&) const = default;
};

struct Everything {
    bool flag = false;
    std::int16_t small = 0;
    std::optional<std::string> name;
    std::vector<std::pair<std::uint8_t, Mood>> moods;
    std::variant<std::monostate, Named> choice;
    std::array<std::uint16_t, 2> pair{};
    Compact<std::uint64_t> compact;
    bool operator==(const Everything&) const = default;
};

struct Nest {
    std::vector<Nest> inside;
    void encode_to(Bytes& out) const { scale::encode(inside, out); }
    void decode_from(scale::Reader& in) {
        if (!in.enter()) return;
        scale::decode(in, inside);
        in.leave();
    }
};

template <class T>
std::string hex(const T& value) {
    return to_hex(scale::encode(value));
}

template <class T>
Error error_of(std::string_view text) {
    return scale::decode<T>(*from_hex(text)).error();
}

}  // namespace

TEST_CASE("the examples of the Substrate documentation come out as written there") {
    CHECK(hex(std::int8_t{69}) == "0x45");
    CHECK(hex(std::uint16_t{42}) == "0x2a00");
    CHECK(hex(std::uint32_t{16777215}) == "0xffffff00");
    CHECK(hex(false) == "0x00");
    CHECK(hex(true) == "0x01");
    CHECK(hex(std::vector<std::uint16_t>{4, 8, 15, 16, 23, 42}) == "0x18040008000f00100017002a00");
    CHECK(hex(std::pair<Compact<std::uint32_t>, bool>{{3}, false}) == "0x0c00");
    CHECK(hex(std::string{"Hamlet"}) == "0x1848616d6c6574");
    CHECK(hex(std::optional<std::uint8_t>{}) == "0x00");
    CHECK(hex(std::optional<std::uint8_t>{1}) == "0x0101");
    CHECK(hex(std::int32_t{-1}) == "0xffffffff");
}

TEST_CASE("compact numbers change their form at each boundary") {
    const auto compact = [](u128 value) { return hex(Compact<u128>{value}); };
    CHECK(compact(0) == "0x00");
    CHECK(compact(1) == "0x04");
    CHECK(compact(42) == "0xa8");
    CHECK(compact(63) == "0xfc");
    CHECK(compact(64) == "0x0101");
    CHECK(compact(69) == "0x1501");
    CHECK(compact(16383) == "0xfdff");
    CHECK(compact(16384) == "0x02000100");
    CHECK(compact(65535) == "0xfeff0300");
    CHECK(compact((1U << 30) - 1) == "0xfeffffff");
    CHECK(compact(1U << 30) == "0x0300000040");
    CHECK(compact(100000000000000) == "0x0b00407a10f35a");
    CHECK(compact(u128_max) == "0x33ffffffffffffffffffffffffffffffff");
}

TEST_CASE("a compact number has one encoding only") {
    using Number = Compact<u128>;
    for (const char* longer : {"0x0100", "0xfd00", "0x02000000", "0xfeff0000", "0x0300000000", "0x03ffffff3f",
                               "0x070000004000", "0x33ffffffffffffffffffffffffffffff00"})
        CHECK(error_of<Number>(longer) == Error::BadCompact);
    CHECK(error_of<Number>("0x37ffffffffffffffffffffffffffffffffff") == Error::BadCompact);
    CHECK(error_of<Compact<std::uint8_t>>("0x0104") == Error::BadCompact);
    CHECK(error_of<Compact<std::uint32_t>>("0x070000000001") == Error::BadCompact);
    CHECK(error_of<Number>("0x01") == Error::InputTooShort);
}

TEST_CASE("random compact numbers come back") {
    std::mt19937_64 random{3};
    for (int i = 0; i < 20'000; ++i) {
        const u128 value = (u128{random()} << 64 | random()) >> (random() % 128);
        REQUIRE((scale::decode<Compact<u128>>(scale::encode(Compact<u128>{value})).value().value == value));
    }
}

TEST_CASE("a struct is its members in order") {
    const Everything value{.flag = true,
                           .small = -2,
                           .name = "x",
                           .moods = {{1, Mood::Keen}, {2, Mood::Calm}},
                           .choice = Named{0x0102},
                           .pair = {3, 4},
                           .compact = {64}};
    CHECK(hex(value) == "0x01feff0104780801010200050201030004000101");
    CHECK(scale::decode<Everything>(scale::encode(value)).value() == value);
}

TEST_CASE("every cut of an encoding is refused") {
    const Bytes whole = scale::encode(Everything{.name = "abc", .moods = {{1, Mood::Keen}}, .choice = Named{1}});
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(scale::decode<Everything>(ByteView{whole}.first(size)));
    Bytes longer = whole;
    longer.push_back(0);
    CHECK(scale::decode<Everything>(longer).error() == Error::InputTooLong);
}

TEST_CASE("values that no encoder writes are refused") {
    CHECK(error_of<bool>("0x02") == Error::BadBool);
    CHECK(error_of<std::optional<std::uint8_t>>("0x0201") == Error::BadBool);
    CHECK(error_of<Mood>("0x02") == Error::BadVariant);
    CHECK((error_of<std::variant<std::monostate, Named>>("0x01") == Error::BadVariant));
    CHECK(error_of<std::uint32_t>("0x010203") == Error::InputTooShort);
}

TEST_CASE("a count that cannot be true is refused before anything is allocated") {
    // Two to the thirtieth items in four bytes; 2^64 − 1 items.
    CHECK(error_of<std::vector<std::uint64_t>>("0x0300000040") == Error::CountTooLarge);
    CHECK(error_of<Bytes>("0x13ffffffffffffffff00") == Error::CountTooLarge);
    CHECK(error_of<std::string>("0x0861") == Error::CountTooLarge);
    using Three = Bounded<Bytes, 3>;
    CHECK(scale::decode<Three>(Bytes{0x0c, 1, 2, 3}).value().value == Bytes{1, 2, 3});
    CHECK(error_of<Three>("0x1001020304") == Error::CountTooLarge);
}

TEST_CASE("nesting ends before the stack does") {
    Bytes deep(10'000, 0x04);
    deep.push_back(0);
    CHECK(scale::decode<Nest>(deep).error() == Error::TooDeep);
    CHECK(scale::decode<Nest>(Bytes{0x04, 0x04, 0x00}));
}

TEST_CASE("the first error sticks and later reads do nothing") {
    const Bytes input{1, 2, 3};
    scale::Reader in{input};
    CHECK(in.take(4).empty());
    CHECK(in.error() == Error::InputTooShort);
    CHECK((in.little_endian(1) == 0));
    CHECK(in.left() == 3);
    in.fail(Error::BadBool);
    CHECK(in.error() == Error::InputTooShort);
}

TEST_CASE("changed bytes either fail or are the encoding of what they decode to") {
    std::mt19937 random{99};
    const Bytes valid = scale::encode(Everything{.name = "abc", .moods = {{1, Mood::Keen}}, .choice = Named{1}});
    int decoded = 0;
    for (int i = 0; i < 100'000; ++i) {
        Bytes input = valid;
        for (auto changes = random() % 3 + 1; changes > 0; --changes)
            input[random() % input.size()] = static_cast<std::uint8_t>(random() % 2 == 0 ? random() : random() % 8);
        if (random() % 4 == 0) input.resize(random() % 24);
        const auto value = scale::decode<Everything>(input);
        if (!value) continue;
        ++decoded;
        REQUIRE(scale::encode(*value) == input);
    }
    CHECK(decoded > 1'000);
}
