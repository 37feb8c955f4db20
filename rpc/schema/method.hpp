#pragma once
// A method is declared once, as a Record:
//
//   struct SubmitExtrinsic {
//       static constexpr std::string_view name = "author_submitExtrinsic";
//       static constexpr std::string_view doc = "Check an extrinsic and offer it to the network.";
//       struct Params { HexBytes extrinsic; };
//       using Result = Hash;
//   };
//   using AuthorMethods = rpc::Methods<SubmitExtrinsic, …>;
//
// A subscription has `Item` for `Result`, and the names `notification` and `unsubscribe`. Optional members: `aliases`,
// `unsubscribe_aliases` (std::array of names) and `access`. From this follow the reading of parameters with errors that
// name them, rpc_methods, rpc.discover and docs/reference/rpc.md.

#include "rpc/schema/error.hpp"

namespace rpc {

/// Local methods answer on the node's Unix socket only.
enum class Access : std::uint8_t { Public, Local };

template <class M>
concept Call = requires {
    M::name;
    M::doc;
    typename M::Params;
    typename M::Result;
};

template <class M>
concept Stream = requires {
    M::name;
    M::doc;
    M::notification;
    M::unsubscribe;
    typename M::Params;
    typename M::Item;
};

/// A list of declarations.
template <class... M>
struct Methods {};

struct ParamInfo {
    std::string name;
    bool required = true;
    json::object schema;
};

/// A declaration as data.
struct MethodInfo {
    std::string_view name;
    std::string_view doc;
    std::vector<std::string_view> aliases;
    Access access = Access::Public;
    std::vector<ParamInfo> params;
    json::object result;
    /// Empty for a plain call.
    std::string_view notification;
    std::vector<std::string_view> unsubscribe;

    bool is_subscription() const { return !notification.empty(); }
};

namespace detail {

template <class M>
std::vector<std::string_view> aliases_of() {
    if constexpr (requires { M::aliases; }) return {M::aliases.begin(), M::aliases.end()};
    else return {};
}

template <class M>
std::vector<std::string_view> unsubscribe_of() {
    std::vector<std::string_view> out{M::unsubscribe};
    if constexpr (requires { M::unsubscribe_aliases; })
        out.insert(out.end(), M::unsubscribe_aliases.begin(), M::unsubscribe_aliases.end());
    return out;
}

template <class M>
constexpr Access access_of() {
    if constexpr (requires { M::access; }) return M::access;
    else return Access::Public;
}

/// The value of parameter `index` called `name`, in a list or an object; null where it is missing.
const json::value* find_param(const json::value* params, std::size_t index, std::string_view name);
/// Parameters that nobody asked for, or params of a wrong kind.
std::optional<std::string> check_params(const json::value* params, std::span<const std::string> names);

}  // namespace detail

template <class M>
MethodInfo describe_method() {
    MethodInfo out{
        .name = M::name, .doc = M::doc, .aliases = detail::aliases_of<M>(), .access = detail::access_of<M>()};
    using Params = typename M::Params;
    reflect::for_each_index<reflect::field_count<Params>>([&](auto i) {
        using Field = reflect::field_type<Params, i>;
        out.params.push_back({json_name<Params, i>(), !detail::is_a<Field, std::optional>, schema_of<Field>()});
    });
    if constexpr (Stream<M>) {
        out.result = schema_of<typename M::Item>();
        out.notification = M::notification;
        out.unsubscribe = detail::unsubscribe_of<M>();
    } else {
        out.result = schema_of<typename M::Result>();
    }
    return out;
}

template <class... M>
std::vector<MethodInfo> describe_methods(Methods<M...>) {
    return {describe_method<M>()...};
}

/// Parameters by position or by name. An error says which one is wrong, what was expected and what came.
template <class Params>
Answer<Params> read_params(const json::value* params) {
    std::vector<std::string> names;
    reflect::for_each_index<reflect::field_count<Params>>([&](auto i) { names.push_back(json_name<Params, i>()); });
    if (auto problem = detail::check_params(params, names)) return std::unexpected{invalid_params(*std::move(problem))};
    Params out{};
    std::optional<std::string> problem;
    reflect::for_each_index<reflect::field_count<Params>>([&](auto i) {
        if (problem) return;
        using Field = reflect::field_type<Params, i>;
        const json::value* given = detail::find_param(params, i, names[i]);
        if (!given && !detail::is_a<Field, std::optional>) {
            problem = "parameter `" + names[i] + "` is missing";
            return;
        }
        auto value = given ? from_json<Field>(*given) : Result<Field, std::string>{Field{}};
        if (value) reflect::field<i>(out) = *std::move(value);
        else problem = "parameter `" + names[i] + "`: " + value.error();
    });
    if (problem) return std::unexpected{invalid_params(*std::move(problem))};
    return out;
}

/// An OpenRPC 1.2.6 document of these methods.
json::object open_rpc(std::span<const MethodInfo> methods, std::string_view version);

/// The same for people: Markdown, grouped by the part of the name before "_".
std::string reference_page(std::span<const MethodInfo> methods);

}  // namespace rpc
