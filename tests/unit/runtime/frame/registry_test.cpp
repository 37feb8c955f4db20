#include "runtime/frame/registry.hpp"

#include "runtime/frame/describe.hpp"
#include "runtime/frame/dynamic.hpp"
#include "tests/unit/runtime/frame/sample_pallet.hpp"

#include <catch2/catch.hpp>

namespace {

enum class Mood : std::uint8_t { Calm, Keen };
constexpr std::string_view metadata_path(Mood) { return "somewhere::else::Mood"; }

struct Node {
    std::string name;
    std::vector<Node> children;
};

struct Bytes4 {
    std::array<std::uint8_t, 4> value{};
    static constexpr std::string_view metadata_path = "a::Bytes4";
};

template <class T>
std::string text(metadata::Registry& types) {
    const auto id = types.id<T>();
    return metadata::type_text(types.types(), id);
}

}  // namespace

TEST_CASE("a type has one id and the path that it asks for") {
    metadata::Registry types;
    const auto id = types.id<Mood>();
    CHECK(types.id<Mood>().value == id.value);
    CHECK(types.types().at(id.value).type.path == std::vector<std::string>{"somewhere", "else", "Mood"});
    CHECK(types.types().at(types.id<Bytes4>().value).type.path == std::vector<std::string>{"a", "Bytes4"});
}

TEST_CASE("types are written as people know them") {
    metadata::Registry types;
    CHECK(text<std::uint32_t>(types) == "u32");
    CHECK(text<chain::u128>(types) == "u128");
    CHECK(text<chain::Bytes>(types) == "Vec<u8>");
    CHECK(text<scale::Compact<std::uint64_t>>(types) == "Compact<u64>");
    CHECK(text<std::array<std::uint8_t, 32>>(types) == "[u8; 32]");
    CHECK(text<std::optional<std::string>>(types) == "Option<str>");
    CHECK(text<std::tuple<bool, Mood>>(types) == "(bool, Mood)");
    CHECK(text<scale::Bounded<std::vector<Mood>, 8>>(types) == "Vec<Mood>");
    CHECK(text<frame::DispatchOutcome>(types) == "Result<(), DispatchError>");
}

TEST_CASE("a type may contain itself") {
    metadata::Registry types;
    const auto id = types.id<Node>();
    const auto& fields = std::get<metadata::Composite>(types.types().at(id.value).type.definition).fields;
    const auto children = types.types().at(fields.at(1).type.value).type.definition;
    CHECK(std::get<metadata::Sequence>(children).item.value == id.value);
}

TEST_CASE("a newtype shows its value without a name, a weight its compact parts") {
    metadata::Registry types;
    const auto bytes = types.types().at(types.id<Bytes4>().value).type;
    CHECK_FALSE(std::get<metadata::Composite>(bytes.definition).fields.at(0).name);
    const auto weight = types.types().at(types.id<frame::Weight>().value).type;
    CHECK(weight.path.back() == "Weight");
    CHECK(std::get<metadata::Composite>(weight.definition).fields.size() == 2);
}

TEST_CASE("a pallet's metadata follows from its declaration") {
    metadata::Registry types;
    const auto pallet = frame::describe<sample::Pallet>(types);
    CHECK(pallet.name == "Sample");
    CHECK(pallet.docs == metadata::Docs{"A sample."});

    REQUIRE(pallet.storage);
    CHECK(pallet.storage->prefix == "Sample");
    const auto& entries = pallet.storage->entries;
    REQUIRE(entries.size() == 6);
    CHECK(entries[0].name == "NextJobId");
    CHECK(entries[0].modifier == metadata::Modifier::Default);
    CHECK(entries[0].fallback == chain::Bytes{0, 0, 0, 0});
    CHECK(entries[1].modifier == metadata::Modifier::Optional);
    CHECK(entries[1].fallback == chain::Bytes{0});
    CHECK(std::get<metadata::MapOf>(entries[2].type).hashers == std::vector{frame::HasherKind::Twox64Concat});
    CHECK(entries[3].modifier == metadata::Modifier::Default);
    CHECK(std::get<metadata::MapOf>(entries[5].type).hashers.size() == 2);

    const auto& calls = std::get<metadata::Variant>(types.types().at(pallet.calls->type.value).type.definition).cases;
    REQUIRE(calls.size() == 2);
    CHECK(calls[0].name == "run");
    CHECK(calls[0].index == 2);
    CHECK(calls[1].docs == metadata::Docs{"Stop something."});

    const auto& error = types.types().at(pallet.error->type.value).type;
    CHECK(error.path == std::vector<std::string>{"pallet_sample", "pallet", "Error"});
    CHECK(std::get<metadata::Variant>(error.definition).cases.at(0).docs == metadata::Docs{"Nobody knows it."});
    CHECK(pallet.constants.at(0).name == "MaxGpus");
    CHECK(pallet.constants.at(0).value == chain::Bytes{8, 0, 0, 0});
}

TEST_CASE("a call's weight is a constant or a function of its arguments") {
    CHECK(frame::weight_of(sample::Run{.job = 5}) == frame::Weight{5, 0});
    CHECK(frame::weight_of(sample::Stop{}) == frame::Weight{9, 1});
    CHECK(frame::class_of<sample::Run>() == frame::DispatchClass::Operational);
    CHECK(frame::class_of<sample::Stop>() == frame::DispatchClass::Normal);
    CHECK(frame::pays_of<sample::Run>() == frame::Pays::Yes);
    CHECK(frame::pays_of<sample::Stop>() == frame::Pays::No);
    CHECK(frame::to_call(sample::Run{.job = 5}).encoded == chain::Bytes{0, 2, 5, 0, 0, 0});
}
