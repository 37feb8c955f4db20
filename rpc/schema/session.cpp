#include "rpc/schema/session.hpp"

#include "chain/base/log.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace rpc {

namespace {

constexpr chain::log::Channel rpc_log{"rpc"};

std::string response(const json::value& id, const Answer<json::value>& answer) {
    std::string out = R"({"jsonrpc":"2.0","id":)";
    out.append(json::serialize(id));
    if (answer) out.append(R"(,"result":)").append(json::serialize(*answer));
    else out.append(R"(,"error":)").append(json::serialize(to_json_object(answer.error())));
    out.push_back('}');
    return out;
}

std::string refusal(const json::value& id, Error error) { return response(id, std::unexpected{std::move(error)}); }

Error invalid_request(std::string why) {
    return {code::invalid_request, "Invalid request", json::value(std::move(why))};
}

/// Texts, whole numbers and null may be repeated as they came. Fractions may not: JSON has no word for 1e400.
bool is_valid_id(const json::value& id) { return id.is_string() || id.is_int64() || id.is_uint64() || id.is_null(); }

/// The request's id where it is one that an answer may repeat.
json::value id_of(const json::value& request) {
    if (const json::object* object = request.if_object())
        if (const json::value* id = object->if_contains("id"); id && is_valid_id(*id)) return *id;
    return nullptr;
}

}  // namespace

Session::Session(const MethodTable& table, std::weak_ptr<Outlet> outlet, Access access, SessionLimits limits,
                 Admit admit)
    : table_(table), outlet_(std::move(outlet)), access_(access), limits_(limits), admit_(std::move(admit)) {}

std::optional<std::string> Session::answer(std::string_view message) {
    json::parse_options options;
    options.max_depth = limits_.depth_max;
    boost::system::error_code failed;
    const json::value request = json::parse(message, failed, {}, options);
    if (failed) return refusal(nullptr, {code::parse_error, "Parse error", json::value(failed.message())});
    const json::array* batch = request.if_array();
    const std::size_t calls = batch ? batch->size() : 1;
    if (batch && batch->empty()) return refusal(nullptr, invalid_request("an empty batch"));
    if (calls > limits_.batch_calls_max)
        return refusal(nullptr, {code::batch_too_big, "The batch request was too large",
                                 json::value(fmt::format("at most {} calls, got {}", limits_.batch_calls_max, calls))});
    if (admit_)
        if (const auto wait_ms = admit_(calls))
            return refusal(id_of(request), {code::rate_limited, "Request rate exceeded",
                                            json::value(fmt::format("try again in {} ms", *wait_ms))});
    return batch ? answer_batch(*batch) : answer_call(request);
}

std::optional<std::string> Session::answer_batch(const json::array& batch) {
    std::string out = "[";
    for (const json::value& request : batch) {
        auto one = out.size() <= limits_.response_bytes_max
                       ? answer_call(request)
                       : refusal(id_of(request), {code::response_too_big, "Response is too big"});
        if (!one) continue;
        if (out.size() > 1) out.push_back(',');
        out.append(*one);
    }
    if (out.size() == 1) return std::nullopt;
    out.push_back(']');
    return out;
}

std::optional<std::string> Session::answer_call(const json::value& request) {
    const json::object* object = request.if_object();
    if (!object) return refusal(nullptr, invalid_request("expected an object, got " + describe(request)));
    const json::value* id = object->if_contains("id");
    if (id && !is_valid_id(*id)) return refusal(nullptr, invalid_request("`id` must be a text or a whole number"));
    const auto result = run(*object);
    // A request without an id wants no answer, unless it was no request at all.
    if (!id && (result || result.error().code != code::invalid_request)) return std::nullopt;
    std::string out = response(id ? *id : json::value{}, result);
    if (out.size() <= limits_.response_bytes_max) return out;
    return refusal(id_of(request), {code::response_too_big, "Response is too big",
                                    json::value(fmt::format("at most {} bytes", limits_.response_bytes_max))});
}

Answer<json::value> Session::run(const json::object& request) {
    const json::value* version = request.if_contains("jsonrpc");
    if (!version || *version != "2.0") return std::unexpected{invalid_request("`jsonrpc` must be \"2.0\"")};
    const json::value* method = request.if_contains("method");
    if (!method || !method->is_string()) return std::unexpected{invalid_request("`method` must be a text")};
    try {
        return dispatch(method->get_string(), request.if_contains("params"));
    } catch (const std::exception& bug) {
        rpc_log.error("method {} threw: {}", std::string_view{method->get_string()}, bug.what());
        return std::unexpected{Error{code::internal, "Internal error"}};
    }
}

Answer<json::value> Session::dispatch(std::string_view method, const json::value* params) {
    const MethodTable::Entry* entry = table_.find(method);
    if (!entry) return std::unexpected{Error{code::method_not_found, "Method not found"}};
    if (table_.info(*entry).access == Access::Local && access_ != Access::Local)
        return std::unexpected{Error{code::method_not_found, "Method not found",
                                     json::value("this method answers on the node's Unix socket only")}};
    if (entry->call) return entry->call(params);
    if (outlet_.expired())
        return std::unexpected{
            Error{code::method_not_found, "Method not found", json::value("subscriptions need a WebSocket")}};
    return entry->stream ? subscribe(*entry, params) : unsubscribe(method, params);
}

Answer<json::value> Session::subscribe(const MethodTable::Entry& entry, const json::value* params) {
    if (subscriptions_.size() >= limits_.subscriptions_max)
        std::erase_if(subscriptions_, [](const auto& item) { return item.second.finished->load(); });
    if (subscriptions_.size() >= limits_.subscriptions_max)
        return std::unexpected{Error{code::too_many_subscriptions, "Too many subscriptions on the connection",
                                     json::value(fmt::format("at most {}", limits_.subscriptions_max))}};
    const std::string id = std::to_string(next_subscription_++);
    const Channel channel{outlet_, table_.info(entry).notification, id};
    TRY(Keep keep, entry.stream(params, channel));
    subscriptions_.emplace(id, Subscription{entry.info, std::move(keep), channel.finished()});
    return json::value(id);
}

Answer<json::value> Session::unsubscribe(std::string_view method, const json::value* params) {
    const json::value* given = detail::find_param(params, 0, "subscription");
    if (!given || !(given->is_string() || given->is_number()))
        return std::unexpected{invalid_params("parameter `subscription`: expected a subscription's id")};
    const std::string id = given->is_string() ? std::string{given->get_string()} : json::serialize(*given);
    const auto at = subscriptions_.find(id);
    if (at == subscriptions_.end()) return false;
    const auto& enders = table_.infos()[at->second.info].unsubscribe;
    if (std::ranges::find(enders, method) == enders.end()) return false;
    subscriptions_.erase(at);
    return true;
}

std::string error_text(const Error& error) { return refusal(nullptr, error); }

}  // namespace rpc
