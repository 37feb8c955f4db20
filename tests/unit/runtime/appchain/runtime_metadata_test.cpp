#include "runtime/appchain/runtime_metadata.hpp"

#include "chain/base/check.hpp"
#include "runtime/frame/dynamic.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

// Clients match paths, names and indices literally; what is checked here was read off the traffic and the sources of
// unmodified clients.

namespace {

using metadata::V15;

const V15& model() {
    static const V15 made = runtime::describe_runtime();
    return made;
}

/// The one type with this path; a client that finds none, or two, is lost.
const metadata::Type& type_at(std::string_view path) {
    const metadata::Type* found = nullptr;
    std::size_t count = 0;
    for (const auto& [id, type] : model().types) {
        if (type.path != reflect::path_of(path)) continue;
        found = &type;
        ++count;
    }
    INFO(path);
    REQUIRE(count == 1);
    return *found;
}

/// "0 Other, 1 CannotLookup, …"
std::string cases_of(std::string_view path) {
    std::string out;
    for (const auto& one : std::get<metadata::Variant>(type_at(path).definition).cases)
        out += (out.empty() ? "" : ", ") + chain::to_decimal(one.index) + " " + one.name;
    return out;
}

/// "nonce: u32, …"
std::string members_of(std::string_view path) {
    std::string out;
    for (const auto& field : std::get<metadata::Composite>(type_at(path).definition).fields)
        out += (out.empty() ? "" : ", ") + field.name.value_or("_") + ": " +
               metadata::type_text(model().types, field.type);
    return out;
}

const metadata::PalletV15& pallet(std::string_view name) {
    const auto found = std::ranges::find_if(model().pallets, [&](const auto& one) { return one.name == name; });
    REQUIRE(found != model().pallets.end());
    return *found;
}

/// Gathers every type id that definitions refer to.
struct References {
    std::set<std::uint32_t> ids;

    void note(metadata::TypeId id) { ids.insert(id.value); }
    void fields(const std::vector<metadata::Field>& list) {
        for (const auto& field : list) note(field.type);
    }
    void operator()(const metadata::Composite& composite) { fields(composite.fields); }
    void operator()(const metadata::Variant& variant) {
        for (const auto& one : variant.cases) fields(one.fields);
    }
    void operator()(const metadata::Sequence& sequence) { note(sequence.item); }
    void operator()(const metadata::Array& array) { note(array.item); }
    void operator()(const metadata::Tuple& tuple) {
        for (const auto id : tuple.items) note(id);
    }
    void operator()(metadata::Primitive) {}
    void operator()(const metadata::CompactOf& compact) { note(compact.inner); }
};

}  // namespace

TEST_CASE("the extrinsic's type is there, with its parameters named and in order") {
    const auto& type = type_at("sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic");
    REQUIRE(type.parameters.size() == 4);
    const auto text = [&](std::size_t i) { return metadata::type_text(model().types, *type.parameters[i].type); };
    CHECK(type.parameters[0].name == "Address");
    CHECK(text(0) == "AccountId20");
    CHECK(type.parameters[1].name == "Call");
    CHECK(text(1) == "RuntimeCall");
    CHECK(type.parameters[2].name == "Signature");
    CHECK(text(2) == "EthereumSignature");
    CHECK(type.parameters[3].name == "Extra");
}

TEST_CASE("an event record names its event type as a parameter") {
    const auto& type = type_at("frame_system::EventRecord");
    REQUIRE(type.parameters.size() == 2);
    CHECK(type.parameters[0].name == "E");
    CHECK(metadata::type_text(model().types, *type.parameters[0].type) == "RuntimeEvent");
    CHECK(members_of("frame_system::EventRecord") == "phase: Phase, event: RuntimeEvent, topics: Vec<H256>");
}

