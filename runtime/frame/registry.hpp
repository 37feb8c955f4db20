#pragma once
// The type registry of metadata: gives each C++ type an id and a description; types reached through members come along.
//
// A type's path is its C++ name unless it says `static constexpr std::string_view metadata_path = "sp_runtime::…"`
// (for an enum: a function metadata_path(E) beside it), or `foreign_path` below says it for a type from under runtime/.
// A type whose wire form is another type's says `using metadata_shape = …`.

#include "chain/base/check.hpp"
#include "runtime/frame/metadata.hpp"

#include <map>

namespace metadata {

/// Paths for types that know nothing of metadata.
template <class T>
inline constexpr std::string_view foreign_path{};

/// Records whose members clients see without names, as a tuple struct.
template <class T>
inline constexpr bool has_unnamed_fields = false;

/// Types that have no general form: their id is reserved and filled before anything refers to them.
template <class T>
inline constexpr bool is_described_elsewhere = false;

/// Generic parameters that clients look for: specialise with `names` and `using types = std::tuple<…>`.
template <class T>
struct Parameters {
    static constexpr std::array<std::string_view, 0> names{};
    using types = std::tuple<>;
};

/// A Record with the single member `value` is a name for that value: clients see the value itself.
template <class T>
concept Newtype = reflect::Record<T> && reflect::field_count<T> == 1 && reflect::field_name<T, 0> == "value";

namespace detail {
template <class... A>
void take_variant(const std::variant<A...>&);
}  // namespace detail

/// A name for a sum type.
template <class T>
concept NamedSum = Newtype<T> && requires(const T& named) { detail::take_variant(named.value); };

template <class T>
Docs docs_of() {
    if constexpr (requires { T::doc; }) return {Text{T::doc}};
    else return {};
}

/// The path under which clients know T; empty for a type without a name of its own.
template <class T>
std::vector<Text> path_of() {
    if constexpr (!foreign_path<T>.empty()) return reflect::path_of(foreign_path<T>);
    else if constexpr (reflect::Enum<T> && requires { metadata_path(T{}); })
        return reflect::path_of(metadata_path(T{}));
    else if constexpr (requires { T::metadata_path; }) return reflect::path_of(T::metadata_path);
    else if constexpr (reflect::Enum<T> || std::is_class_v<T>) {
        // Template arguments are no part of a path.
        const auto qualified = reflect::qualified_name<T>;
        return reflect::path_of(qualified.substr(0, qualified.find('<')));
    } else return {};
}

class Registry {
public:
    /// The id of T; describes it on first sight.
    template <class T>
    TypeId id() {
        const auto [entry, is_new] = ids_.try_emplace(&key<T>, static_cast<std::uint32_t>(types_.size()));
        const TypeId id{entry->second};
        if constexpr (is_described_elsewhere<T>) {
            chain::check(!is_new);
        } else if (is_new) {
            types_.push_back({id, {}});  // the id first: a type may contain itself
            Type described = describe<T>();
            types_[id.value].type = std::move(described);
        }
        return id;
    }

    /// An id for a type that is described later with `fill`, such as the sum of all pallets' calls.
    template <class T>
    TypeId reserve() {
        const auto [entry, is_new] = ids_.try_emplace(&key<T>, static_cast<std::uint32_t>(types_.size()));
        if (is_new) types_.push_back({{entry->second}, {}});
        return {entry->second};
    }
    void fill(TypeId id, Type type) { types_.at(id.value).type = std::move(type); }

    /// A type that exists only in metadata.
    TypeId add(Type type) {
        const TypeId id{static_cast<std::uint32_t>(types_.size())};
        types_.push_back({id, std::move(type)});
        return id;
    }

    /// A sum of Records: one case per Record, named after it by `spell`.
    template <class V>
    TypeId sum(std::vector<Text> path, auto spell, Docs docs = {}) {
        const TypeId id = reserve<V>();
        Variant cases = sum_of<V>(spell);
        fill(id, {std::move(path), {}, std::move(cases), std::move(docs)});
        return id;
    }

    const std::vector<PortableType>& types() const { return types_; }

private:
    template <class T>
    static constexpr char key = 0;

    template <class T>
    std::vector<Field> fields() {
        std::vector<Field> out;
        reflect::for_each_index<reflect::field_count<T>>([&](auto i) {
            constexpr bool unnamed = Newtype<T> || has_unnamed_fields<T>;
            const TypeId type = id<std::remove_const_t<reflect::field_type<T, i>>>();
            out.push_back({.name = unnamed ? std::nullopt : std::optional{Text{reflect::field_name<T, i>}},
                           .type = type,
                           .type_name = std::nullopt,
                           .docs = {}});
        });
        return out;
    }

    template <class V>
    Variant sum_of(auto spell) {
        Variant out;
        reflect::for_each_index<std::variant_size_v<V>>([&](auto i) {
            using Case = std::variant_alternative_t<i, V>;
            out.cases.push_back({Text{std::string_view{spell(reflect::type_name<Case>)}}, fields<Case>(),
                                 scale::variant_index<Case, i>(), docs_of<Case>()});
        });
        return out;
    }

