#include "rpc/schema/table.hpp"

#include "chain/base/check.hpp"
#include "rpc/schema/rpc.hpp"

namespace rpc {

void Channel::push(const json::value& item) const {
    const auto outlet = outlet_.lock();
    if (!outlet) return;
    std::string text = R"({"jsonrpc":"2.0","method":")";
    text.append(notification_).append(R"(","params":{"subscription":")").append(id_).append(R"(","result":)");
    text.append(json::serialize(item)).append("}}");
    outlet->send(std::move(text));
}

MethodTable::MethodTable(std::string version) : version_(std::move(version)) {
    Entry methods;
    methods.call = [this](const json::value* params) -> Answer<json::value> {
        TRY_VOID(read_params<RpcMethods::Params>(params));
        return to_json(RpcMethods::Result{names()});
    };
    insert(describe_method<RpcMethods>(), std::move(methods));
    Entry discover;
    discover.call = [this](const json::value* params) -> Answer<json::value> {
        TRY_VOID(read_params<Discover::Params>(params));
        return json::value(open_rpc(infos_, version_));
    };
    insert(describe_method<Discover>(), std::move(discover));
}

void MethodTable::insert(MethodInfo info, Entry entry) {
    entry.info = infos_.size();
    const auto name = [&](std::string_view key, Entry value) {
        chain::check(entries_.emplace(std::string{key}, std::move(value)).second);  // two methods of one name
    };
    for (const std::string_view alias : info.aliases) name(alias, entry);
    for (const std::string_view unsubscribe : info.unsubscribe)
        // Two subscriptions may share the name that ends them.
        entries_.try_emplace(std::string{unsubscribe}, Entry{.info = entry.info});
    name(info.name, std::move(entry));
    infos_.push_back(std::move(info));
}

const MethodTable::Entry* MethodTable::find(std::string_view name) const {
    const auto at = entries_.find(name);
    return at == entries_.end() ? nullptr : &at->second;
}

std::vector<std::string> MethodTable::names() const {
    std::vector<std::string> out;
    out.reserve(entries_.size());
    for (const auto& [name, entry] : entries_) out.push_back(name);
    return out;
}

}  // namespace rpc
