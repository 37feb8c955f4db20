#include "chain/base/result.hpp"

#include <catch2/catch.hpp>

#include <memory>

using namespace chain;

namespace {

enum class Refusal : unsigned char { Odd };

Result<int, Refusal> half(int n) {
    if (n % 2 != 0) return std::unexpected{Refusal::Odd};
    return n / 2;
}

Result<int, Refusal> quarter(int n) {
    TRY(const int once, half(n));
    TRY(const int twice, half(once));
    return twice;
}

Result<void, Refusal> divisible_by_four(int n) {
    TRY_VOID(quarter(n));
    return {};
}

Result<std::unique_ptr<int>> owned(bool fails) {
    if (fails) return fault("no memory");
    return std::make_unique<int>(7);
}

Result<int> read_owned(bool fails) {
    TRY(const auto pointer, owned(fails));
    return *pointer;
}

}  // namespace

TEST_CASE("TRY hands the value on or returns the error") {
    CHECK(quarter(12).value() == 3);
    CHECK(quarter(7).error() == Refusal::Odd);
    CHECK(quarter(6).error() == Refusal::Odd);
    CHECK(divisible_by_four(8).has_value());
    CHECK(divisible_by_four(10).error() == Refusal::Odd);
}

TEST_CASE("TRY moves what cannot be copied") {
    CHECK(read_owned(false).value() == 7);
    CHECK(read_owned(true).error().text == "no memory");
}
