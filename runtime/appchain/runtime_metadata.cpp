#include "runtime/appchain/runtime_metadata.hpp"

#include "chain/crypto/signature.hpp"
#include "runtime/appchain/apis.hpp"
#include "runtime/appchain/signed_extensions.hpp"
#include "runtime/dispatch/pallets.hpp"
#include "runtime/frame/describe.hpp"

namespace metadata {

template <>
inline constexpr std::string_view foreign_path<chain::Hash> = "primitive_types::H256";
template <>
inline constexpr std::string_view foreign_path<chain::DigestItem> = "sp_runtime::generic::digest::DigestItem";
template <>
inline constexpr std::string_view foreign_path<chain::RuntimeVersion> = "sp_version::RuntimeVersion";
template <>
inline constexpr std::string_view foreign_path<chain::TransactionSource> =
    "sp_runtime::transaction_validity::TransactionSource";

template <>
inline constexpr bool has_unnamed_fields<chain::digest::Other> = true;
template <>
inline constexpr bool has_unnamed_fields<chain::digest::Consensus> = true;
template <>
inline constexpr bool has_unnamed_fields<chain::digest::Seal> = true;
template <>
inline constexpr bool has_unnamed_fields<chain::digest::PreRuntime> = true;

template <>
inline constexpr bool is_described_elsewhere<frame::Call> = true;
template <>
inline constexpr bool is_described_elsewhere<frame::RuntimeEvent> = true;
template <>
inline constexpr bool is_described_elsewhere<runtime::OpaqueExtrinsic> = true;
template <>
inline constexpr bool is_described_elsewhere<chain::Era> = true;

/// Clients name their event type after the first parameter.
template <>
struct Parameters<frame::EventRecord> {
    static constexpr std::array<std::string_view, 2> names{"E", "T"};
    using types = std::tuple<frame::RuntimeEvent, chain::Hash>;
};

}  // namespace metadata

