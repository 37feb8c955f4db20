// A block that decodes encodes to the same bytes: no two texts name one block.

#include "chain/base/check.hpp"
#include "chain/block/block.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

template <class T>
void round_trip(chain::ByteView bytes) {
    const auto value = scale::decode<T>(bytes);
    if (value) chain::check(std::ranges::equal(scale::encode(*value), bytes));
}

void scale_block(fuzz::Input input) {
    round_trip<chain::Block>(input.rest());
    round_trip<chain::Header>(input.rest());
    round_trip<chain::Digest>(input.rest());
    round_trip<scale::Compact<chain::u128>>(input.rest());
}

const fuzz::Target target{"scale_block", scale_block};

}  // namespace
