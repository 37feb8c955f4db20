// The only file that sees Beast: it takes 15 s to compile.
#include "rpc/server/connection.hpp"

#include "chain/base/log.hpp"
#include "chain/clock/clock.hpp"
#include "rpc/server/origin.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <chrono>
#include <deque>

namespace rpc {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

using Stream = beast::basic_stream<asio::generic::stream_protocol>;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;
using Parser = http::request_parser<http::string_body>;

constexpr chain::log::Channel connection_log{"rpc-server"};

Admit admit_for(std::shared_ptr<Hall> hall, const Caller& caller) {
    if (caller.access == Access::Local) return {};
    return [hall = std::move(hall), address = caller.address](std::size_t calls) {
        return hall->rate.admit(address, calls, chain::monotonic_ms());
    };
}

/// A WebSocket client: reads one message at a time, writes from a bounded queue.
class WebSocket : public Outlet, public Connection, public std::enable_shared_from_this<WebSocket> {
public:
    WebSocket(std::shared_ptr<Hall> hall, Stream stream, Caller caller)
        : hall_(std::move(hall)),
          caller_(std::move(caller)),
          socket_(std::move(stream)),
          drained_(socket_.get_executor()),
          grace_(socket_.get_executor()) {}

    void send(std::string text) override {
        asio::post(socket_.get_executor(), [self = shared_from_this(), text = std::move(text)]() mutable {
            self->queue_notification(std::move(text));
        });
    }

    void shut_down() override {
        asio::post(socket_.get_executor(),
                   [self = shared_from_this()] { self->close(websocket::close_code::going_away, "the node stops"); });
    }

    static asio::awaitable<void> run(std::shared_ptr<WebSocket> self, Request upgrade) {
        self->configure();
        const auto [refused] = co_await self->socket_.async_accept(upgrade, awaited);
        if (refused || self->is_closing_) co_return;
        self->is_accepted_ = true;
        self->session_.emplace(self->hall_->methods, self->weak_from_this(), self->caller_.access,
                               self->limits().session, admit_for(self->hall_, self->caller_));
        for (;;) {
            beast::flat_buffer message;
            const auto [failed, size] = co_await self->socket_.async_read(message, awaited);
            if (failed || self->is_closing_) break;
            const std::string_view text{static_cast<const char*>(message.data().data()), size};
            if (auto answer = self->session_->answer(text)) self->queue(*std::move(answer));
            // Whoever does not read answers is not read either.
            while (self->queued_bytes_ > self->limits().outgoing_bytes_max / 2 && !self->is_closing_) {
                self->drained_.expires_at(asio::steady_timer::time_point::max());
                co_await self->drained_.async_wait(awaited);
            }
        }
        self->session_.reset();
        // A close that waits for the client to read goes on until its grace ends; else nothing is left to say.
        if (!self->is_closing_) self->cut();
    }

private:
    const ServerLimits& limits() const { return hall_->config.limits; }

    void configure() {
        // The WebSocket has its own deadlines.
        beast::get_lowest_layer(socket_).expires_never();
        websocket::stream_base::timeout timeout{};
        timeout.handshake_timeout = std::chrono::milliseconds{limits().http_timeout_ms};
        timeout.idle_timeout = std::chrono::milliseconds{limits().websocket_idle_ms};
        timeout.keep_alive_pings = true;
        socket_.set_option(timeout);
        socket_.read_message_max(limits().request_bytes_max);
        socket_.text(true);
    }

    void queue_notification(std::string text) {
        const bool overflows = !outgoing_.empty() && (queued_bytes_ + text.size() > limits().outgoing_bytes_max ||
                                                      outgoing_.size() >= limits().outgoing_messages_max);
        if (!overflows) return queue(std::move(text));
        connection_log.debug("{} reads too slowly: {} messages wait", caller_.address, outgoing_.size());
        close(websocket::close_code::policy_error, "slow reader: too many notifications wait");
    }

    void queue(std::string text) {
        if (is_closing_) return;
        queued_bytes_ += text.size();
        outgoing_.push_back(std::move(text));
        start_writing();
    }

    void start_writing() {
        if (is_writing_) return;
        is_writing_ = true;
        asio::co_spawn(socket_.get_executor(), write_all(shared_from_this()), asio::detached);
    }

    static asio::awaitable<void> write_all(std::shared_ptr<WebSocket> self) {
        while (!self->outgoing_.empty()) {
            const auto buffer = asio::buffer(self->outgoing_.front());
            const auto [failed, size] = co_await self->socket_.async_write(buffer, awaited);
            self->queued_bytes_ -= self->outgoing_.front().size();
            self->outgoing_.pop_front();
            self->drained_.cancel();
            if (failed) {
                self->cut();
                co_return;  // is_writing_ stays: nothing more is written
            }
        }
        self->is_writing_ = false;
        if (!self->is_closing_) co_return;
        co_await self->socket_.async_close(self->reason_, awaited);
        self->cut();
    }

