#include "gpu-worker/link/link.hpp"

#include "tests/support/line/line.hpp"

#include <catch2/catch.hpp>
#include <grpcpp/grpcpp.h>
#include <rpc/worker_api/node.grpc.pb.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

using namespace worker;
using namespace rpc::worker_api;
namespace proto = tephra::node::v1;

namespace {

/// A node that speaks by script: each new line gets Welcome and the blocks of `story` from the number that the worker
/// asks for.
class ScriptedNode final : public proto::Node::Service {
public:
    ScriptedNode() { start(0); }
    ~ScriptedNode() override { stop(); }

    /// A restart of the node: same port, same key, every line broken.
    void restart() {
        const int same = port;
        stop();
        start(same);
    }

    NodeAddress address() const { return {.endpoint = "127.0.0.1:" + std::to_string(port), .key = identity.key()}; }
    std::uint16_t listens_on() const { return static_cast<std::uint16_t>(port); }

    template <class Predicate>
    void wait(Predicate predicate) {
        std::unique_lock lock{mutex};
        changed.wait(lock, predicate);
    }

    Identity identity = Identity::generate().value();
    std::mutex mutex;
    std::condition_variable changed;
    std::uint32_t blocks = 3;               // finalized so far
    std::vector<std::uint32_t> asked_from;  // one a line
    std::vector<std::string> submitted;
    bool refuse_unregistered = false;

private:
    grpc::Status Follow(grpc::ServerContext*, grpc::ServerReaderWriter<proto::Down, proto::Up>* stream) override {
        proto::Up up;
        if (!stream->Read(&up)) return grpc::Status::OK;
        std::uint32_t last = 0;  // this line's last block: what comes later is for the next line
        {
            const std::scoped_lock lock{mutex};
            last = blocks;
            asked_from.push_back(up.hello().from_number());
            changed.notify_all();
            if (refuse_unregistered) return {grpc::StatusCode::NOT_FOUND, "no such machine"};
        }
        proto::Down down;
        down.mutable_welcome()->set_genesis_hash(std::string(32, 'g'));
        stream->Write(down);
        for (std::uint32_t number = std::max(up.hello().from_number(), 1U); number <= last; ++number) {
            proto::Down block;
            block.mutable_finalized()->set_number(number);
            block.mutable_finalized()->set_hash(std::string(32, static_cast<char>(number)));
            block.mutable_finalized()->set_snapshot(up.hello().from_number() == 0);
            stream->Write(block);
        }
        while (stream->Read(&up)) {
            if (!up.has_submit()) continue;
            proto::Down answer;
            answer.mutable_submitted()->set_id(up.submit().id());
            answer.mutable_submitted()->set_extrinsic_hash(std::string(32, 'x'));
            answer.mutable_submitted()->set_next_nonce(1);
            stream->Write(answer);
            const std::scoped_lock lock{mutex};
            submitted.push_back(up.submit().extrinsic());
            changed.notify_all();
        }
        return grpc::Status::OK;
    }

    void start(int at) {
        grpc::ServerBuilder builder;
        builder.AddListeningPort("127.0.0.1:" + std::to_string(at), server_credentials(identity, ClientKey::Required),
                                 &port);
        builder.RegisterService(this);
        server = builder.BuildAndStart();
        REQUIRE(server);
    }
    void stop() {
        server->Shutdown(std::chrono::system_clock::now());
        server.reset();
    }

    int port = 0;
    std::unique_ptr<grpc::Server> server;
};

struct Worker {
    ScriptedNode& node;
    Identity identity = Identity::generate().value();
    std::mutex mutex;
    std::vector<std::uint32_t> seen;
    std::vector<std::string> lines;
    std::unique_ptr<Link> link;

    Worker(ScriptedNode& n, NodeAddress address, const KeepAlive& keep_alive = {}) : node(n) {
        LinkHandler handler{.on_block = [this](const BlockNews& news) { add(seen, news.number); },
                            .on_settled = [](const Settled&) {},
                            .on_line = [this](const std::string& text) { add(lines, text); }};
        link = std::make_unique<Link>(LinkConfig{.node = std::move(address),
                                                 .keep_alive = keep_alive,
                                                 .reconnect_first_ms = 20,
                                                 .reconnect_most_ms = 50},
                                      identity, crypto::SecretKey::generate(), std::move(handler));
        link->start();
    }
    ~Worker() { link->stop(); }

    template <class T>
    void add(std::vector<T>& to, const T& value) {
        const std::scoped_lock lock{node.mutex};
        to.push_back(value);
        node.changed.notify_all();
    }
};

}  // namespace

TEST_CASE("blocks arrive in order, and after a restart of the node the worker resumes where it stopped") {
    ScriptedNode node;
    Worker worker{node, node.address()};
    node.wait([&] { return worker.seen.size() == 3; });
    {
        const std::scoped_lock lock{node.mutex};
        node.blocks = 5;
    }
    node.restart();
    node.wait([&] { return worker.seen.size() == 5; });
    CHECK(worker.seen == std::vector<std::uint32_t>{1, 2, 3, 4, 5});
    CHECK(node.asked_from.front() == 0);
    CHECK(node.asked_from[1] == 4);
}

TEST_CASE("a line that died without a word is left for a new one, which goes on where it stopped") {
    ScriptedNode node;
    tests::Line cable{node.listens_on()};
    const NodeAddress by_cable{.endpoint = cable.address(), .key = node.identity.key()};
    Worker worker{node, by_cable, {.silence_ms = 200, .answer_ms = 200}};
    node.wait([&] { return worker.seen.size() == 3; });
    {
        const std::scoped_lock lock{node.mutex};
        node.blocks = 5;
    }
    cable.die();
    node.wait([&] { return worker.seen.size() == 5; });
    CHECK(worker.seen == std::vector<std::uint32_t>{1, 2, 3, 4, 5});
    CHECK(node.asked_from == std::vector<std::uint32_t>{0, 4});
}

TEST_CASE("a call that is wanted before the line is up goes out once it is") {
    ScriptedNode node;
    Worker worker{node, node.address()};
    worker.link->want("beat", {10, 4});
    worker.link->want("beat", {10, 4});
    node.wait([&] { return node.submitted.size() == 1; });
    CHECK(chain::decode_extrinsic(chain::to_bytes(node.submitted[0])).value().call == chain::Bytes{10, 4});
}

TEST_CASE("a node with another key than the pinned one is told apart and gets nothing") {
    ScriptedNode node;
    NodeAddress wrong = node.address();
    wrong.key = Identity::generate().value().key();
    Worker worker{node, wrong};
    node.wait([&] { return !worker.lines.empty(); });
    CHECK(worker.lines.front().find("pinned is " + to_hex(wrong.key)) != std::string::npos);
    CHECK(node.asked_from.empty());
}

TEST_CASE("an unregistered machine keeps asking until it is registered") {
    ScriptedNode node;
    node.refuse_unregistered = true;
    Worker worker{node, node.address()};
    node.wait([&] { return node.asked_from.size() >= 2; });
    {
        const std::scoped_lock lock{node.mutex};
        node.refuse_unregistered = false;
    }
    node.wait([&] { return worker.seen.size() == 3; });
    CHECK(worker.lines.front().find("no such machine") != std::string::npos);
}

TEST_CASE("a link stops at once while it waits for a node that does not answer") {
    ScriptedNode node;
    NodeAddress nowhere = node.address();
    nowhere.endpoint = "127.0.0.1:1";
    const Worker worker{node, nowhere};
    node.wait([&] { return !worker.lines.empty(); });
}
