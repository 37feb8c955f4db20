#include "consensus/engine/worker.hpp"

#include <catch2/catch.hpp>

#include <future>

using consensus::Worker;

TEST_CASE("one thread does its jobs in order") {
    std::vector<int> done;
    std::promise<void> last;
    Worker worker{1};
    for (int i = 0; i < 100; ++i) worker.add([&, i] { done.push_back(i); });
    worker.add([&] { last.set_value(); });
    last.get_future().wait();
    REQUIRE(done.size() == 100);
    CHECK(std::ranges::is_sorted(done));
    CHECK(worker.waiting() == 0);
}

TEST_CASE("a worker that goes finishes the job at hand and drops the rest") {
    std::promise<void> begun;
    std::promise<void> may_end;
    bool second = false;
    auto worker = std::make_unique<Worker>(1);
    worker->add([&] {
        begun.set_value();
        may_end.get_future().wait();
    });
    worker->add([&] { second = true; });
    begun.get_future().wait();
    CHECK(worker->waiting() == 1);
    std::thread ends{[&] { worker.reset(); }};
    // The destructor has set its mark, or sets it while the job still waits: either way the second job is not begun
    // before, because the only thread is busy; wait until the mark is there.
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    may_end.set_value();
    ends.join();
    CHECK_FALSE(second);
}
