// Whatever a client sends, the session answers with JSON that repeats no more than it was given, or not at all; the
// parameters of every real method are read along the way.

#include "chain/base/check.hpp"
#include "rpc/schema/author.hpp"
#include "rpc/schema/chain.hpp"
#include "rpc/schema/compute.hpp"
#include "rpc/schema/payment.hpp"
#include "rpc/schema/session.hpp"
#include "rpc/schema/state.hpp"
#include "rpc/schema/system.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <boost/json/parse.hpp>

#include <tuple>

namespace {

/// Answers nothing in particular: the reading of parameters is what is tried.
template <class M>
struct Body {
    auto answer(const typename M::Params&) const -> rpc::Answer<typename M::Result> {
        return std::unexpected{rpc::Error{1, "no chain here"}};
    }
};

template <class M>
    requires rpc::Stream<M>
struct Body<M> {
    auto follow(const typename M::Params&, rpc::Sink<typename M::Item>) const -> rpc::Answer<rpc::Keep> {
        return std::make_shared<int>();
    }
};

template <class... M>
void add(rpc::MethodTable& table, rpc::Methods<M...>) {
    static const std::tuple<Body<M>...> bodies;
    (table.add(rpc::Methods<M>{}, std::get<Body<M>>(bodies)), ...);
}

const rpc::MethodTable& table() {
    static const std::unique_ptr<rpc::MethodTable> made = [] {
        auto out = std::make_unique<rpc::MethodTable>("fuzz");
        add(*out, rpc::AuthorMethods{});
        add(*out, rpc::ChainMethods{});
        add(*out, rpc::ComputeMethods{});
        add(*out, rpc::PaymentMethods{});
        add(*out, rpc::StateMethods{});
        add(*out, rpc::SystemMethods{});
        return out;
    }();
    return *made;
}

class NoOutlet : public rpc::Outlet {
    void send(std::string) override {}
};

void rpc_request(fuzz::Input input) {
    const auto outlet = std::make_shared<NoOutlet>();
    rpc::Session session{table(), outlet, rpc::Access::Local, {.batch_calls_max = 10, .subscriptions_max = 4}};
    const auto answer = session.answer(chain::as_text(input.rest()));
    chain::check(session.subscriptions() <= 4);
    if (!answer) return;
    boost::system::error_code failed;
    rpc::json::parse_options options;
    options.max_depth = 256;  // rpc.discover nests deeper than requests may
    const rpc::json::value read = rpc::json::parse(*answer, failed, {}, options);
    chain::check(!failed);
    const rpc::json::array* batch = read.if_array();
    chain::check(batch ? !batch->empty() && batch->size() <= 10 : read.is_object());
    const rpc::json::object& one = batch ? batch->at(0).as_object() : read.as_object();
    chain::check(one.at("jsonrpc") == "2.0" && one.contains("id"));
    chain::check(one.contains("result") != one.contains("error"));
}

const fuzz::Target target{"rpc_request", rpc_request};

}  // namespace
