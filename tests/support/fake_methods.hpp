#pragma once
// A small method table for tests of the JSON-RPC machinery: no chain behind it.

#include "rpc/schema/session.hpp"

#include <mutex>

namespace test {

struct Echo {
    static constexpr std::string_view name = "test_echo";
    static constexpr std::string_view doc = "Says the text again, `times` times.";
    static constexpr std::array<std::string_view, 1> aliases{"test_say"};
    struct Params {
        std::string text;
        std::optional<std::uint32_t> times;
    };
    using Result = std::string;
};

struct Shut {
    static constexpr std::string_view name = "test_shut";
    static constexpr std::string_view doc = "Only for those on this machine.";
    static constexpr rpc::Access access = rpc::Access::Local;
    struct Params {};
    using Result = bool;
};

struct Refuse {
    static constexpr std::string_view name = "test_refuse";
    static constexpr std::string_view doc = "Always an error.";
    struct Params {};
    using Result = bool;
};

struct Count {
    static constexpr std::string_view name = "test_subscribeCount";
    static constexpr std::string_view doc = "Numbers from 1, at once, then whenever the test says so.";
    static constexpr std::string_view notification = "test_count";
    static constexpr std::string_view unsubscribe = "test_unsubscribeCount";
    struct Params {
        std::uint32_t at_once = 0;
    };
    struct Item {
        std::uint32_t number = 0;
        std::string padding;
    };
};

using FakeMethods = rpc::Methods<Echo, Shut, Refuse, Count>;

/// Bodies. `everybody` pushes to all open subscriptions from the calling thread.
class FakeBodies {
public:
    rpc::Answer<std::string> answer(const Echo::Params& params) const {
        std::string out;
        for (std::uint32_t i = 0; i < params.times.value_or(1); ++i) out += params.text;
        return out;
    }
    rpc::Answer<bool> answer(const Shut::Params&) const { return true; }
    rpc::Answer<bool> answer(const Refuse::Params&) const {
        return std::unexpected{rpc::Error{1010, "Invalid Transaction", rpc::json::value("Transaction is outdated")}};
    }
    rpc::Answer<rpc::Keep> follow(const Count::Params& params, rpc::Sink<Count::Item> sink) {
        for (std::uint32_t i = 1; i <= params.at_once; ++i) sink.push({i, {}});
        auto kept = std::make_shared<rpc::Sink<Count::Item>>(std::move(sink));
        const std::scoped_lock lock{mutex_};
        sinks_.push_back(kept);
        return kept;
    }

    void everybody(const Count::Item& item) {
        const std::scoped_lock lock{mutex_};
        for (const auto& weak : sinks_)
            if (const auto sink = weak.lock()) sink->push(item);
    }
    void finish_all() {
        const std::scoped_lock lock{mutex_};
        for (const auto& weak : sinks_)
            if (const auto sink = weak.lock()) sink->finish();
    }
    /// Subscriptions whose client still wants them.
    std::size_t open() {
        const std::scoped_lock lock{mutex_};
        std::erase_if(sinks_, [](const auto& weak) { return weak.expired(); });
        return sinks_.size();
    }

private:
    std::mutex mutex_;  // guards sinks_: sessions live on the server's threads
    std::vector<std::weak_ptr<rpc::Sink<Count::Item>>> sinks_;
};

/// Keeps what would go to a client.
class RecordingOutlet : public rpc::Outlet {
public:
    std::vector<std::string> sent;
    void send(std::string text) override { sent.push_back(std::move(text)); }
};

}  // namespace test
