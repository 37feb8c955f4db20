#include "runtime/frame/dynamic.hpp"

#include "chain/crypto/account.hpp"

namespace metadata {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// Nested types of the chain are far shallower; only a crafted value of a type that contains itself is not.
constexpr int depth_max = 64;

class Printer {
public:
    Printer(const std::vector<PortableType>& types, scale::Reader& in) : types_(types), in_(in) {}

    std::string value(TypeId id) {
        if (++depth_ > depth_max) in_.fail(scale::Error::TooDeep);
        std::string out = in_.error() ? std::string{} : named(types_.at(id.value).type);
        --depth_;
        return out;
    }

private:
    std::string named(const Type& type) {
        const std::string_view name = type.path.empty() ? std::string_view{} : std::string_view{type.path.back()};
        if (name == "AccountId20") {
            crypto::AccountId account;
            scale::decode(in_, account);
            return json_string(crypto::to_string(account));
        }
        if (name == "Era") return era();
        if (name == "Option") return option(type);
        return std::visit([&](const auto& definition) { return print(definition); }, type.definition);
    }

    /// The metadata lists 256 variants for it; what counts is whether there is an end.
    std::string era() {
        const auto first = in_.little_endian(1);
        if (first != 0) in_.take(1);
        return first == 0 ? "\"Immortal\"" : "\"Mortal\"";
    }

    std::string option(const Type& type) {
        bool present{};
        scale::decode(in_, present);
        return present ? value(*type.parameters.at(0).type) : "null";
    }

    std::string fields(const std::vector<Field>& list) {
        if (list.empty()) return "{}";
        const bool has_names = list.front().name.has_value();
        if (!has_names && list.size() == 1) return value(list.front().type);
        std::string out{has_names ? '{' : '['};
        for (std::size_t i = 0; i < list.size(); ++i) {
            if (i != 0) out += ',';
            if (has_names) out += json_string(*list[i].name) + ":";
            out += value(list[i].type);
        }
        return out + (has_names ? '}' : ']');
    }

    std::string print(const Composite& composite) { return fields(composite.fields); }

    std::string print(const Variant& variant) {
        const auto index = in_.little_endian(1);
        for (const auto& one : variant.cases) {
            if (one.index != index) continue;
            if (one.fields.empty()) return json_string(one.name);
            return "{" + json_string(one.name) + ":" + fields(one.fields) + "}";
        }
        in_.fail(scale::Error::BadVariant);
        return {};
    }

    bool is_byte(TypeId id) const {
        const auto* primitive = std::get_if<Primitive>(&types_.at(id.value).type.definition);
        return primitive != nullptr && *primitive == Primitive::U8;
    }

    std::string items(std::size_t count, TypeId item) {
        if (is_byte(item)) return json_string(chain::to_hex(in_.take(count)));
        std::string out = "[";
        for (std::size_t i = 0; i < count && !in_.error(); ++i) out += (i == 0 ? "" : ",") + value(item);
        return out + "]";
    }

    std::string print(const Sequence& sequence) {
        return items(scale::decode_count(in_, ~std::uint32_t{0}), sequence.item);
    }
    std::string print(const Array& array) { return items(array.length, array.item); }

    std::string print(const Tuple& tuple) {
        std::string out = "[";
        for (std::size_t i = 0; i < tuple.items.size(); ++i) out += (i == 0 ? "" : ",") + value(tuple.items[i]);
        return out + "]";
    }

    template <class T>
    std::string integer() {
        T number{};
        scale::decode(in_, number);
        if constexpr (std::is_signed_v<T>) {
            const auto magnitude =
                number < 0 ? ~static_cast<std::uint64_t>(number) + 1 : static_cast<std::uint64_t>(number);
            return (number < 0 ? "-" : "") + chain::to_decimal(magnitude);
        } else if constexpr (sizeof(T) <= 4) {
            return chain::to_decimal(number);
        } else {
            return json_string(chain::to_decimal(number));
        }
    }

    std::string print(Primitive primitive) {
        switch (primitive) {
            case Primitive::Bool: {
                bool flag{};
                scale::decode(in_, flag);
                return flag ? "true" : "false";
            }
            case Primitive::Str: {
                std::string text;
                scale::decode(in_, text);
                return json_string(text);
            }
            case Primitive::U8: return integer<std::uint8_t>();
            case Primitive::U16: return integer<std::uint16_t>();
            case Primitive::Char:
            case Primitive::U32: return integer<std::uint32_t>();
            case Primitive::U64: return integer<std::uint64_t>();
            case Primitive::U128: return integer<scale::u128>();
            case Primitive::I8: return integer<std::int8_t>();
            case Primitive::I16: return integer<std::int16_t>();
            case Primitive::I32: return integer<std::int32_t>();
            case Primitive::I64: return integer<std::int64_t>();
            case Primitive::U256:
            case Primitive::I128:
            case Primitive::I256: break;  // no type of this runtime has them
        }
        in_.fail(scale::Error::BadVariant);
        return {};
    }

    std::string print(const CompactOf&) {
        const auto number = scale::decode_compact(in_);
        return number >> 32 == 0 ? chain::to_decimal(number) : json_string(chain::to_decimal(number));
    }

    const std::vector<PortableType>& types_;
    scale::Reader& in_;
    int depth_ = 0;
};

std::string primitive_text(Primitive primitive) {
    constexpr std::string_view names[] = {"bool", "char", "str", "u8",  "u16", "u32",  "u64", "u128",
                                          "u256", "i8",   "i16", "i32", "i64", "i128", "i256"};
    return std::string{names[static_cast<std::size_t>(primitive)]};
}

}  // namespace

std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') out += {'\\', c};
        else if (byte < 0x20) out += {'\\', 'u', '0', '0', hex_digits[byte >> 4], hex_digits[byte & 15]};
        else out += c;
    }
    return out + '"';
}

std::string to_json(const std::vector<PortableType>& types, TypeId type, scale::Reader& in) {
    return Printer{types, in}.value(type);
}

std::optional<std::string> to_json(const std::vector<PortableType>& types, TypeId type, chain::ByteView bytes) {
    scale::Reader in{bytes};
    std::string text = to_json(types, type, in);
    if (in.error() || in.left() != 0) return std::nullopt;
    return text;
}

std::string type_text(const std::vector<PortableType>& types, TypeId type) {
    const Type& described = types.at(type.value).type;
    const auto inner = [&](TypeId id) { return type_text(types, id); };
    if (!described.path.empty()) {
        const auto& name = described.path.back();
        if (name != "Option" && name != "Result") return name;
        std::string arguments;
        for (const auto& parameter : described.parameters)
            arguments += (arguments.empty() ? "" : ", ") + inner(*parameter.type);
        return name + "<" + arguments + ">";
    }
    if (const auto* sequence = std::get_if<Sequence>(&described.definition))
        return "Vec<" + inner(sequence->item) + ">";
    if (const auto* array = std::get_if<Array>(&described.definition))
        return "[" + inner(array->item) + "; " + chain::to_decimal(array->length) + "]";
    if (const auto* compact = std::get_if<CompactOf>(&described.definition))
        return "Compact<" + inner(compact->inner) + ">";
    if (const auto* primitive = std::get_if<Primitive>(&described.definition)) return primitive_text(*primitive);
    if (const auto* tuple = std::get_if<Tuple>(&described.definition)) {
        std::string items;
        for (const TypeId item : tuple->items) items += (items.empty() ? "" : ", ") + inner(item);
        return "(" + items + ")";
    }
    return "sum";
}

}  // namespace metadata
