// Two nodes on loopback over TLS: how long a vote is on its way, alone and while blocks flow on the same connection,
// and how much goes through. The work is done on the networks' own threads, so wall time is what counts here.

#include "chain/network/network.hpp"

#include "chain/base/check.hpp"
#include "tests/bench/bench.hpp"

#include <atomic>
#include <thread>

namespace {

using network::Channel;

constexpr std::size_t vote_bytes = 170;
constexpr std::size_t block_bytes = 1 << 20;

network::Payload payload(std::size_t size) { return std::make_shared<const network::Bytes>(size, std::uint8_t{7}); }

network::NetworkConfig config(std::uint8_t n, const std::vector<crypto::Ed25519Public>& validators) {
    network::NetworkConfig out;
    out.identity[0] = n;
    out.listen = "127.0.0.1:0";
    out.is_discovering = false;
    crypto::Ed25519Key::Seed seed{};
    seed[0] = n;
    out.validator = network::ValidatorIdentity{
        validators[n], [seed](chain::ByteView bytes) { return crypto::Ed25519Key::from_seed(seed).sign(bytes); }};
    return out;
}

/// `there` answers every vote with a vote.
class Pair {
public:
    Pair() {
        for (network::Network* one : {&here_, &there_}) {
            chain::check(one->start().has_value());
            one->set_validators(validators_);
        }
        here_.add_reserved({there_.id(), "127.0.0.1", there_.port()});
        while (here_.peers().empty() || there_.peers().empty()) std::this_thread::yield();
    }

    void exchange_votes(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t before = votes_;
            send(Channel::Consensus, vote_);
            votes_.wait(before);
        }
    }

    void stream(Channel channel, const network::Payload& message, std::size_t count) {
        const std::size_t end = arrived_ + count;
        for (std::size_t i = 0; i < count; ++i) {
            // No more under way than queues hold.
            while (end - count + i > arrived_ + window_) std::this_thread::yield();
            send(channel, message);
        }
        while (arrived_ < end) std::this_thread::yield();
    }

    void send(Channel channel, const network::Payload& message) {
        chain::check(here_.send(there_.id(), channel, message) == network::Sent::Queued);
    }

    const network::Payload vote_ = payload(vote_bytes);
    const network::Payload block_ = payload(block_bytes);
    std::atomic<std::size_t> arrived_ = 0;

private:
    static constexpr std::size_t window_ = 16;

    static crypto::Ed25519Public key(std::uint8_t n) {
        crypto::Ed25519Key::Seed seed{};
        seed[0] = n;
        return crypto::Ed25519Key::from_seed(seed).public_key();
    }

    const std::vector<crypto::Ed25519Public> validators_{key(0), key(1)};
    std::atomic<std::size_t> votes_ = 0;
    network::Network here_{config(0, validators_), {.message = [this](const network::PeerId&, Channel, network::Bytes) {
                               ++votes_;
                               votes_.notify_one();
                           }}};
    network::Network there_{config(1, validators_),
                            {.message = [this](const network::PeerId& from, Channel channel, network::Bytes) {
                                if (channel == Channel::Consensus) there_.send(from, channel, vote_);
                                else ++arrived_;
                            }}};
};

void network_cases(bench::Recorder& recorder) {
    Pair pair;
    // Below what a validator's allowance delays: 2,048 messages a second and 4,096 at once.
    const std::size_t votes = recorder.smoke() ? 10 : 200;
    recorder.time(
        {.name = "network/vote_and_answer", .operation = "round trip", .operations = votes}, [] {},
        [&] { pair.exchange_votes(votes); });
    std::atomic<bool> is_over = false;
    std::thread blocks{[&] {
        while (!is_over) pair.stream(Channel::Proposal, pair.block_, 1);
    }};
    recorder.time(
        {.name = "network/vote_and_answer/beside=1MB", .operation = "round trip", .operations = votes}, [] {},
        [&] { pair.exchange_votes(votes); });
    is_over = true;
    blocks.join();
    const std::size_t streamed = recorder.smoke() ? 2 : 50;
    recorder.time(
        {.name = "network/block/n=1MB", .operation = "block", .operations = streamed}, [] {},
        [&] { pair.stream(Channel::Proposal, pair.block_, streamed); });
}

const bench::Group group{"network", network_cases};

}  // namespace