    template <class E>
    static Variant enumerators() {
        Variant out;
        reflect::for_each_index<reflect::enumerator_count<E>()>([&](auto i) {
            constexpr auto value = static_cast<E>(i.value);
            Docs docs;
            if constexpr (requires { doc(value); }) docs = {Text{doc(value)}};
            out.cases.push_back({Text{reflect::enumerator_name<value>}, {}, static_cast<std::uint8_t>(i), docs});
        });
        return out;
    }

    template <class T>
    static consteval Primitive integer() {
        if constexpr (std::same_as<T, scale::u128>) return Primitive::U128;
        else {
            constexpr int log2_size = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
            constexpr int first = static_cast<int>(std::is_signed_v<T> ? Primitive::I8 : Primitive::U8);
            return static_cast<Primitive>(first + log2_size);
        }
    }

    template <class... Items>
    Tuple tuple_of(std::type_identity<std::tuple<Items...>>) {
        return {{id<Items>()...}};
    }
    template <class A, class B>
    Tuple tuple_of(std::type_identity<std::pair<A, B>>) {
        return {{id<A>(), id<B>()}};
    }

    /// What T looks like on the wire, without its name.
    template <class T>
    TypeDef definition() {
        using namespace scale;
        constexpr auto as_written = [](std::string_view name) { return name; };
        if constexpr (std::same_as<T, bool>) return Primitive::Bool;
        else if constexpr (Integer<T>) return integer<T>();
        else if constexpr (std::same_as<T, std::string>) return Primitive::Str;
        else if constexpr (is_a<T, Compact>) return CompactOf{id<decltype(T::value)>()};
        else if constexpr (is_a<T, std::vector>) return metadata::Sequence{id<typename T::value_type>()};
        else if constexpr (is_array<T>) return Array{std::tuple_size_v<T>, id<typename T::value_type>()};
        else if constexpr (is_a<T, std::tuple> || is_a<T, std::pair>) return tuple_of(std::type_identity<T>{});
        else if constexpr (std::same_as<T, std::monostate>) return Tuple{};
        else if constexpr (is_a<T, std::variant>) return sum_of<T>(as_written);
        else if constexpr (reflect::Enum<T>) return enumerators<T>();
        else {
            static_assert(reflect::Record<T>, "say what this type looks like on the wire: using metadata_shape = …");
            return Composite{fields<T>()};
        }
    }

    template <class T>
    Type optional_of() {
        const TypeId inner = id<T>();
        return {{"Option"},
                {{"T", inner}},
                Variant{{{"None", {}, 0, {}}, {"Some", {{std::nullopt, inner, std::nullopt, {}}}, 1, {}}}},
                {}};
    }

    template <class T, class E>
    Type result_of(std::type_identity<chain::Result<T, E>>) {
        const TypeId good = id<std::conditional_t<std::is_void_v<T>, std::tuple<>, T>>();
        const TypeId bad = id<E>();
        return {{"Result"},
                {{"T", good}, {"E", bad}},
                Variant{{{"Ok", {{std::nullopt, good, std::nullopt, {}}}, 0, {}},
                         {"Err", {{std::nullopt, bad, std::nullopt, {}}}, 1, {}}}},
                {}};
    }

    template <class T>
    std::vector<TypeParameter> parameters() {
        std::vector<TypeParameter> out;
        reflect::for_each_index<std::tuple_size_v<typename Parameters<T>::types>>([&](auto i) {
            const TypeId type = id<std::tuple_element_t<i, typename Parameters<T>::types>>();
            out.push_back({Text{Parameters<T>::names[i]}, type});
        });
        return out;
    }

    template <class T>
    Type describe() {
        if constexpr (scale::is_a<T, std::optional>) {
            return optional_of<typename T::value_type>();
        } else if constexpr (scale::is_a<T, chain::Result>) {
            return result_of(std::type_identity<T>{});
        } else if constexpr (scale::is_bounded<T>) {
            return describe<decltype(T::value)>();
        } else if constexpr (requires { typename T::metadata_shape; }) {
            using Shape = typename T::metadata_shape;
            if constexpr (scale::is_a<Shape, chain::Result> || scale::is_a<Shape, std::optional>)
                return describe<Shape>();
            else if constexpr (scale::is_array<Shape> || scale::Integer<Shape> || scale::Sequence<Shape>)
                return {path_of<T>(), {}, Composite{{{std::nullopt, id<Shape>(), std::nullopt, {}}}}, docs_of<T>()};
            else return {path_of<T>(), {}, definition<Shape>(), docs_of<T>()};
        } else if constexpr (NamedSum<T>) {
            return {path_of<T>(), {}, definition<decltype(T::value)>(), docs_of<T>()};
        } else if constexpr (!scale::is_a<T, scale::Compact> && (reflect::Enum<T> || reflect::Record<T>)) {
            auto shape = definition<T>();
            return {path_of<T>(), parameters<T>(), std::move(shape), docs_of<T>()};
        } else {
            return {foreign_path<T>.empty() ? std::vector<Text>{} : path_of<T>(), {}, definition<T>(), {}};
        }
    }

    std::map<const void*, std::uint32_t> ids_;
    std::vector<PortableType> types_;
};

}  // namespace metadata
