#include "chain/ledger/notifier.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <mutex>

using namespace ledger;

namespace {
const Topic work{.kind = Topic::Kind::Work};
Topic transaction(std::uint8_t i) { return {Topic::Kind::Transaction, Hash{{i}}}; }
}  // namespace

TEST_CASE("each topic reaches its own subscribers, in order, the current event first") {
    Notifier notifier;
    std::vector<TransactionStatus> heard;
    const auto one = notifier.subscribe(
        transaction(1), [&](const Event& e) { heard.push_back(std::get<TransactionStatus>(e)); },
        Event{TransactionStatus{pool::Ready{}}});
    notifier.publish(transaction(2), TransactionStatus{pool::Dropped{}});
    notifier.publish(transaction(1), TransactionStatus{pool::InBlock{}});
    notifier.publish(transaction(1), TransactionStatus{pool::Finalized{}});
    notifier.close(transaction(1));
    notifier.publish(transaction(1), TransactionStatus{pool::Invalid{}});
    notifier.deliver_all();
    CHECK(notifier.waiting() == 0);
    CHECK(heard == std::vector<TransactionStatus>{pool::Ready{}, pool::InBlock{}, pool::Finalized{}});
}

TEST_CASE("all work is told, in order, and what comes in a row is told together") {
    Notifier notifier;
    std::vector<std::uint8_t> heard;
    std::size_t events = 0;
    const auto listener = notifier.subscribe(work, [&](const Event& event) {
        ++events;
        for (const Hash& hash : *std::get<WorkArrived>(event).transactions) heard.push_back(hash.value[0]);
    });
    std::vector<std::uint8_t> told;
    for (std::uint8_t i = 0; i < 200; ++i) {
        notifier.publish_work(Hash{{i}});
        told.push_back(i);
    }
    notifier.deliver_all();
    CHECK(heard == told);
    CHECK(events < told.size());
}

TEST_CASE("work that nobody listened for is not told later") {
    Notifier notifier;
    notifier.publish_work(Hash{{1}});
    std::vector<std::uint8_t> heard;
    const auto listener = notifier.subscribe(work, [&](const Event& event) {
        for (const Hash& hash : *std::get<WorkArrived>(event).transactions) heard.push_back(hash.value[0]);
    });
    notifier.publish_work(Hash{{2}});
    notifier.deliver_all();
    CHECK(heard == std::vector<std::uint8_t>{2});
}

TEST_CASE("ending a subscription waits for its running callback") {
    Notifier notifier;
    std::mutex mutex;
    std::condition_variable changed;
    bool is_inside = false;
    bool may_leave = false;
    bool has_left = false;
    auto subscription = notifier.subscribe(work, [&](const Event&) {
        std::unique_lock lock{mutex};
        is_inside = true;
        changed.notify_all();
        changed.wait(lock, [&] { return may_leave; });
        has_left = true;
    });
    notifier.publish_work(Hash{});
    std::thread releaser{[&] {
        std::unique_lock lock{mutex};
        changed.wait(lock, [&] { return is_inside; });
        may_leave = true;
        changed.notify_all();
    }};
    {
        std::unique_lock lock{mutex};
        changed.wait(lock, [&] { return is_inside; });
    }
    subscription.reset();
    CHECK(has_left);
    releaser.join();
}

TEST_CASE("a callback may end its own subscription, and a subscription may outlive the notifier") {
    Subscription late;
    {
        Notifier notifier;
        int calls = 0;
        Subscription self;
        self = notifier.subscribe(work, [&](const Event&) {
            ++calls;
            self.reset();
        });
        late = notifier.subscribe(work, [](const Event&) {});
        notifier.publish_work(Hash{});
        notifier.deliver_all();
        notifier.publish_work(Hash{});
        notifier.deliver_all();
        CHECK(calls == 1);
    }
    late.reset();
}
