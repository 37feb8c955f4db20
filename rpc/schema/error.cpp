#include "rpc/schema/error.hpp"

namespace rpc {

json::object to_json_object(const Error& error) {
    json::object out;
    out["code"] = error.code;
    out["message"] = error.message;
    if (error.data) out["data"] = *error.data;
    return out;
}

Error invalid_params(std::string why) { return {code::invalid_params, "Invalid params", json::value(std::move(why))}; }

}  // namespace rpc
