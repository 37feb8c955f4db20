#pragma once
// Signed transfers, in the order in which one node gets them: its senders take turns, each with its next nonce.

#include "chain/block/extrinsic.hpp"

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace load {

/// A signed extrinsic with its length prefix.
struct Transfer {
    std::array<std::uint8_t, 150> bytes{};
    std::uint8_t size = 0;
    /// The first eight bytes of the extrinsic's hash.
    std::uint64_t id = 0;
    chain::ByteView view() const { return {bytes.data(), size}; }
};

/// The first eight bytes of a hash, as a number.
std::uint64_t short_id(const chain::Hash& hash);

struct Sender {
    crypto::SecretKey key;
    crypto::AccountId account;
    std::uint32_t nonce = 0;
};

/// Whom the i-th transfer goes to.
using Recipient = std::function<crypto::AccountId(std::uint64_t i)>;

/// Signs on a thread of its own, at most so many ahead of who takes them.
class Transfers {
public:
    Transfers(std::vector<Sender> senders, chain::SigningContext context, Recipient recipient);
    ~Transfers();
    Transfers(const Transfers&) = delete;
    Transfers& operator=(const Transfers&) = delete;

    /// Signs so many at once, on the caller's thread. Before `start`.
    void sign_before(std::size_t count);
    /// The thread begins.
    void start();
    /// Up to `count` of the next ones; fewer than wanted, or none, where signing does not keep up.
    std::vector<Transfer> take(std::size_t count);

private:
    static constexpr std::size_t ahead_max = 1'000;
    Transfer next();
    void run();

    std::vector<Sender> senders_;
    chain::SigningContext context_;
    Recipient recipient_;
    std::uint64_t made_ = 0;
    // Guards the two below.
    std::mutex mutex_;
    std::deque<Transfer> ready_;
    bool is_stopping_ = false;
    std::condition_variable taken_;
    std::thread thread_;
};

}  // namespace load
