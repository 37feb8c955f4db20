#include "chain/network/address_book.hpp"

#include <catch2/catch.hpp>

using namespace network;
using Added = AddressBook::Added;

namespace {

constexpr std::uint64_t now_ms = 1'800'000'000'000;
const PeerId self{{0xff, 0xff}};
const Hash genesis{{1}};

Ip ip(std::uint32_t n) {
    Ip out = ip_from_text("1.0.0.1").value();
    out.value[13] = static_cast<std::uint8_t>(n >> 8);
    out.value[14] = static_cast<std::uint8_t>(n);
    return out;
}

crypto::Ed25519Public signer(std::uint32_t n) {
    return {{static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(n >> 8), 7}};
}

/// Of number n, at an address of a region of its own; not signed, for the book does not look.
AddressRecord record(std::uint32_t n, std::uint64_t sequence = 1) {
    AddressRecord out;
    out.body = {.signer = signer(n),
                .peer = PeerId{{static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(n >> 8)}},
                .sequence = sequence,
                .expires_ms = now_ms};
    out.body.addresses.value = {{ip(n << 8), 30'333}};
    return out;
}

/// From a source of its own region.
Ip source(std::uint32_t n) { return ip(n << 8); }

}  // namespace

TEST_CASE("the newest record of a signer is kept") {
    AddressBook book{self, 1};
    CHECK(book.add(record(1, 5), source(1)) == Added::New);
    CHECK(book.add(record(1, 5), source(1)) == Added::Known);
    CHECK(book.add(record(1, 4), source(1)) == Added::Known);
    CHECK(book.add(record(1, 6), source(1)) == Added::New);
    CHECK(book.find(signer(1))->body.sequence == 6);
    CHECK(book.size() == 1);
}

TEST_CASE("records of oneself and of nowhere are refused") {
    AddressBook book{self, 1};
    AddressRecord mine = record(1);
    mine.body.peer = self;
    CHECK(book.add(mine, source(1)) == Added::Refused);
    AddressRecord nowhere = record(2);
    nowhere.body.addresses.value.clear();
    CHECK(book.add(nowhere, source(1)) == Added::Refused);
    AddressRecord unusable = record(3);
    unusable.body.addresses.value[0].ip = ip_from_text("0.0.0.0").value();
    CHECK(book.add(unusable, source(1)) == Added::Refused);
}

TEST_CASE("one region cannot fill the book, and hearsay cannot push out what was seen") {
    AddressBook book{self, 1};
    for (std::uint32_t i = 0; i < 200; ++i) book.add(record(i), source(1));
    CHECK(book.size() == AddressBook::new_per_source_max);
    book.answered(signer(0), now_ms);
    for (std::uint32_t i = 200; i < 3'000; ++i) book.add(record(i), source(i % 256));
    CHECK(book.size() == AddressBook::new_max + 1);
    CHECK(book.tried() == 1);
    // One that failed gives way to a new one, one that did not stays.
    CHECK(book.add(record(5'000), source(201)) == Added::Refused);
    book.failed(signer(1));
    CHECK(book.add(record(5'000), source(201)) == Added::New);
    CHECK(book.find(signer(1)) == nullptr);
}

TEST_CASE("of too many that answered the one of longest ago goes") {
    AddressBook book{self, 1};
    for (std::uint32_t i = 0; i <= AddressBook::tried_max; ++i) {
        book.add(record(i), source(i));
        book.answered(signer(i), now_ms + i);
    }
    CHECK(book.tried() == AddressBook::tried_max);
    CHECK(book.find(signer(0)) == nullptr);
}

TEST_CASE("validators' records are always kept and told first") {
    AddressBook book{self, 1};
    book.set_validators({signer(9'000), signer(9'001)});
    for (std::uint32_t i = 0; i < 3'000; ++i) book.add(record(i), source(i % 256));
    CHECK(book.add(record(9'000), source(1)) == Added::New);
    CHECK(book.add(record(9'001), source(1)) == Added::New);
    const auto told = book.sample(16, now_ms - 1);
    REQUIRE(told.size() == 16);
    CHECK((told[0].body.signer == signer(9'000) || told[0].body.signer == signer(9'001)));
    CHECK((told[1].body.signer == signer(9'000) || told[1].body.signer == signer(9'001)));
    CHECK(told[0].body.signer != told[1].body.signer);
}

TEST_CASE("candidates: who answered before who did not, fewer failures first, one of each region") {
    AddressBook book{self, 1};
    for (std::uint32_t i = 1; i <= 3; ++i) book.add(record(i), source(i));
    AddressRecord neighbour = record(4);
    neighbour.body.addresses = record(2).body.addresses;
    book.add(neighbour, source(4));
    book.answered(signer(3), now_ms);
    book.failed(signer(1));
    const auto candidates = book.candidates();
    REQUIRE(candidates.size() == 3);
    CHECK(candidates[0].body.signer == signer(3));
    CHECK(candidates[1].body.signer == signer(2));
    CHECK(candidates[2].body.signer == signer(1));
}

TEST_CASE("an expired record is forgotten, but for one whose peer answered within a month") {
    AddressBook book{self, 1};
    book.add(record(1), source(1));
    book.add(record(2), source(2));
    book.answered(signer(2), now_ms);
    book.expire(now_ms - 1);
    CHECK(book.size() == 2);
    book.expire(now_ms);
    CHECK(book.size() == 1);
    CHECK(book.candidates().size() == 1);
    CHECK(book.sample(16, now_ms).empty());
    book.expire(now_ms + 31ull * 24 * 3'600'000);
    CHECK(book.size() == 0);
}

TEST_CASE("a file gives back what answered, and nothing that somebody changed in it") {
    const auto key = crypto::Ed25519Key::from_seed({3});
    AddressRecord signed_record = record(1);
    signed_record.body.signer = key.public_key();
    signed_record.signature = key.sign(signing_bytes(signed_record.body, genesis));
    AddressBook book{self, 1};
    book.add(signed_record, source(1));
    book.add(record(2), source(2));
    book.answered(key.public_key(), now_ms);
    book.answered(signer(2), now_ms);
    Bytes file = book.encode();
    AddressBook again{self, 2};
    CHECK(again.load(file, genesis) == 1);
    REQUIRE(again.find(key.public_key()) != nullptr);
    CHECK(*again.find(key.public_key()) == signed_record);
    CHECK(again.tried() == 1);
    AddressBook elsewhere{self, 2};
    CHECK(elsewhere.load(file, Hash{}) == 0);
    file.pop_back();
    CHECK(elsewhere.load(file, genesis) == 0);
    CHECK(elsewhere.load({}, genesis) == 0);
}