    /// Says why, after the message that is on its way; what waits behind it is dropped.
    void close(websocket::close_code code, const char* why) {
        if (is_closing_) return;
        // The handshake still writes, and a stream takes one writer: nobody is there yet to be told why.
        if (!is_accepted_) return cut();
        is_closing_ = true;
        reason_ = websocket::close_reason{code, why};
        session_.reset();
        if (outgoing_.size() > 1) outgoing_.erase(outgoing_.begin() + 1, outgoing_.end());
        queued_bytes_ = outgoing_.empty() ? 0 : outgoing_.front().size();
        drained_.cancel();
        grace_.expires_after(std::chrono::milliseconds{limits().close_grace_ms});
        grace_.async_wait([self = shared_from_this()](beast::error_code cancelled) {
            if (!cancelled) self->cut();
        });
        start_writing();
    }

    void cut() {
        is_closing_ = true;
        drained_.cancel();
        grace_.cancel();
        beast::error_code ignored;
        beast::get_lowest_layer(socket_).socket().close(ignored);
    }

    std::shared_ptr<Hall> hall_;
    Caller caller_;
    websocket::stream<Stream> socket_;
    asio::steady_timer drained_;
    asio::steady_timer grace_;
    std::optional<Session> session_;
    std::deque<std::string> outgoing_;
    std::size_t queued_bytes_ = 0;
    bool is_accepted_ = false;
    bool is_writing_ = false;
    bool is_closing_ = false;
    websocket::close_reason reason_;
};

/// An HTTP client, until it leaves or becomes a WebSocket.
class HttpConnection : public Connection, public std::enable_shared_from_this<HttpConnection> {
public:
    HttpConnection(std::shared_ptr<Hall> hall, Socket socket, Caller caller)
        : hall_(std::move(hall)),
          caller_(std::move(caller)),
          stream_(std::move(socket)),
          executor_(stream_.get_executor()),
          session_(hall_->methods, {}, caller_.access, hall_->config.limits.session, admit_for(hall_, caller_)) {}

    void shut_down() override {
        asio::post(executor_, [self = shared_from_this()] {
            if (!self->is_released_) self->stream_.cancel();
        });
    }

    /// Answers requests; returns the request that wants a WebSocket, or nothing when the client is done.
    static asio::awaitable<std::optional<Request>> run(std::shared_ptr<HttpConnection> self) {
        for (bool keep = true; keep;) {
            Parser parser;
            parser.body_limit(self->hall_->config.limits.request_bytes_max);
            self->start_clock();
            auto [bad_header, header_size] =
                co_await http::async_read_header(self->stream_, self->buffer_, parser, awaited);
            if (bad_header && !is_http_error(bad_header)) co_return std::nullopt;
            Response response;
            if (bad_header) {
                // A declared length above the limit fails here already.
                response = malformed(parser.get(), bad_header);
            } else if (auto refusal = self->refuse(parser.get())) {
                response = *std::move(refusal);
                response.keep_alive(false);
            } else if (websocket::is_upgrade(parser.get())) {
                co_return parser.release();
            } else {
                co_await self->read_body(parser, response);
            }
            keep = response.keep_alive();
            self->start_clock();
            auto [failed, size] = co_await http::async_write(self->stream_, response, awaited);
            if (failed) co_return std::nullopt;
        }
        co_await linger(self);
        co_return std::nullopt;
    }

    /// The connection itself, for a WebSocket; on its strand.
    Stream release() {
        is_released_ = true;
        return std::move(stream_);
    }

private:
    void start_clock() { stream_.expires_after(std::chrono::milliseconds{hall_->config.limits.http_timeout_ms}); }

    asio::awaitable<void> read_body(Parser& parser, Response& response) {
        if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
            http::response<http::empty_body> go_on{http::status::continue_, parser.get().version()};
            co_await http::async_write(stream_, go_on, awaited);
        }
        const auto [failed, size] = co_await http::async_read(stream_, buffer_, parser, awaited);
        if (!failed) {
            const Request request = parser.release();
            response = answer(request);
            response.keep_alive(request.keep_alive());
            response.prepare_payload();
            co_return;
        }
        response = malformed(parser.get(), failed);
    }

    /// The client's fault, not the end of the connection.
    static bool is_http_error(beast::error_code failed) {
        return failed.category() == http::make_error_code(http::error::end_of_stream).category() &&
               failed != http::error::end_of_stream && failed != http::error::partial_message;
    }

    static Response malformed(const Request& request, beast::error_code failed) {
        const bool too_big = failed == http::error::body_limit;
        const Error error = too_big ? Error{code::request_too_big, "Request is too big"}
                                    : Error{code::invalid_request, "Bad HTTP request", json::value(failed.message())};
        Response response =
            plain(request, too_big ? http::status::payload_too_large : http::status::bad_request, error_text(error));
        response.set(http::field::content_type, "application/json");
        response.keep_alive(false);
        return response;
    }

