#pragma once
// A pallet's section of the metadata, read off its declaration.

#include "runtime/frame/pallet.hpp"
#include "runtime/frame/registry.hpp"

namespace frame {

namespace detail {

constexpr auto as_written = [](std::string_view name) { return name; };

template <class T>
metadata::StorageEntry describe_item(metadata::Registry& types, const Value<T>& item) {
    return {
        {}, metadata::Modifier::Default, metadata::Plain{types.id<T>()}, scale::encode(T{}), {std::string{item.doc}}};
}
template <class T>
metadata::StorageEntry describe_item(metadata::Registry& types, const OptionalValue<T>& item) {
    return {{}, metadata::Modifier::Optional, metadata::Plain{types.id<T>()}, {0}, {std::string{item.doc}}};
}
template <class H, class K, class V>
metadata::StorageEntry describe_item(metadata::Registry& types, const Map<H, K, V>& item) {
    const auto key = types.id<K>();
    return {
        {}, metadata::Modifier::Optional, metadata::MapOf{{H::kind}, key, types.id<V>()}, {0}, {std::string{item.doc}}};
}
template <class H, class K, class V>
metadata::StorageEntry describe_item(metadata::Registry& types, const MapOr<H, K, V>& item) {
    const auto key = types.id<K>();
    return {{},
            metadata::Modifier::Default,
            metadata::MapOf{{H::kind}, key, types.id<V>()},
            scale::encode(V{}),
            {std::string{item.doc}}};
}
template <class H1, class K1, class H2, class K2, class V>
metadata::StorageEntry describe_item(metadata::Registry& types, const DoubleMap<H1, K1, H2, K2, V>& item) {
    const auto key = types.id<std::tuple<K1, K2>>();
    return {{},
            metadata::Modifier::Optional,
            metadata::MapOf{{H1::kind, H2::kind}, key, types.id<V>()},
            {0},
            {std::string{item.doc}}};
}

template <class T>
auto value_of(const Constant<T>& constant) {
    return constant.value;
}
template <class T>
T value_of(const LazyConstant<T>& constant) {
    return constant.make();
}

}  // namespace detail

/// "frame_system", or "pallet_" and the pallet's namespace.
template <PalletType P>
std::string crate_of() {
    const std::string space = reflect::path_of(reflect::qualified_name<P>).at(0);
    return space.starts_with("frame_") ? space : "pallet_" + space;
}

template <PalletType P>
metadata::PalletV15 describe(metadata::Registry& types) {
    static_assert(has_unique_indices<typename P::Call>() && has_unique_indices<typename P::Event>());

    metadata::PalletV15 out;
    out.name = P::name;
    out.index = P::index;
    if constexpr (requires { P::doc; }) out.docs = {std::string{P::doc}};

    if constexpr (reflect::field_count<typename P::Storage> != 0) {
        out.storage.emplace().prefix = P::name;
        reflect::for_each_index<reflect::field_count<typename P::Storage>>([&](auto i) {
            auto entry = detail::describe_item(types, reflect::field<i>(P::storage));
            entry.name = std::string_view{reflect::pascal_case(reflect::field_name<typename P::Storage, i>)};
            out.storage->entries.push_back(std::move(entry));
        });
    }

    const std::string crate = crate_of<P>();
    if constexpr (std::variant_size_v<typename P::Call> != 0)
        out.calls = {types.sum<typename P::Call>({crate, "pallet", "Call"}, reflect::snake_case)};
    if constexpr (std::variant_size_v<typename P::Event> != 0)
        out.event = {types.sum<typename P::Event>({crate, "pallet", "Event"}, detail::as_written)};
    if constexpr (reflect::enumerator_count<typename P::Error>() != 0) {
        const metadata::TypeId error = types.id<typename P::Error>();
        auto type = types.types().at(error.value).type;
        type.path = {crate, "pallet", "Error"};
        types.fill(error, std::move(type));
        out.error = {error};
    }

    constexpr typename P::Constants constants{};
    reflect::for_each_index<reflect::field_count<typename P::Constants>>([&](auto i) {
        const auto& constant = reflect::field<i>(constants);
        const auto value = detail::value_of(constant);
        const auto type = types.id<std::remove_const_t<decltype(value)>>();
        out.constants.push_back(
            {std::string{std::string_view{reflect::pascal_case(reflect::field_name<typename P::Constants, i>)}},
             type,
             scale::encode(value),
             {std::string{constant.doc}}});
    });
    return out;
}

}  // namespace frame