TEST_CASE("accounts and signatures collapse to 20 and 65 bytes") {
    CHECK(members_of("account::AccountId20") == "_: [u8; 20]");
    CHECK(members_of("account::EthereumSignature") == "_: [u8; 65]");
    CHECK(members_of("frame_system::AccountInfo") ==
          "nonce: u32, consumers: u32, providers: u32, sufficients: u32, data: AccountData");
    CHECK(members_of("pallet_balances::types::AccountData") ==
          "free: u128, reserved: u128, frozen: u128, flags: ExtraFlags");
    CHECK(members_of("pallet_balances::types::ExtraFlags") == "_: u128");
}

TEST_CASE("errors and outcomes have the indices that clients know") {
    CHECK(cases_of("sp_runtime::DispatchError") ==
          "0 Other, 1 CannotLookup, 2 BadOrigin, 3 Module, 4 ConsumerRemaining, 5 NoProviders, 6 TooManyConsumers, "
          "7 Token, 8 Arithmetic, 9 Transactional, 10 Exhausted, 11 Corruption, 12 Unavailable, 13 RootNotAllowed, "
          "14 Trie");
    CHECK(members_of("sp_runtime::ModuleError") == "index: u8, error: [u8; 4]");
    CHECK(
        cases_of("sp_runtime::TokenError") ==
        "0 FundsUnavailable, 1 OnlyProvider, 2 BelowMinimum, 3 CannotCreate, 4 UnknownAsset, 5 Frozen, 6 Unsupported, "
        "7 CannotCreateHold, 8 NotExpendable, 9 Blocked");
    CHECK(cases_of("sp_arithmetic::ArithmeticError") == "0 Underflow, 1 Overflow, 2 DivisionByZero");
    CHECK(cases_of("frame_system::Phase") == "0 ApplyExtrinsic, 1 Finalization, 2 Initialization");
    CHECK(members_of("frame_system::DispatchEventInfo") == "weight: Weight, class: DispatchClass, pays_fee: Pays");
    CHECK(cases_of("frame_support::dispatch::DispatchClass") == "0 Normal, 1 Operational, 2 Mandatory");
    CHECK(cases_of("frame_support::dispatch::Pays") == "0 Yes, 1 No");
    CHECK(cases_of("sp_runtime::transaction_validity::InvalidTransaction") ==
          "0 Call, 1 Payment, 2 Future, 3 Stale, 4 BadProof, 5 AncientBirthBlock, 6 ExhaustsResources, 7 Custom, "
          "8 BadMandatory, 9 MandatoryValidation, 10 BadSigner, 11 IndeterminateImplicit, 12 UnknownOrigin");
    CHECK(cases_of("sp_runtime::generic::digest::DigestItem") ==
          "0 Other, 4 Consensus, 5 Seal, 6 PreRuntime, 8 RuntimeEnvironmentUpdated");
}

TEST_CASE("a weight has two fields: one alone would be read as the older weight") {
    CHECK(members_of("sp_weights::weight_v2::Weight") == "ref_time: Compact<u64>, proof_size: Compact<u64>");
}

TEST_CASE("an era is 256 cases of which all but the first carry a byte") {
    const auto& cases = std::get<metadata::Variant>(type_at("sp_runtime::generic::era::Era").definition).cases;
    REQUIRE(cases.size() == 256);
    CHECK(cases[0].name == "Immortal");
    CHECK(cases[0].fields.empty());
    CHECK(cases[255].index == 255);
    CHECK(metadata::type_text(model().types, cases[255].fields.at(0).type) == "u8");
}

TEST_CASE("the signed extensions stand in the order in which they are signed") {
    const std::vector<std::string> wanted{"CheckNonZeroSender", "CheckSpecVersion",         "CheckTxVersion",
                                          "CheckGenesis",       "CheckMortality",           "CheckNonce",
                                          "CheckWeight",        "ChargeTransactionPayment", "CheckMetadataHash"};
    std::vector<std::string> names;
    std::vector<std::string> additional;
    for (const auto& one : model().extrinsic.signed_extensions) {
        names.push_back(one.identifier);
        additional.push_back(metadata::type_text(model().types, one.additional_signed));
    }
    CHECK(names == wanted);
    CHECK(additional ==
          std::vector<std::string>{"()", "u32", "u32", "H256", "H256", "()", "()", "()", "Option<[u8; 32]>"});
    CHECK(model().extrinsic.version == 4);
}

