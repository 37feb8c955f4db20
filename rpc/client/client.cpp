// Sees Beast: slow to compile, rarely touched.
#include "rpc/client/client.hpp"

#include "chain/base/ports.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <fmt/format.h>

#include <chrono>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <thread>

namespace rpc {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;
using Pipe = beast::basic_stream<asio::generic::stream_protocol>;
using Promise = std::promise<Answer<json::value>>;

constexpr auto awaited = asio::as_tuple(asio::use_awaitable);

Error broken(std::string_view what) { return {connection_failed, std::string{what}}; }

/// Where a URL leads.
struct Target {
    std::string host;
    std::string port;
    std::string unix_path;
};

Answer<Target> parse(std::string_view url) {
    if (url.starts_with("unix:")) return Target{.host = "localhost", .unix_path = std::string{url.substr(5)}};
    const auto parsed = boost::urls::parse_uri(url);
    const bool known = parsed && (parsed->scheme() == "ws" || parsed->scheme() == "http");
    if (!known || parsed->host().empty())
        return std::unexpected{
            broken(fmt::format("`{}` is no address of a node: expected ws://HOST:PORT or unix:/PATH", url))};
    return Target{.host = parsed->host_address(),
                  .port = parsed->has_port() ? std::string{parsed->port()} : std::to_string(chain::ports::rpc)};
}

}  // namespace

struct Client::Impl {
    struct Waiting {
        std::shared_ptr<Promise> promise;
        /// Set for a subscription: registered before the reader goes on, so that no item is lost.
        OnItem on_item;
    };

    explicit Impl(Options chosen) : options(chosen), socket(io) {}

    asio::awaitable<error_code> open(Target target);
    asio::awaitable<void> read_all();
    asio::awaitable<void> write_all();
    void take(std::string_view text);
    void take_response(std::uint64_t id, const json::object& message);
    void fail_all(std::string_view why);
    Answer<json::value> call(std::string_view method, json::array params, std::uint32_t timeout_ms, OnItem on_item);

    Options options;
    asio::io_context io;
    websocket::stream<Pipe> socket;
    std::deque<std::string> outgoing;  // the thread's own
    std::thread thread;

    // Guards what callers and the thread share.
    mutable std::mutex mutex;
    bool is_open = false;
    std::uint64_t next_id = 1;
    std::map<std::uint64_t, Waiting> waiting;
    std::map<std::string, OnItem, std::less<>> subscriptions;
    // Held while an OnItem runs, so that unsubscribe can wait for it.
    std::mutex running;
};

asio::awaitable<error_code> Client::Impl::open(Target target) {
    auto& stream = beast::get_lowest_layer(socket);
    stream.expires_after(std::chrono::milliseconds{options.connect_timeout_ms});
    if (target.unix_path.empty()) {
        tcp::resolver resolver{io};
        const auto [unresolved, found] = co_await resolver.async_resolve(target.host, target.port, awaited);
        if (unresolved) co_return unresolved;
        tcp::socket plain{io};
        const auto [refused, endpoint] = co_await asio::async_connect(plain, found, awaited);
        if (refused) co_return refused;
        error_code ignored;
        plain.set_option(tcp::no_delay{true}, ignored);
        stream.socket() = asio::generic::stream_protocol::socket{std::move(plain)};
    } else {
        asio::local::stream_protocol::socket plain{io};
        const asio::local::stream_protocol::endpoint endpoint{target.unix_path};
        const auto [refused] = co_await plain.async_connect(endpoint, awaited);
        if (refused) co_return refused;
        stream.socket() = asio::generic::stream_protocol::socket{std::move(plain)};
    }
    stream.expires_never();
    auto timeout = websocket::stream_base::timeout::suggested(beast::role_type::client);
    timeout.handshake_timeout = std::chrono::milliseconds{options.connect_timeout_ms};
    socket.set_option(timeout);
    socket.read_message_max(options.message_bytes_max);
    const std::string host = target.port.empty() ? target.host : target.host + ":" + target.port;
    const auto [failed] = co_await socket.async_handshake(host, "/", awaited);
    co_return failed;
}

asio::awaitable<void> Client::Impl::read_all() {
    for (;;) {
        beast::flat_buffer message;
        const auto [failed, size] = co_await socket.async_read(message, awaited);
        if (failed) {
            const auto& reason = socket.reason().reason;
            fail_all(reason.empty() ? fmt::format("the connection to the node ended: {}", failed.message())
                                    : fmt::format("the node closed the connection: {}", std::string_view{reason}));
            co_return;
        }
        take({static_cast<const char*>(message.data().data()), size});
    }
}

asio::awaitable<void> Client::Impl::write_all() {
    while (!outgoing.empty()) {
        const auto buffer = asio::buffer(outgoing.front());
        const auto [failed, size] = co_await socket.async_write(buffer, awaited);
        if (failed) co_return;  // the reader says so to everybody
        outgoing.pop_front();
    }
}

void Client::Impl::take(std::string_view text) {
    error_code failed;
    const json::value message = json::parse(text, failed);
    const json::object* object = failed ? nullptr : message.if_object();
    if (!object) return;
    if (const json::value* id = object->if_contains("id"); id && id->is_number())
        return take_response(id->to_number<std::uint64_t>(failed), *object);
    const json::value* params = object->if_contains("params");
    if (!params || !params->is_object()) return;
    const json::value* subscription = params->get_object().if_contains("subscription");
    const json::value* item = params->get_object().if_contains("result");
    if (!subscription || !subscription->is_string() || !item) return;
    const std::scoped_lock is_running{running};
    OnItem on_item;
    {
        const std::scoped_lock lock{mutex};
        const auto at = subscriptions.find(std::string_view{subscription->get_string()});
        if (at == subscriptions.end()) return;
        on_item = at->second;
    }
    on_item(*item);
}

