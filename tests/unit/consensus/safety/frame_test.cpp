#include "consensus/safety/frame.hpp"

#include <catch2/catch.hpp>

using namespace consensus::safety;

namespace {

struct Written {
    std::uint64_t sequence;
    std::uint64_t synced;
};

Bytes payload_of(std::uint64_t sequence) {
    return Bytes(3 + static_cast<std::size_t>(sequence * 7 % 40), static_cast<std::uint8_t>(sequence));
}

Bytes file_of(const std::vector<Written>& frames) {
    Bytes out;
    for (const auto& frame : frames) append_frame(frame.sequence, frame.synced, payload_of(frame.sequence), out);
    return out;
}

std::vector<std::uint64_t> sequences(const Scan& found) {
    std::vector<std::uint64_t> out;
    for (const Frame& frame : found.frames) {
        CHECK(chain::to_bytes(frame.payload) == payload_of(frame.sequence));
        out.push_back(frame.sequence);
    }
    return out;
}

using Sequences = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("frames read as they were written, and reserved zeros behind them are no fault") {
    Bytes file = file_of({{1, 0}, {2, 0}, {3, 2}});
    const auto size = file.size();
    file.resize(size + 5'000);
    const Scan found = scan(file, 1);
    CHECK(sequences(found) == Sequences{1, 2, 3});
    CHECK(found.ending == Ending::Clean);
    CHECK(found.good_bytes == size);
    CHECK(scan(ByteView{}, 1).ending == Ending::Clean);
}

TEST_CASE("a file cut at any byte gives its whole frames and a torn end") {
    const Bytes file = file_of({{1, 0}, {2, 1}, {3, 2}});
    const auto ends = {file_of({{1, 0}}).size(), file_of({{1, 0}, {2, 1}}).size(), file.size()};
    for (std::size_t size = 0; size < file.size(); ++size) {
        for (const std::size_t zeros : {0U, 100U}) {
            Bytes cut{file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)};
            cut.resize(size + zeros);
            const Scan found = scan(cut, 1);
            const auto whole =
                static_cast<std::size_t>(std::ranges::count_if(ends, [&](auto end) { return end <= size; }));
            CHECK(found.frames.size() == whole);
            CHECK(found.ending != Ending::Corrupt);
            CHECK(found.good_bytes <= size);
        }
    }
}

TEST_CASE("a flipped bit in any byte that a later frame attests is corruption, and the frames behind it are kept") {
    const Bytes file = file_of({{1, 0}, {2, 1}, {3, 2}, {4, 3}});
    const std::size_t attested = file_of({{1, 0}, {2, 1}, {3, 2}}).size();
    for (std::size_t at = 0; at < file.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            Bytes flipped = file;
            flipped[at] = static_cast<std::uint8_t>(flipped[at] ^ 1U << bit);
            const Scan found = scan(flipped, 1);
            CHECK(found.frames.size() == 3);
            CHECK(found.ending == (at < attested ? Ending::Corrupt : Ending::Torn));
        }
    }
}

TEST_CASE("a bad frame that nobody attests is a torn end, with whole frames behind it too") {
    Bytes file = file_of({{1, 0}, {2, 1}, {3, 1}, {4, 1}});
    const auto third = file_of({{1, 0}, {2, 1}}).size();
    file[third + frame_head_bytes] ^= 1;
    const Scan found = scan(file, 1);
    CHECK(sequences(found) == Sequences{1, 2});
    CHECK(found.ending == Ending::Torn);
    CHECK(found.good_bytes == third);
}

TEST_CASE("a frame that was lost whole is noticed by its number") {
    const Bytes file = file_of({{1, 0}, {3, 2}, {4, 2}});
    const Scan attested = scan(file, 1);
    CHECK(sequences(attested) == Sequences{1, 3, 4});
    CHECK(attested.ending == Ending::Corrupt);
    const Bytes unsynced = file_of({{1, 0}, {3, 1}, {4, 1}});
    const Scan torn = scan(unsynced, 1);
    CHECK(sequences(torn) == Sequences{1});
    CHECK(torn.ending == Ending::Torn);
}

TEST_CASE("a length that swallows the rest of the file hides nothing") {
    Bytes file = file_of({{1, 0}, {2, 1}, {3, 2}});
    const auto second = file_of({{1, 0}}).size();
    file[second + 2] = 0x10;  // 1 MiB
    const Scan found = scan(file, 1);
    CHECK(sequences(found) == Sequences{1, 3});
    CHECK(found.ending == Ending::Corrupt);
}
