#include "rpc/worker_server/session.hpp"

#include "server_world.hpp"
#include "tests/support/line/line.hpp"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <numeric>
#include <thread>

namespace proto = tephra::node::v1;

namespace {

constexpr KeepAlive impatient{.silence_ms = 200, .answer_ms = 200};

/// A worker that reads when the test says so, with so small a window that its node soon feels when it does not.
class SlowWorker {
public:
    static constexpr int window_bytes = 4'096;

    explicit SlowWorker(const Machine& machine) : machine_(machine) {
        grpc::ChannelArguments arguments;
        arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, window_bytes);
        arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
        const auto credentials = pinned_channel(machine.node.identity.key(), &machine.tls);
        stub_ = proto::Node::NewStub(grpc::CreateCustomChannel(line_.address(), credentials, arguments));
        stream_ = stub_->Follow(&context_);
        proto::Up hello;
        const auto account = machine.key.account().value;
        hello.mutable_hello()->set_machine(std::string{account.begin(), account.end()});
        REQUIRE(stream_->Write(hello));
        REQUIRE(read().has_welcome());
    }
    ~SlowWorker() { context_.TryCancel(); }
    SlowWorker(const SlowWorker&) = delete;
    SlowWorker& operator=(const SlowWorker&) = delete;

    proto::Down read() {
        proto::Down message;
        REQUIRE(stream_->Read(&message));
        return message;
    }
    proto::Finalized read_block() {
        for (;;)
            if (auto message = read(); message.has_finalized()) return message.finalized();
    }
    /// Hands in what is no extrinsic. Waits while the node does not take it.
    bool submit(std::uint64_t id, std::size_t bytes) {
        proto::Up message;
        message.mutable_submit()->set_id(id);
        message.mutable_submit()->set_extrinsic(std::string(bytes, 'x'));
        return stream_->Write(message);
    }
    /// Returns once nothing comes down any more, though nobody has closed the line.
    void wait_for_standstill() const {
        for (std::uint64_t before = line_.bytes_down() + 1; line_.bytes_down() != before;) {
            before = line_.bytes_down();
            std::this_thread::sleep_for(std::chrono::milliseconds{300});
        }
    }

private:
    const Machine& machine_;
    tests::Line line_{machine_.node.server.port()};
    grpc::ClientContext context_;
    std::unique_ptr<proto::Node::Stub> stub_;
    std::unique_ptr<grpc::ClientReaderWriter<proto::Up, proto::Down>> stream_;
};

}  // namespace

TEST_CASE(
    "a worker that hands in and reads no answer is held up, costs its node a bounded queue, and loses no answer") {
    constexpr std::uint64_t all = 1'000;
    Node node;
    const Machine machine{node};
    SlowWorker worker{machine};
    std::atomic<std::uint64_t> written = 0;
    std::thread writer{[&] {
        while (written < all && worker.submit(written, 1'000)) ++written;
    }};
    while (node.server.load().answers_waiting < submits_in_flight_max && written < all)
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    worker.wait_for_standstill();
    const auto held_at = written.load();
    const auto load = node.server.load();
    std::vector<std::uint64_t> answered;
    while (answered.size() < all)
        if (const auto message = worker.read(); message.has_submitted()) answered.push_back(message.submitted().id());
    writer.join();
    CHECK(load.answers_waiting == submits_in_flight_max);
    // The node's queue, its window of 64 KiB, and what its worker's window took of answers.
    CHECK(held_at < submits_in_flight_max + worker_window_bytes / 1'000 + SlowWorker::window_bytes / 30);
    std::vector<std::uint64_t> in_order(all);
    std::iota(in_order.begin(), in_order.end(), 0);
    CHECK(answered == in_order);
}

TEST_CASE("blocks wait in the chain, not in memory, for a worker that does not read, and it misses none") {
    constexpr std::uint32_t blocks = 200;
    Node node;
    const Machine machine{node};
    SlowWorker worker{machine};
    const auto first = worker.read_block();
    for (std::uint32_t i = 0; i < blocks; ++i) node.make_block();
    worker.wait_for_standstill();
    CHECK(node.server.load().blocks_behind_most > blocks / 2);
    for (std::uint32_t i = 1; i <= blocks; ++i) {
        const auto block = worker.read_block();
        REQUIRE(block.number() == first.number() + i);
        REQUIRE_FALSE(block.snapshot());
    }
    CHECK(node.server.load().blocks_behind_most == 0);
}

TEST_CASE("a worker that slept too long is told of the newest block with a snapshot, and follows from there") {
    Node node{20};
    const Machine machine{node};
    SlowWorker worker{machine};
    auto last = worker.read_block();
    for (int i = 0; i < 200; ++i) node.make_block();
    worker.wait_for_standstill();
    const auto newest = node.ledger.finalized().number;
    int skips = 0;
    while (last.number() < newest) {
        const auto block = worker.read_block();
        const bool skipped = block.number() != last.number() + 1;
        REQUIRE(block.snapshot() == skipped);
        if (skipped) CHECK(block.number() == newest);
        skips += skipped ? 1 : 0;
        last = block;
    }
    CHECK(skips == 1);
    node.make_block();
    const auto after = worker.read_block();
    CHECK(after.number() == newest + 1);
    CHECK_FALSE(after.snapshot());
}

TEST_CASE("a worker that fell behind and whose line then broke resumes at the block that it names") {
    Node node;
    const Machine machine{node};
    std::uint32_t last = 0;
    {
        SlowWorker worker{machine};
        for (int i = 0; i < 100; ++i) node.make_block();
        for (int i = 0; i < 10; ++i) last = worker.read_block().number();
    }
    auto line = machine.line(last + 1);
    for (auto number = last + 1; number <= node.ledger.finalized().number; ++number)
        CHECK(next<Finalized>(line).number == number);
}

TEST_CASE("a line that died without a word is noticed at both its ends, and its worker comes back by another") {
    Node node{256, impatient};
    const Machine machine{node};
    tests::Line cable{node.server.port()};
    const NodeAddress by_cable{.endpoint = cable.address(), .key = node.identity.key()};
    NodeLine line{by_cable, machine.tls, {.machine = machine.key.account().value}, impatient};
    const auto seen = next<Finalized>(line).number;
    REQUIRE(node.server.load().streams == 1);
    cable.die();
    CHECK(end_of(line) == LineEnd::Lost);
    while (node.server.load().streams > 0) std::this_thread::sleep_for(std::chrono::milliseconds{5});
    node.make_block();
    NodeLine again{by_cable, machine.tls, {.machine = machine.key.account().value, .from_number = seen + 1}, impatient};
    CHECK(next<Finalized>(again).number == seen + 1);
}

TEST_CASE("a silent line whose ends answer each other's pings stays open") {
    Node node{256, impatient};
    const Machine machine{node};
    NodeLine line{node.address(), machine.tls, {.machine = machine.key.account().value}, impatient};
    const auto seen = next<Finalized>(line).number;
    std::this_thread::sleep_for(std::chrono::milliseconds{1'500});
    node.make_block();
    CHECK(next<Finalized>(line).number == seen + 1);
}
