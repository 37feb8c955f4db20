#pragma once
// The methods of one server with their bodies. A body is a member of some object, found by its Params:
//
//   class Author {
//   public:
//       Answer<Hash> answer(const SubmitExtrinsic::Params&) const;
//       Answer<Keep> follow(const SubmitAndWatch::Params&, Sink<SubmitAndWatch::Item>) const;   // a subscription
//   };
//   table.add(AuthorMethods{}, author);          // a method without a body does not compile

#include "rpc/schema/method.hpp"

#include <boost/json/serialize.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>

namespace rpc {

/// Whatever a subscription needs while it lasts; it ends when this is destroyed.
using Keep = std::shared_ptr<void>;

/// Where a connection's notifications go. May be called from any thread.
class Outlet {
public:
    virtual ~Outlet() = default;
    /// Queues one text; a full queue closes the connection. Never blocks.
    virtual void send(std::string text) = 0;
};

/// One subscription's way to its client, for any thread. Pushing after the client left does nothing.
class Channel {
public:
    Channel(std::weak_ptr<Outlet> outlet, std::string_view notification, std::string id)
        : outlet_(std::move(outlet)), notification_(notification), id_(std::move(id)) {}
    void push(const json::value& item) const;
    bool open() const { return !outlet_.expired(); }
    /// Nothing follows: the session may forget the subscription without being told by the client.
    void finish() const { *finished_ = true; }
    std::shared_ptr<const std::atomic<bool>> finished() const { return finished_; }

private:
    std::weak_ptr<Outlet> outlet_;
    std::string_view notification_;
    std::string id_;
    std::shared_ptr<std::atomic<bool>> finished_ = std::make_shared<std::atomic<bool>>(false);
};

/// A Channel that carries one type.
template <class Item>
class Sink {
public:
    explicit Sink(Channel channel) : channel_(std::move(channel)) {}
    void push(const Item& item) const {
        if (channel_.open()) channel_.push(to_json(item));
    }
    bool open() const { return channel_.open(); }
    /// The item was the last one.
    void finish() const { channel_.finish(); }

private:
    Channel channel_;
};

class MethodTable {
public:
    using CallBody = std::function<Answer<json::value>(const json::value* params)>;
    using StreamBody = std::function<Answer<Keep>(const json::value* params, Channel)>;

    /// One name. Exactly one of `call`, `stream` is set, or none: then the name ends a subscription.
    struct Entry {
        std::size_t info = 0;
        CallBody call;
        StreamBody stream;
    };

    /// `version` of the program, for rpc.discover. rpc_methods and rpc.discover are there from the start.
    explicit MethodTable(std::string version);
    MethodTable(const MethodTable&) = delete;
    MethodTable& operator=(const MethodTable&) = delete;

    /// Adds every method of the list with its body in `bodies`, which must outlive the table.
    template <class... M, class Bodies>
    void add(Methods<M...>, Bodies& bodies) {
        (add_one<M>(bodies), ...);
    }

    const Entry* find(std::string_view name) const;
    const MethodInfo& info(const Entry& entry) const { return infos_[entry.info]; }
    std::span<const MethodInfo> infos() const { return infos_; }
    /// Every name that answers, aliases and unsubscriptions too, sorted.
    std::vector<std::string> names() const;

private:
    template <class M, class Bodies>
    void add_one(Bodies& bodies) {
        Entry entry;
        if constexpr (Stream<M>) {
            entry.stream = [&bodies](const json::value* params, Channel channel) -> Answer<Keep> {
                TRY(const auto read, read_params<typename M::Params>(params));
                return bodies.follow(read, Sink<typename M::Item>{std::move(channel)});
            };
        } else {
            entry.call = [&bodies](const json::value* params) -> Answer<json::value> {
                TRY(const auto read, read_params<typename M::Params>(params));
                TRY(const typename M::Result result, bodies.answer(read));
                return to_json(result);
            };
        }
        insert(describe_method<M>(), std::move(entry));
    }
    void insert(MethodInfo info, Entry entry);

    std::string version_;
    std::vector<MethodInfo> infos_;
    std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace rpc
