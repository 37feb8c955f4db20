#pragma once
// JSON-RPC errors, with the codes that Substrate clients know (JSON-RPC 2.0 §5.1, jsonrpsee, polkadot-sdk's
// client/rpc-api).

#include "rpc/schema/json.hpp"

namespace rpc {

struct Error {
    std::int32_t code = 0;
    std::string message;
    std::optional<json::value> data = std::nullopt;
};

template <class T>
using Answer = chain::Result<T, Error>;

namespace code {
inline constexpr std::int32_t parse_error = -32700;
inline constexpr std::int32_t invalid_request = -32600;
inline constexpr std::int32_t method_not_found = -32601;
inline constexpr std::int32_t invalid_params = -32602;
inline constexpr std::int32_t internal = -32603;
inline constexpr std::int32_t too_many_subscriptions = -32006;
inline constexpr std::int32_t request_too_big = -32007;
inline constexpr std::int32_t response_too_big = -32008;
inline constexpr std::int32_t batch_too_big = -32010;
inline constexpr std::int32_t rate_limited = -32999;
/// polkadot-sdk's client/rpc-api: state errors count from 4000.
inline constexpr std::int32_t state_invalid_count = 4002;
inline constexpr std::int32_t state_client = 4003;
/// author errors count from 1000; the pool's (1010…) come from the ledger.
inline constexpr std::int32_t author_bad_format = 1001;
}  // namespace code

/// {"code":…,"message":…} and "data" where there is one.
json::object to_json_object(const Error& error);

/// -32602 with the parameter's name in `data`.
Error invalid_params(std::string why);

}  // namespace rpc
