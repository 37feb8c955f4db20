#include "rpc/schema/author.hpp"

namespace rpc {

Result<WatchStatus, std::string> WatchStatus::from_json(const json::value& in) {
    if (in.is_string()) return WatchStatus{std::string{in.get_string()}};
    const json::object* object = in.if_object();
    if (!object || object->size() != 1) return detail::expected("a transaction's status", in);
    const auto& member = *object->begin();
    WatchStatus out{std::string{member.key()}};
    if (out.kind == "broadcast") return out;
    TRY(out.hash, rpc::from_json<Hash>(member.value()));
    return out;
}

json::value WatchStatus::to_json() const {
    if (kind != "broadcast" && !hash) return json::value(kind);
    json::object out;
    // The peers that took it; their names are of no use to a client.
    if (kind == "broadcast") out[kind] = json::array{};
    else out[kind] = rpc::to_json(*hash);
    return out;
}

json::object WatchStatus::schema() {
    json::object out;
    out["description"] =
        "\"future\", \"ready\", \"dropped\" or \"invalid\"; {\"broadcast\": peers}; or {\"inBlock\", \"retracted\", "
        "\"finalityTimeout\", \"finalized\" or \"usurped\": hash}";
    return out;
}

}  // namespace rpc
