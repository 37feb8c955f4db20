#include "consensus/safety/crc32c.hpp"

#include <catch2/catch.hpp>

using namespace consensus::safety;

TEST_CASE("the checksum has the values of RFC 3720 B.4, with the instruction and without") {
    chain::Bytes ascending(32), descending(32);
    for (std::uint8_t i = 0; i < 32; ++i) {
        ascending[i] = i;
        descending[i] = static_cast<std::uint8_t>(31 - i);
    }
    const auto both = [](const chain::Bytes& bytes) {
        CHECK(crc32c(bytes) == crc32c_by_table(bytes));
        return crc32c(bytes);
    };
    CHECK(both(chain::Bytes(32, 0x00)) == 0x8a91'36aa);
    CHECK(both(chain::Bytes(32, 0xff)) == 0x62a8'ab43);
    CHECK(both(ascending) == 0x46dd'794e);
    CHECK(both(descending) == 0x113f'db5c);
    CHECK(both(chain::to_bytes("123456789")) == 0xe306'9283);
    CHECK(both({}) == 0);
}

TEST_CASE("a checksum of parts is the checksum of the whole, wherever it is cut") {
    const auto whole = chain::to_bytes("every record is written before it is said, and synced");
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        const chain::ByteView view{whole};
        CHECK(crc32c(view.subspan(cut), crc32c(view.first(cut))) == crc32c(whole));
        CHECK(crc32c_by_table(view.subspan(cut), crc32c_by_table(view.first(cut))) == crc32c(whole));
    }
}
