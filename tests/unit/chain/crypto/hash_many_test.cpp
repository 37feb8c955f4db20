#include "chain/crypto/hash_many.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace chain;
using crypto::HashJob;
using crypto::Lanes;

namespace {

/// Bytes of a length; the number makes them differ from others of that length.
Bytes message(std::size_t size, std::size_t number = 0) {
    Bytes out(size);
    for (std::size_t i = 0; i < size; ++i)
        out[i] = static_cast<std::uint8_t>(size * 31 + number * 113 + i * 7 + i / 128);
    return out;
}

std::vector<Lanes> possible() {
    std::vector<Lanes> lanes;
    for (const Lanes some : {Lanes::One, Lanes::Four, Lanes::Eight})
        if (crypto::has_lanes(some)) lanes.push_back(some);
    return lanes;
}

/// Each message lies alone in its own memory, so that a sanitizer sees a byte read beside it.
void require_equal_hashes(const std::vector<Bytes>& messages, Lanes lanes) {
    std::vector<Hash> hashes(messages.size());
    std::vector<HashJob> jobs;
    for (std::size_t i = 0; i < messages.size(); ++i) jobs.push_back({messages[i], hashes[i].value.data()});
    crypto::blake2b_256(jobs, lanes);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        CAPTURE(messages[i].size(), i, static_cast<int>(lanes));
        REQUIRE(hashes[i] == crypto::blake2b_256(messages[i]));
    }
}

}  // namespace

TEST_CASE("hashes side by side equal those one by one at every length") {
    for (const Lanes lanes : possible()) {
        for (std::size_t size = 0; size <= 400; ++size) {
            std::vector<Bytes> messages;
            for (std::size_t number = 0; number < 8; ++number) messages.push_back(message(size, number));
            require_equal_hashes(messages, lanes);
        }
    }
}

TEST_CASE("messages of different lengths share a group, and a group may be part full") {
    for (const Lanes lanes : possible()) {
        std::vector<Bytes> messages;
        for (std::size_t count = 0; count <= 40; ++count) {
            require_equal_hashes(messages, lanes);
            messages.push_back(message(count * 97 % 1'300));
        }
    }
}

TEST_CASE("a thousand messages of all lengths, as many as one portion and more") {
    for (const Lanes lanes : possible()) {
        for (const std::size_t count : {255U, 256U, 257U, 1'000U}) {
            std::vector<Bytes> messages;
            for (std::size_t i = 0; i < count; ++i) messages.push_back(message(i * 31 % 3'000));
            require_equal_hashes(messages, lanes);
        }
    }
}

TEST_CASE("the processor's best is one of those that it has") {
    CHECK(crypto::has_lanes(Lanes::One));
    CHECK(crypto::has_lanes(crypto::most_lanes()));
}