namespace runtime {

namespace {

using metadata::Registry;
using metadata::TypeId;

constexpr std::string_view crate = "tephra_runtime";

/// Era's wire form: 0 is immortal, every other first byte is a variant with the second byte in it.
metadata::Type era_type(Registry& types) {
    const TypeId byte = types.id<std::uint8_t>();
    metadata::Variant cases;
    cases.cases.push_back({"Immortal", {}, 0, {}});
    for (unsigned i = 1; i < 256; ++i)
        cases.cases.push_back({"Mortal" + chain::to_decimal(i),
                               {{std::nullopt, byte, std::nullopt, {}}},
                               static_cast<std::uint8_t>(i),
                               {}});
    return {metadata::path_of<chain::Era>(), {}, std::move(cases), {}};
}

/// One case per pallet that has the part.
metadata::Type outer_enum(std::string_view name, const std::vector<metadata::PalletV15>& pallets,
                          std::optional<metadata::TypeSection> metadata::PalletV15::* part) {
    metadata::Variant cases;
    for (const auto& pallet : pallets)
        if (pallet.*part)
            cases.cases.push_back(
                {pallet.name, {{std::nullopt, (pallet.*part)->type, std::nullopt, {}}}, pallet.index, {}});
    return {{std::string{crate}, std::string{name}}, {}, std::move(cases), {}};
}

std::vector<metadata::SignedExtension> signed_extensions(Registry& types) {
    std::vector<metadata::SignedExtension> out;
    reflect::for_each_index<std::tuple_size_v<extension::All>>([&](auto i) {
        using Extension = std::tuple_element_t<i, extension::All>;
        const TypeId extra = types.id<Extension>();
        out.push_back({std::string{reflect::type_name<Extension>}, extra, types.id<typename Extension::Additional>()});
    });
    return out;
}

template <class Method>
metadata::ApiMethod describe_method(Registry& types) {
    metadata::ApiMethod out;
    out.name = std::string_view{reflect::snake_case(reflect::type_name<Method>)};
    reflect::for_each_index<reflect::field_count<Method>>([&](auto i) {
        const TypeId type = types.id<reflect::field_type<Method, i>>();
        out.inputs.push_back({std::string{reflect::field_name<Method, i>}, type});
    });
    out.output = types.id<typename Method::Output>();
    out.docs = {std::string{Method::doc}};
    return out;
}

std::vector<metadata::Api> describe_apis(Registry& types) {
    std::vector<metadata::Api> out;
    for_each_api([&](const auto& api) {
        metadata::Api described{std::string{api.name}, {}, {std::string{api.doc}}};
        api.for_each_method([&]<class Method>(std::type_identity<Method>) {
            described.methods.push_back(describe_method<Method>(types));
        });
        out.push_back(std::move(described));
    });
    return out;
}

template <class Body>
chain::Bytes prefixed(std::uint8_t version, const Body& body) {
    chain::Bytes out;
    scale::encode(metadata::magic, out);
    out.push_back(version);
    scale::encode(body, out);
    return out;
}

metadata::V14 as_v14(const metadata::V15& v15) {
    metadata::V14 out{.types = v15.types, .pallets = {}, .extrinsic = {}, .runtime = v15.runtime};
    for (const auto& p : v15.pallets)
        out.pallets.push_back({p.name, p.storage, p.calls, p.event, p.constants, p.error, p.index});
    out.extrinsic = {metadata::TypeId{}, v15.extrinsic.version, v15.extrinsic.signed_extensions};
    // Version 14 names the whole extrinsic's type, from whose parameters clients take address, call and signature.
    for (const auto& [id, type] : v15.types)
        if (!type.path.empty() && type.path.back() == "UncheckedExtrinsic") out.extrinsic.type = id;
    return out;
}

}  // namespace

metadata::V15 describe_runtime() {
    Registry types;
    metadata::V15 out;
    // Calls contain calls, and events are stored: both ids must be known before the pallets are described.
    const TypeId call = types.reserve<frame::Call>();
    const TypeId event = types.reserve<frame::RuntimeEvent>();
    const TypeId extrinsic = types.reserve<OpaqueExtrinsic>();
    const TypeId era = types.reserve<chain::Era>();
    types.fill(era, era_type(types));

    Pallets::for_each([&]<class P>(std::type_identity<P>) { out.pallets.push_back(frame::describe<P>(types)); });
    types.fill(call, outer_enum("RuntimeCall", out.pallets, &metadata::PalletV15::calls));
    types.fill(event, outer_enum("RuntimeEvent", out.pallets, &metadata::PalletV15::event));
    const TypeId error = types.add(outer_enum("RuntimeError", out.pallets, &metadata::PalletV15::error));
    out.outer_enums = {call, event, error};

    out.extrinsic = {.version = 4,
                     .address = types.id<crypto::AccountId>(),
                     .call = call,
                     .signature = types.id<crypto::Signature>(),
                     .extra = types.id<extension::All>(),
                     .signed_extensions = signed_extensions(types)};
    const TypeId bytes = types.id<chain::Bytes>();
    types.fill(extrinsic, {{"sp_runtime", "generic", "unchecked_extrinsic", "UncheckedExtrinsic"},
                           {{"Address", out.extrinsic.address},
                            {"Call", call},
                            {"Signature", out.extrinsic.signature},
                            {"Extra", out.extrinsic.extra}},
                           metadata::Composite{{{std::nullopt, bytes, std::nullopt, {}}}},
                           {}});
    out.apis = describe_apis(types);
    out.runtime = types.add({{std::string{crate}, "Runtime"}, {}, metadata::Composite{}, {}});
    out.types = types.types();
    return out;
}

const chain::Bytes& metadata_v14() {
    static const chain::Bytes bytes = prefixed(14, as_v14(describe_runtime()));
    return bytes;
}

const chain::Bytes& metadata_v15() {
    static const chain::Bytes bytes = prefixed(15, describe_runtime());
    return bytes;
}

}  // namespace runtime
