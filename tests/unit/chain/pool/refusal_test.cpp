#include "chain/pool/refusal.hpp"

#include <catch2/catch.hpp>

using chain::InvalidTransaction;
using pool::RefusalCode;

TEST_CASE("refusals speak Substrate's numbers and words") {
    const pool::Refusal stale = pool::refusal_of(chain::Invalid{InvalidTransaction::Stale});
    CHECK(static_cast<int>(stale.code) == 1010);
    CHECK(stale.message == "Invalid Transaction");
    CHECK(stale.data == "Transaction is outdated");

    CHECK(pool::refusal_of(chain::Invalid{InvalidTransaction::Custom, 7}).data == "Custom error: 7");
    CHECK(static_cast<int>(pool::refusal_of(chain::Unknown{chain::UnknownTransaction::CannotLookup}).code) == 1011);
    CHECK(static_cast<int>(pool::banned().code) == 1012);
    CHECK(static_cast<int>(pool::already_imported({}).code) == 1013);
    CHECK(pool::already_imported({}).data == "0x" + std::string(64, '0'));
    CHECK(static_cast<int>(pool::too_low_priority(9, 8).code) == 1014);
    CHECK(pool::too_low_priority(9, 8).message == "Priority is too low: (9 vs 8)");
    CHECK(static_cast<int>(pool::immediately_dropped().code) == 1016);
}
