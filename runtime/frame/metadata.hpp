#pragma once
// Substrate metadata, versions 14 and 15: the shapes that clients read. They are Records, so the codec knows how to
// write them. Version 15 adds runtime APIs, the sums of all pallets' calls, events and errors, and the extrinsic's
// parts.

#include "chain/codec/scale.hpp"
#include "runtime/frame/hashers.hpp"

namespace metadata {

using frame::HasherKind;
using scale::Bytes;
using scale::Compact;
using Text = std::string;
using Docs = std::vector<Text>;
using TypeId = Compact<std::uint32_t>;

// clang-format off: one shape a line, as in the definition
struct Field { std::optional<Text> name; TypeId type; std::optional<Text> type_name; Docs docs; };
struct VariantCase { Text name; std::vector<Field> fields; std::uint8_t index{}; Docs docs; };

// Alternatives in the order of the TypeDef enum.
struct Composite { std::vector<Field> fields; };
struct Variant { std::vector<VariantCase> cases; };
struct Sequence { TypeId item; };
struct Array { std::uint32_t length{}; TypeId item; };
struct Tuple { std::vector<TypeId> items; };
enum class Primitive : std::uint8_t { Bool, Char, Str, U8, U16, U32, U64, U128, U256, I8, I16, I32, I64, I128, I256 };
struct CompactOf { TypeId inner; };
using TypeDef = std::variant<Composite, Variant, Sequence, Array, Tuple, Primitive, CompactOf>;

struct TypeParameter { Text name; std::optional<TypeId> type; };
struct Type { std::vector<Text> path; std::vector<TypeParameter> parameters; TypeDef definition; Docs docs; };
struct PortableType { TypeId id; Type type; };

enum class Modifier : std::uint8_t { Optional, Default };
struct Plain { TypeId value; };
struct MapOf { std::vector<HasherKind> hashers; TypeId key; TypeId value; };
struct StorageEntry { Text name; Modifier modifier{}; std::variant<Plain, MapOf> type; Bytes fallback; Docs docs; };
struct StorageSection { Text prefix; std::vector<StorageEntry> entries; };
struct TypeSection { TypeId type; };
struct ConstantEntry { Text name; TypeId type; Bytes value; Docs docs; };
struct SignedExtension { Text identifier; TypeId type; TypeId additional_signed; };

struct PalletV14 {
    Text name;
    std::optional<StorageSection> storage;
    std::optional<TypeSection> calls, event;
    std::vector<ConstantEntry> constants;
    std::optional<TypeSection> error;
    std::uint8_t index{};
};
struct ExtrinsicV14 { TypeId type; std::uint8_t version{}; std::vector<SignedExtension> signed_extensions; };
struct V14 { std::vector<PortableType> types; std::vector<PalletV14> pallets; ExtrinsicV14 extrinsic; TypeId runtime; };

struct PalletV15 {
    Text name;
    std::optional<StorageSection> storage;
    std::optional<TypeSection> calls, event;
    std::vector<ConstantEntry> constants;
    std::optional<TypeSection> error;
    std::uint8_t index{};
    Docs docs;
};
struct ExtrinsicV15 { std::uint8_t version{}; TypeId address, call, signature, extra; std::vector<SignedExtension> signed_extensions; };
struct ApiInput { Text name; TypeId type; };
struct ApiMethod { Text name; std::vector<ApiInput> inputs; TypeId output; Docs docs; };
struct Api { Text name; std::vector<ApiMethod> methods; Docs docs; };
struct OuterEnums { TypeId call, event, error; };
struct CustomValue { TypeId type; Bytes value; };
struct V15 {
    std::vector<PortableType> types;
    std::vector<PalletV15> pallets;
    ExtrinsicV15 extrinsic;
    TypeId runtime;
    std::vector<Api> apis;
    OuterEnums outer_enums;
    std::vector<std::pair<Text, CustomValue>> custom;
};
// clang-format on

/// "meta", little-endian: what metadata begins with, before its version.
inline constexpr std::uint32_t magic = 0x6174656d;

}  // namespace metadata
