#include "gpu-worker/door/guard.hpp"

#include "door_world.hpp"

using namespace worker;

namespace {

constexpr std::uint64_t now = 1'700'000'000'000;

struct World {
    tests::TempFolder folder;
    crypto::SecretKey renter = crypto::SecretKey::generate();
    crypto::SecretKey stranger = crypto::SecretKey::generate();
    Guard guard{genesis, machine, NonceBook::open(folder / "nonces", now).value()};

    Result<void, GuardRefusal> admit(const DoorRequest& request, std::uint64_t at = now) {
        return guard.admit(request, renter.account(), at);
    }
    DoorRequest request(std::uint64_t nonce = 1) const { return sign(renter, "Stop", {1, 2}, nonce, now + 30'000); }
};

bool refused(const Result<void, GuardRefusal>& result, GuardRefusal why) { return !result && result.error() == why; }

}  // namespace

TEST_CASE("the renter's own request passes, once") {
    World world;
    CHECK(world.admit(world.request()));
    CHECK(refused(world.admit(world.request()), GuardRefusal::Replayed));
    CHECK(world.admit(world.request(2)));
}

TEST_CASE("a replay is refused after a restart of the worker, too") {
    World world;
    CHECK(world.admit(world.request()));
    Guard again{genesis, machine, NonceBook::open(world.folder / "nonces", now).value()};
    CHECK(refused(again.admit(world.request(), world.renter.account(), now), GuardRefusal::Replayed));
    CHECK(again.admit(world.request(2), world.renter.account(), now));
}

TEST_CASE("each signed part counts: a request changed in one of them is nobody's") {
    World world;
    auto request = world.request();
    SECTION("method") { request.method = "Start"; }
    SECTION("body") { request.body.push_back(0); }
    SECTION("nonce") { request.nonce += 1; }
    SECTION("expiry") { request.expiry_ms += 1; }
    SECTION("lease") { request.lease.value += 1; }
    CHECK_FALSE(world.admit(request));
}

TEST_CASE("a request for another machine or chain does not pass here") {
    World world;
    const auto request = world.request();
    crypto::AccountId other_machine = machine;
    other_machine.value[0] ^= 1;
    chain::Hash other_chain = genesis;
    other_chain.value[0] ^= 1;
    Guard elsewhere{genesis, other_machine, NonceBook::open(world.folder / "a", now).value()};
    Guard fork{other_chain, machine, NonceBook::open(world.folder / "b", now).value()};
    CHECK_FALSE(elsewhere.admit(request, world.renter.account(), now));
    CHECK_FALSE(fork.admit(request, world.renter.account(), now));
}

TEST_CASE("a stranger's signature is refused and spends none of the renter's nonces") {
    World world;
    CHECK(refused(world.admit(sign(world.stranger, "Stop", {1, 2}, 1, now + 30'000)), GuardRefusal::NotTheRenter));
    CHECK(world.admit(world.request(1)));
}

TEST_CASE("expiry: over is over, and more than a minute ahead is too far") {
    World world;
    CHECK(refused(world.admit(sign(world.renter, "Stop", {}, 1, now)), GuardRefusal::Expired));
    CHECK(refused(world.admit(sign(world.renter, "Stop", {}, 1, now + 60'001)), GuardRefusal::ExpiryTooFar));
    CHECK(world.admit(sign(world.renter, "Stop", {}, 1, now + 60'000)));
}

TEST_CASE("the high-s twin of a signature is no second request") {
    World world;
    auto request = world.request();
    request.signature.value.fill(0xff);
    CHECK(refused(world.admit(request), GuardRefusal::BadSignature));
}
