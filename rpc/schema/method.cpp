#include "rpc/schema/method.hpp"

#include "chain/base/ports.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace rpc {

namespace detail {

const json::value* find_param(const json::value* params, std::size_t index, std::string_view name) {
    if (!params) return nullptr;
    if (const json::array* list = params->if_array()) return index < list->size() ? &(*list)[index] : nullptr;
    if (const json::object* object = params->if_object()) return object->if_contains(name);
    return nullptr;
}

std::optional<std::string> check_params(const json::value* params, std::span<const std::string> names) {
    if (!params || params->is_null()) return std::nullopt;
    if (const json::array* list = params->if_array()) {
        if (list->size() <= names.size()) return std::nullopt;
        // polkadot-js and others fill up with nulls; only something that was meant is refused.
        const auto extra = std::find_if(list->begin() + static_cast<std::ptrdiff_t>(names.size()), list->end(),
                                        [](const json::value& value) { return !value.is_null(); });
        if (extra == list->end()) return std::nullopt;
        return fmt::format("at most {} parameters, got {}", names.size(), list->size());
    }
    const json::object* object = params->if_object();
    if (!object) return fmt::format("expected a list or an object of parameters, got {}", describe(*params));
    for (const auto& member : *object)
        if (std::ranges::find(names, std::string_view{member.key()}) == names.end())
            return fmt::format("no parameter is called `{}`", std::string_view{member.key()});
    return std::nullopt;
}

}  // namespace detail

namespace {

json::object open_rpc_method(const MethodInfo& method) {
    json::object out;
    out["name"] = method.name;
    out["description"] = method.doc;
    out["paramStructure"] = "either";
    json::array params;
    for (const ParamInfo& param : method.params) {
        json::object item;
        item["name"] = param.name;
        item["required"] = param.required;
        item["schema"] = param.schema;
        params.push_back(std::move(item));
    }
    out["params"] = std::move(params);
    json::object result;
    result["name"] = method.is_subscription() ? "subscription id" : "result";
    result["schema"] = method.is_subscription() ? detail::schema("string", {}) : method.result;
    out["result"] = std::move(result);
    if (method.access == Access::Local) out["x-local-only"] = true;
    if (!method.aliases.empty()) out["x-aliases"] = json::array(method.aliases.begin(), method.aliases.end());
    if (method.is_subscription()) {
        json::object stream;
        stream["notification"] = method.notification;
        stream["unsubscribe"] = json::array(method.unsubscribe.begin(), method.unsubscribe.end());
        stream["schema"] = method.result;
        out["x-subscription"] = std::move(stream);
    }
    return out;
}

/// `list of {hash, number}`: one line for a person.
std::string shape(const json::object& schema) {
    if (const json::value* one_of = schema.if_contains("oneOf")) {
        std::string out;
        for (const json::value& one : one_of->get_array())
            out += fmt::format("{}{}", out.empty() ? "" : " or ", shape(one.get_object()));
        return out;
    }
    const json::value* type = schema.if_contains("type");
    if (!type) {
        const json::value* description = schema.if_contains("description");
        return description ? std::string{description->get_string()} : "any value";
    }
    if (const json::array* several = type->if_array()) {
        json::object one = schema;
        one["type"] = several->at(0);
        return shape(one) + " or null";
    }
    const std::string_view name = type->get_string();
    if (const json::value* items = schema.if_contains("items")) return "list of " + shape(items->get_object());
    if (const json::value* pair = schema.if_contains("prefixItems")) {
        const json::array& parts = pair->get_array();
        return fmt::format("[{}, {}]", shape(parts[0].get_object()), shape(parts[1].get_object()));
    }
    if (const json::value* members = schema.if_contains("properties")) {
        std::string out;
        for (const auto& member : members->get_object())
            out += fmt::format("{}{}: {}", out.empty() ? "{" : ", ", std::string_view{member.key()},
                               shape(member.value().get_object()));
        return out.empty() ? "{}" : out + "}";
    }
    if (const json::value* description = schema.if_contains("description"))
        return std::string{description->get_string()};
    if (name == "string") return "text";
    return std::string{name};
}

std::string join(std::span<const std::string_view> names) {
    std::string out;
    for (const std::string_view name : names) out += fmt::format("{}`{}`", out.empty() ? "" : ", ", name);
    return out;
}

std::string reference_entry(const MethodInfo& method) {
    std::string params;
    for (const ParamInfo& param : method.params)
        params += fmt::format("{}{}{}", params.empty() ? "" : ", ", param.name, param.required ? "" : "?");
    std::string out = fmt::format("### {}({})\n\n{}\n\n", method.name, params, method.doc);
    if (method.access == Access::Local) out += "Answers on the node's Unix socket only.\n\n";
    for (const ParamInfo& param : method.params) out += fmt::format("- `{}`: {}\n", param.name, shape(param.schema));
    if (method.is_subscription())
        out += fmt::format("- subscription: notification `{}`, ended by {}\n- each item: {}\n", method.notification,
                           join(method.unsubscribe), shape(method.result));
    else out += fmt::format("- result: {}\n", shape(method.result));
    if (!method.aliases.empty()) out += fmt::format("- also called {}\n", join(method.aliases));
    return out + "\n";
}

}  // namespace

json::object open_rpc(std::span<const MethodInfo> methods, std::string_view version) {
    json::object out;
    out["openrpc"] = "1.2.6";
    json::object info;
    info["title"] = "Tephra JSON-RPC";
    info["version"] = version;
    out["info"] = std::move(info);
    json::array list;
    for (const MethodInfo& method : methods) list.push_back(open_rpc_method(method));
    out["methods"] = std::move(list);
    return out;
}

std::string reference_page(std::span<const MethodInfo> methods) {
    std::map<std::string_view, std::string> groups;
    for (const MethodInfo& method : methods)
        groups[method.name.substr(0, method.name.find_first_of("_."))] += reference_entry(method);
    std::string out =
        "# JSON-RPC methods\n\nMade from the declarations in `rpc/schema`; do not edit. HTTP and WebSocket answer on "
        "one "
        "port (" +
        std::to_string(chain::ports::rpc) +
        "), subscriptions need a WebSocket.\nParameters go by position or by name; those with `?` may be left out. "
        "Account, hash and bytes are texts of `0x` and hexadecimal digits.\n\n";
    for (const auto& [group, entries] : groups) out += fmt::format("## {}\n\n{}", group, entries);
    out.pop_back();
    return out;
}

}  // namespace rpc