void Client::Impl::take_response(std::uint64_t id, const json::object& message) {
    const std::scoped_lock lock{mutex};
    const auto at = waiting.find(id);
    if (at == waiting.end()) return;
    const Waiting asked = std::move(at->second);
    waiting.erase(at);
    const json::value* result = message.if_contains("result");
    if (result) {
        if (asked.on_item && result->is_string())
            subscriptions.emplace(std::string{result->get_string()}, asked.on_item);
        return asked.promise->set_value(*result);
    }
    Error error{code::internal, "the node's answer has neither result nor error"};
    if (const json::value* given = message.if_contains("error"); given && given->is_object()) {
        const json::object& object = given->get_object();
        error_code ignored;
        if (const json::value* number = object.if_contains("code"); number && number->is_number())
            error.code = number->to_number<std::int32_t>(ignored);
        if (const json::value* words = object.if_contains("message"); words && words->is_string())
            error.message = words->get_string();
        if (const json::value* data = object.if_contains("data")) error.data = *data;
    }
    asked.promise->set_value(std::unexpected{std::move(error)});
}

void Client::Impl::fail_all(std::string_view why) {
    const std::scoped_lock lock{mutex};
    is_open = false;
    for (auto& [id, asked] : waiting) asked.promise->set_value(std::unexpected{broken(why)});
    waiting.clear();
}

Answer<json::value> Client::Impl::call(std::string_view method, json::array params, std::uint32_t timeout_ms,
                                       OnItem on_item) {
    const auto promise = std::make_shared<Promise>();
    auto future = promise->get_future();
    std::uint64_t id = 0;
    {
        const std::scoped_lock lock{mutex};
        if (!is_open) return std::unexpected{broken("the connection to the node has ended")};
        id = next_id++;
        waiting.emplace(id, Waiting{promise, std::move(on_item)});
    }
    json::object request;
    request["jsonrpc"] = "2.0";
    request["id"] = id;
    request["method"] = method;
    request["params"] = std::move(params);
    asio::post(io, [this, text = json::serialize(request)]() mutable {
        outgoing.push_back(std::move(text));
        if (outgoing.size() == 1) asio::co_spawn(io, write_all(), asio::detached);
    });
    if (future.wait_for(std::chrono::milliseconds{timeout_ms}) == std::future_status::ready) return future.get();
    const std::scoped_lock lock{mutex};
    waiting.erase(id);
    return std::unexpected{broken(fmt::format("the node did not answer {} within {} ms", method, timeout_ms))};
}

Client::Client(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Answer<std::unique_ptr<Client>> Client::connect(std::string_view url) { return connect(url, Options{}); }

Answer<std::unique_ptr<Client>> Client::connect(std::string_view url, Options options) {
    TRY(Target target, parse(url));
    auto impl = std::make_unique<Impl>(options);
    std::optional<error_code> outcome;
    asio::co_spawn(impl->io, impl->open(std::move(target)),
                   [&](std::exception_ptr, error_code failed) { outcome = failed; });
    impl->io.run_for(std::chrono::milliseconds{options.connect_timeout_ms});
    if (!outcome) return std::unexpected{broken(fmt::format("no answer from {}: is it a Tephra node?", url))};
    if (*outcome) return std::unexpected{broken(fmt::format("cannot reach a node at {}: {}", url, outcome->message()))};
    impl->is_open = true;
    impl->io.restart();
    asio::co_spawn(impl->io, impl->read_all(), asio::detached);
    impl->thread = std::thread{[raw = impl.get()] {
        const auto work = asio::make_work_guard(raw->io);
        raw->io.run();
    }};
    return std::unique_ptr<Client>{new Client{std::move(impl)}};
}

Client::~Client() {
    impl_->io.stop();
    if (impl_->thread.joinable()) impl_->thread.join();
}

Answer<json::value> Client::call(std::string_view method, json::array params) {
    return impl_->call(method, std::move(params), impl_->options.call_timeout_ms, {});
}

Answer<json::value> Client::call(std::string_view method, json::array params, std::uint32_t timeout_ms) {
    return impl_->call(method, std::move(params), timeout_ms, {});
}

Answer<std::string> Client::subscribe(std::string_view method, json::array params, OnItem on_item) {
    TRY(const json::value id,
        impl_->call(method, std::move(params), impl_->options.call_timeout_ms, std::move(on_item)));
    if (!id.is_string()) return std::unexpected{misread(method, "expected a subscription's id")};
    return std::string{id.get_string()};
}

Answer<void> Client::unsubscribe(std::string_view method, const std::string& subscription) {
    {
        const std::scoped_lock is_running{impl_->running};
        const std::scoped_lock lock{impl_->mutex};
        impl_->subscriptions.erase(subscription);
    }
    TRY_VOID(call(method, {json::value(subscription)}));
    return {};
}

bool Client::is_connected() const {
    const std::scoped_lock lock{impl_->mutex};
    return impl_->is_open;
}

Error Client::misread(std::string_view method, std::string_view why) {
    return broken(fmt::format("the node's answer to {} cannot be read: {}", method, why));
}

}  // namespace rpc
