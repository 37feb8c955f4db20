#include "consensus/engine/solo.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>

using namespace consensus;

namespace {

const Hash genesis{{1}};

crypto::Ed25519Key key() { return crypto::Ed25519Key::from_seed({9}); }

votes::ValidatorTable table() { return votes::ValidatorTable{{{key().public_key(), 1}}}; }

/// A chain of hashes. `disk` survives the application, as a store survives a process.
struct Disk {
    std::vector<Tip> blocks{{.hash = genesis}};
    std::vector<votes::Certificate> certificates;
    bool is_full = false;
};

class Chain : public SoloApplication {
public:
    explicit Chain(Disk& disk) : disk_(disk) {}

    Tip finalized() const override {
        const std::lock_guard lock{mutex_};
        return disk_.blocks.back();
    }
    bool has_work() const override { return work; }
    Result<Hash> propose(const Tip& parent, const Position& position) override {
        const std::lock_guard lock{mutex_};
        ++proposals;
        if (cannot_build) return chain::fault("no block");
        const Hash hash{{static_cast<std::uint8_t>(position.view), static_cast<std::uint8_t>(proposals)}};
        proposed_[hash] = {hash, parent.number + 1, position.epoch, position.view};
        positions.push_back(position);
        return hash;
    }
    Result<Hash> verify(const Tip&, const Position&, const Bytes&) override { return chain::fault("alone"); }
    Result<void> finalize(const Hash& block, const Bytes& certificate) override {
        const std::lock_guard lock{mutex_};
        if (disk_.is_full) return chain::fault("the disk is full");
        disk_.blocks.push_back(proposed_.at(block));
        disk_.certificates.push_back(scale::decode<votes::Certificate>(certificate).value());
        grown_.notify_all();
        return {};
    }

    void wait_for(std::size_t blocks) {
        std::unique_lock lock{mutex_};
        grown_.wait(lock, [&] { return disk_.blocks.size() >= blocks; });
    }

    std::atomic<bool> work = false;
    bool cannot_build = false;
    int proposals = 0;
    std::vector<Position> positions;

private:
    Disk& disk_;
    mutable std::mutex mutex_;
    std::condition_variable grown_;
    std::map<Hash, Tip> proposed_;
};

}  // namespace

TEST_CASE("each block follows the last one by one view and carries a certificate that convinces others") {
    Disk disk;
    Chain chain{disk};
    SoloEngine engine{chain, genesis, table(), key()};
    REQUIRE(engine.step());
    REQUIRE(engine.step());
    CHECK(chain.positions == std::vector<Position>{{.view = 1}, {.view = 2, .parent_view = 1}});
    for (const auto& certificate : disk.certificates) CHECK(votes::verify(certificate, genesis, table()));
    CHECK(disk.certificates[1].statement == votes::Statement{votes::Kind::Finalize, 0, 2, 1, disk.blocks.back().hash});
}

TEST_CASE("a crash between signature and disk never leaves two final blocks for one view") {
    Disk disk;
    for (int life = 0; life < 10; ++life) {
        Chain chain{disk};
        SoloEngine engine{chain, genesis, table(), key()};
        REQUIRE(engine.step());
        disk.is_full = true;  // the process dies here: signed, not stored
        CHECK_FALSE(engine.step());
        disk.is_full = false;
    }
    std::map<std::uint64_t, Hash> seen;
    for (const auto& certificate : disk.certificates)
        CHECK(seen.emplace(certificate.statement.view, certificate.statement.block).second);
    CHECK(seen.size() == 10);
}

TEST_CASE("the thread makes a block at once, empty ones at the longest interval, and stops when told") {
    Disk disk;
    Chain chain{disk};
    SoloEngine engine{chain, genesis, table(), key(), {.interval_ms_min = 1, .interval_ms_max = 2}};
    engine.start([](const Fault&) { FAIL("no fault here"); });
    chain.wait_for(4);
    engine.stop();
    const auto blocks = disk.blocks.size();
    engine.wake();
    CHECK(disk.blocks.size() == blocks);
}

TEST_CASE("work wakes the engine out of a long sleep") {
    Disk disk;
    Chain chain{disk};
    SoloEngine engine{chain, genesis, table(), key(), {.interval_ms_min = 1, .interval_ms_max = 1'000'000'000}};
    engine.start([](const Fault&) {});
    chain.wait_for(2);  // the one that a start makes
    chain.work = true;
    engine.wake();
    chain.wait_for(3);
    engine.stop();
    CHECK(disk.blocks.size() >= 3);
}

TEST_CASE("a failing disk stops the engine and is reported once") {
    Disk disk;
    disk.is_full = true;
    Chain chain{disk};
    SoloEngine engine{chain, genesis, table(), key(), {.interval_ms_min = 1, .interval_ms_max = 1}};
    std::mutex mutex;
    std::condition_variable told;
    std::vector<std::string> faults;
    engine.start([&](const Fault& fault) {
        const std::lock_guard lock{mutex};
        faults.push_back(fault.text);
        told.notify_all();
    });
    {
        std::unique_lock lock{mutex};
        told.wait(lock, [&] { return !faults.empty(); });
    }
    engine.stop();
    CHECK(faults == std::vector<std::string>{"the disk is full"});
    CHECK(chain.proposals == 1);
}