    /// Reads off what a refused client still sends, so that the answer reaches it before the connection ends.
    static asio::awaitable<void> linger(std::shared_ptr<HttpConnection> self) {
        beast::error_code failed;
        self->stream_.socket().shutdown(Socket::shutdown_send, failed);
        std::array<char, 4096> waste{};
        std::size_t left = self->hall_->config.limits.request_bytes_max;
        self->stream_.expires_after(std::chrono::milliseconds{self->hall_->config.limits.close_grace_ms});
        while (!failed && left > 0) {
            const auto buffer = asio::buffer(waste);
            const auto [ended, size] = co_await self->stream_.async_read_some(buffer, awaited);
            failed = ended;
            left -= std::min(left, size);
        }
    }

    /// What is refused before its body is read.
    std::optional<Response> refuse(const Request& request) const {
        if (!is_host_allowed(request[http::field::host], hall_->config.hosts) && caller_.access != Access::Local)
            return plain(request, http::status::forbidden,
                         "this node does not go by that name (Host header); see --rpc-host\n");
        const std::string_view origin = request[http::field::origin];
        if (!origin.empty() && !is_origin_allowed(origin, hall_->config.origins))
            return plain(request, http::status::forbidden,
                         "pages of that origin may not call this node; see --rpc-origin\n");
        return std::nullopt;
    }

    Response answer(const Request& request) {
        switch (request.method()) {
            case http::verb::options: return preflight(request);
            case http::verb::post: return answer_post(request);
            case http::verb::get:
            case http::verb::head:
                if (request.target() == "/health") return health(request);
                return plain(request, http::status::ok,
                             "Tephra JSON-RPC: POST here, or open a WebSocket. Try rpc.discover.\n");
            default: return plain(request, http::status::method_not_allowed, "POST, or open a WebSocket\n");
        }
    }

    Response answer_post(const Request& request) {
        const std::string_view type = request[http::field::content_type];
        if (!beast::iequals(type.substr(0, type.find(';')), "application/json"))
            return plain(request, http::status::unsupported_media_type, "Content-Type must be application/json\n");
        std::optional<std::string> text = session_.answer(request.body());
        Response response = plain(request, text ? http::status::ok : http::status::no_content, text.value_or(""));
        response.set(http::field::content_type, "application/json");
        if (!text) response.erase(http::field::content_type);
        return response;
    }

    Response health(const Request& request) const {
        const MethodTable::Entry* entry = hall_->methods.find("system_health");
        const auto result = entry && entry->call ? entry->call(nullptr) : Answer<json::value>{json::object{}};
        if (!result) return plain(request, http::status::internal_server_error, result.error().message);
        Response response = plain(request, http::status::ok, json::serialize(*result));
        response.set(http::field::content_type, "application/json");
        return response;
    }

    Response preflight(const Request& request) const {
        Response response = plain(request, http::status::no_content, "");
        response.erase(http::field::content_type);
        response.set(http::field::access_control_allow_methods, "POST, GET, OPTIONS");
        response.set(http::field::access_control_allow_headers, "content-type");
        response.set(http::field::access_control_max_age, "3600");
        if (!request["Access-Control-Request-Private-Network"].empty())
            response.set("Access-Control-Allow-Private-Network", "true");
        return response;
    }

    static Response plain(const Request& request, http::status status, std::string body) {
        Response response{status, request.version()};
        response.set(http::field::content_type, "text/plain; charset=utf-8");
        response.set(http::field::cache_control, "no-store");
        if (const std::string_view origin = request[http::field::origin]; !origin.empty()) {
            response.set(http::field::access_control_allow_origin, origin);
            response.set(http::field::vary, "Origin");
        }
        response.body() = request.method() == http::verb::head ? std::string{} : std::move(body);
        response.prepare_payload();
        return response;
    }

    std::shared_ptr<Hall> hall_;
    Caller caller_;
    Stream stream_;
    asio::any_io_executor executor_;
    bool is_released_ = false;
    Session session_;
    beast::flat_buffer buffer_;
};

/// Puts a connection on the list of open ones for as long as it lives.
class Listed {
public:
    Listed(Hall& hall, const std::shared_ptr<Connection>& connection) : hall_(hall) {
        const std::scoped_lock lock{hall_.mutex};
        place_ = hall_.open.insert(hall_.open.end(), connection);
        if (hall_.is_closing) connection->shut_down();
    }
    Listed(const Listed&) = delete;
    Listed& operator=(const Listed&) = delete;
    ~Listed() {
        const std::scoped_lock lock{hall_.mutex};
        hall_.open.erase(place_);
    }

private:
    Hall& hall_;
    std::list<std::weak_ptr<Connection>>::iterator place_;
};

}  // namespace

asio::awaitable<void> serve(std::shared_ptr<Hall> hall, Socket socket, Caller caller) {
    std::optional<Request> upgrade;
    std::shared_ptr<WebSocket> door;
    {
        const auto http = std::make_shared<HttpConnection>(hall, std::move(socket), caller);
        const Listed listed{*hall, http};
        upgrade = co_await HttpConnection::run(http);
        if (!upgrade) co_return;
        door = std::make_shared<WebSocket>(hall, http->release(), caller);
    }
    const Listed listed{*hall, door};
    Request request = *std::move(upgrade);
    co_await WebSocket::run(door, std::move(request));
}

}  // namespace rpc
