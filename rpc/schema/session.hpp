#pragma once
// One client's side of JSON-RPC 2.0: texts in, texts out, its subscriptions between. Knows no socket and no clock.

#include "rpc/schema/table.hpp"

namespace rpc {

struct SessionLimits {
    /// Calls in one batch; beyond: the whole batch is refused.
    std::size_t batch_calls_max = 100;
    /// Beyond: the call, or what is left of the batch, gets an error instead of its answer.
    std::size_t response_bytes_max = 32u << 20;
    std::size_t subscriptions_max = 1'024;
    /// Nesting of arrays and objects in a request.
    std::size_t depth_max = 32;
};

/// Asked once a message with the number of its calls: nothing, or how many milliseconds to wait before trying again.
using Admit = std::function<std::optional<std::uint32_t>(std::size_t calls)>;

class Session {
public:
    /// A null `outlet` (plain HTTP) offers no subscriptions. The table must outlive the session.
    Session(const MethodTable& table, std::weak_ptr<Outlet> outlet, Access access, SessionLimits limits,
            Admit admit = {});

    /// The answer to one message, or nothing where it asks for none.
    std::optional<std::string> answer(std::string_view message);

    std::size_t subscriptions() const { return subscriptions_.size(); }

private:
    struct Subscription {
        std::size_t info;
        Keep keep;
        std::shared_ptr<const std::atomic<bool>> finished;
    };

    std::optional<std::string> answer_batch(const json::array& batch);
    std::optional<std::string> answer_call(const json::value& request);
    Answer<json::value> run(const json::object& request);
    Answer<json::value> dispatch(std::string_view method, const json::value* params);
    Answer<json::value> subscribe(const MethodTable::Entry& entry, const json::value* params);
    Answer<json::value> unsubscribe(std::string_view method, const json::value* params);

    const MethodTable& table_;
    std::weak_ptr<Outlet> outlet_;
    Access access_;
    SessionLimits limits_;
    Admit admit_;
    std::uint64_t next_subscription_ = 1;
    std::map<std::string, Subscription, std::less<>> subscriptions_;
};

/// The text of an error without a call, for what the transport itself refuses.
std::string error_text(const Error& error);

}  // namespace rpc
