#include "gpu-worker/door/nonces.hpp"

#include "door_world.hpp"

#include <fstream>

using namespace worker;
using Verdict = NonceBook::Verdict;

namespace {
const crypto::AccountId alice{{1}};
const crypto::AccountId bob{{2}};
}  // namespace

TEST_CASE("a nonce is fresh once for each renter and lease") {
    const tests::TempFolder folder;
    auto book = NonceBook::open(folder / "n", 0).value();
    CHECK(book.admit(alice, {1}, 7, 100, 0).value() == Verdict::Fresh);
    CHECK(book.admit(alice, {1}, 7, 100, 0).value() == Verdict::Replayed);
    CHECK(book.admit(alice, {2}, 7, 100, 0).value() == Verdict::Fresh);
    CHECK(book.admit(bob, {1}, 7, 100, 0).value() == Verdict::Fresh);
}

TEST_CASE("expired nonces are forgotten: the guard refuses their requests by time") {
    const tests::TempFolder folder;
    auto book = NonceBook::open(folder / "n", 0).value();
    CHECK(book.admit(alice, {1}, 7, 100, 0).value() == Verdict::Fresh);
    CHECK(book.admit(alice, {1}, 7, 300, 101).value() == Verdict::Fresh);
    CHECK(std::filesystem::file_size(folder / "n") > 0);
    const auto reopened = NonceBook::open(folder / "n", 301).value();
    CHECK(std::filesystem::file_size(folder / "n") == 0);
}

TEST_CASE("a record that a crash cut in half costs nothing else") {
    const tests::TempFolder folder;
    {
        auto book = NonceBook::open(folder / "n", 0).value();
        CHECK(book.admit(alice, {1}, 7, 100, 0).value() == Verdict::Fresh);
    }
    std::ofstream{folder / "n", std::ios::app | std::ios::binary} << "half a record";
    auto book = NonceBook::open(folder / "n", 0).value();
    CHECK(book.admit(alice, {1}, 7, 100, 0).value() == Verdict::Replayed);
    CHECK(book.admit(alice, {1}, 8, 100, 0).value() == Verdict::Fresh);
}

TEST_CASE("too many live nonces: further requests wait until some expire") {
    const tests::TempFolder folder;
    std::filesystem::path file = folder / "n";
    {
        // As an earlier process would have left it, without 65,536 flushes to disk.
        std::ofstream out{file, std::ios::binary};
        for (std::uint64_t nonce = 0; nonce < NonceBook::entries_max; ++nonce) {
            chain::Bytes record(alice.value.begin(), alice.value.end());
            scale::encode(std::uint64_t{1}, record);
            scale::encode(nonce, record);
            scale::encode(std::uint64_t{100}, record);
            out.write(reinterpret_cast<const char*>(record.data()), static_cast<std::streamsize>(record.size()));
        }
    }
    auto book = NonceBook::open(file, 0).value();
    CHECK(book.admit(bob, {1}, 1, 100, 50).value() == Verdict::Full);
    CHECK(book.admit(bob, {1}, 1, 200, 101).value() == Verdict::Fresh);
}
