#pragma once
// A blocking JSON-RPC client over WebSocket, for the command line, benchmarks and tests.
//
//   auto client = rpc::Client::connect("ws://127.0.0.1:9944");
//   auto name = (*client)->call("system_chain", {});

#include "rpc/schema/error.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace rpc {

/// Errors of the connection itself; their texts say what to do. Others come from the node.
inline constexpr std::int32_t connection_failed = 0;

class Client {
public:
    struct Options {
        std::uint32_t connect_timeout_ms = 5'000;
        /// For one call, unless it says otherwise.
        std::uint32_t call_timeout_ms = 30'000;
        std::size_t message_bytes_max = 64u << 20;
    };
    using OnItem = std::function<void(const json::value& item)>;

    /// "ws://host:port", "http://host:port" (the same port speaks both) or "unix:/path/of/the/socket".
    static Answer<std::unique_ptr<Client>> connect(std::string_view url);
    static Answer<std::unique_ptr<Client>> connect(std::string_view url, Options options);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// The result, or the node's error. From any thread but the one of OnItem.
    Answer<json::value> call(std::string_view method, json::array params);
    Answer<json::value> call(std::string_view method, json::array params, std::uint32_t timeout_ms);

    /// A call whose result is read into T.
    template <class T>
    Answer<T> get(std::string_view method, json::array params) {
        TRY(const json::value value, call(method, std::move(params)));
        auto result = from_json<T>(value);
        if (!result) return std::unexpected{misread(method, result.error())};
        return *std::move(result);
    }

    /// `on_item` runs on the client's own thread, in order, until unsubscribe or the end of the connection. It must
    /// not call the client. Returns the subscription's id.
    Answer<std::string> subscribe(std::string_view method, json::array params, OnItem on_item);
    /// `method` is the name that ends it. Afterwards its OnItem does not run any more.
    Answer<void> unsubscribe(std::string_view method, const std::string& subscription);

    bool is_connected() const;

private:
    struct Impl;
    explicit Client(std::unique_ptr<Impl> impl);
    static Error misread(std::string_view method, std::string_view why);
    std::unique_ptr<Impl> impl_;
};

}  // namespace rpc