TEST_CASE("the outer enums and the extrinsic's parts are named in version 15") {
    const auto path = [](metadata::TypeId id) { return model().types.at(id.value).type.path; };
    CHECK(path(model().outer_enums.call) == std::vector<std::string>{"tephra_runtime", "RuntimeCall"});
    CHECK(path(model().outer_enums.event) == std::vector<std::string>{"tephra_runtime", "RuntimeEvent"});
    CHECK(path(model().outer_enums.error) == std::vector<std::string>{"tephra_runtime", "RuntimeError"});
    CHECK(model().extrinsic.call.value == model().outer_enums.call.value);
}

TEST_CASE("every type id that is referred to exists, in its own place") {
    References used;
    for (std::size_t i = 0; i < model().types.size(); ++i) {
        CHECK(model().types[i].id.value == i);
        std::visit(used, model().types[i].type.definition);
        for (const auto& parameter : model().types[i].type.parameters)
            if (parameter.type) used.note(*parameter.type);
    }
    CHECK(*used.ids.rbegin() < model().types.size());
}

TEST_CASE("a default that clients fall back to decodes as the item's type") {
    for (const auto& one : model().pallets) {
        if (!one.storage) continue;
        for (const auto& entry : one.storage->entries) {
            const auto* plain = std::get_if<metadata::Plain>(&entry.type);
            const auto type = plain != nullptr ? plain->value : std::get<metadata::MapOf>(entry.type).value;
            INFO(one.name << "." << entry.name);
            if (entry.modifier == metadata::Modifier::Optional) CHECK(entry.fallback == chain::Bytes{0});
            else CHECK(metadata::to_json(model().types, type, chain::ByteView{entry.fallback}));
        }
    }
}

TEST_CASE("every call, event, error and item says what it is") {
    for (const auto& one : model().pallets) {
        INFO(one.name);
        CHECK_FALSE(one.docs.empty());
        for (const auto& section : {one.calls, one.event, one.error}) {
            if (!section) continue;
            const auto& type = model().types.at(section->type.value).type;
            for (const auto& variant : std::get<metadata::Variant>(type.definition).cases) {
                INFO(variant.name);
                CHECK_FALSE(variant.docs.empty());
            }
        }
        if (!one.storage) continue;
        for (const auto& entry : one.storage->entries) CHECK_FALSE(entry.docs.at(0).empty());
    }
}

TEST_CASE("the constants that clients read by name are there") {
    const auto has = [](std::string_view owner, std::string_view name) {
        return std::ranges::any_of(pallet(owner).constants, [&](const auto& one) { return one.name == name; });
    };
    for (const auto* name : {"Version", "BlockHashCount", "SS58Prefix", "BlockWeights", "BlockLength", "DbWeight"})
        CHECK(has("System", name));
    CHECK(has("Balances", "ExistentialDeposit"));
    CHECK(has("Timestamp", "MinimumPeriod"));
}

TEST_CASE("storage that clients know by heart is hashed as they expect") {
    const auto hashers = [](std::string_view owner, std::string_view name) {
        for (const auto& entry : pallet(owner).storage->entries)
            if (entry.name == name) {
                const auto* map = std::get_if<metadata::MapOf>(&entry.type);
                return map == nullptr ? std::vector<frame::HasherKind>{} : map->hashers;
            }
        FAIL("no " << owner << "." << name);
        return std::vector<frame::HasherKind>{};
    };
    using enum frame::HasherKind;
    CHECK(hashers("System", "Account") == std::vector{Blake2_128Concat});
    CHECK(hashers("System", "BlockHash") == std::vector{Twox64Concat});
    CHECK(hashers("System", "Events").empty());
    CHECK(hashers("Timestamp", "Now").empty());
    CHECK(hashers("Balances", "TotalIssuance").empty());
}
