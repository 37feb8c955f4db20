#include "chain/state/pending_hashes.hpp"

#include "chain/state/branch_record.hpp"

#include <catch2/catch.hpp>

#include <deque>

using namespace chain;
using state::PendingHashes;

TEST_CASE("a hash inside a message is there before the message is hashed") {
    // Chains of messages: each holds the hash of the one below it, many more than fit into one batch.
    constexpr std::size_t chains = 300;
    constexpr std::size_t long_chain = 5;
    PendingHashes pending;
    std::deque<Bytes> messages;
    std::vector<Hash> tops(chains);
    for (std::size_t i = 0; i < chains; ++i) {
        const std::size_t length = 1 + i % long_chain;
        for (std::size_t height = 0; height < length; ++height) {
            messages.emplace_back(100 + i, static_cast<std::uint8_t>(i));
            if (height > 0) {
                const Bytes& below = messages[messages.size() - 2];
                pending.add(height - 1, below, messages.back().data() + 40);
            }
        }
        pending.add(length - 1, messages.back(), tops[i].value.data());
    }
    pending.pay();
    for (std::size_t i = 0; i < chains; ++i) {
        Bytes message(100 + i, static_cast<std::uint8_t>(i));
        for (std::size_t height = 0; height < i % long_chain; ++height)
            std::ranges::copy(crypto::blake2b_256(message).value, message.begin() + 40);
        CAPTURE(i);
        REQUIRE(tops[i] == crypto::blake2b_256(message));
    }
}

TEST_CASE("leaves are owed with the hashes of their values") {
    PendingHashes pending;
    std::vector<Bytes> values;
    for (std::size_t size = 0; size < 400; ++size) values.emplace_back(size, static_cast<std::uint8_t>(size));
    const Bytes path(60, 7);
    std::vector<Hash> hashes(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) pending.add_leaf(path, values[i], hashes[i].value.data());
    pending.pay();
    for (std::size_t i = 0; i < values.size(); ++i)
        REQUIRE(hashes[i] == crypto::blake2b_256(state::encode_leaf(path, 0, values[i])));
}

TEST_CASE("whether a leaf is named by its hash is told from its parts") {
    for (std::size_t nibbles = 0; nibbles < 140; ++nibbles)
        for (std::size_t size = 0; size < 70; ++size) {
            const Bytes path(nibbles, 1);
            const Bytes value(size, 2);
            CAPTURE(nibbles, size);
            REQUIRE(state::is_hashed_leaf(path, value) == (state::encode_leaf(path, 0, value).size() >= 32));
        }
}
