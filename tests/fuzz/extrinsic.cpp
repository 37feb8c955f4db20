// An extrinsic that decodes encodes to the same bytes, with and without its length; its signature check never fails to
// return.

#include "chain/block/extrinsic.hpp"

#include "chain/base/check.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

void extrinsic(fuzz::Input input) {
    const chain::ByteView bytes = input.rest();
    if (const auto stripped = chain::without_length_prefix(bytes))
        chain::check(std::ranges::equal(chain::with_length_prefix(*stripped), bytes));
    const auto transaction = chain::decode_extrinsic(bytes);
    if (!transaction) return;
    chain::check(std::ranges::equal(chain::encode_extrinsic(*transaction), bytes));
    // Nobody signed these bytes for this context.
    chain::check(!chain::signature_holds(*transaction, {.spec_version = 0xffff'ffff}));
    if (!transaction->signed_part || transaction->signed_part->extra.era.is_immortal()) return;
    const chain::Era era = transaction->signed_part->extra.era;
    chain::check(era.birth(1'000'000) <= 1'000'000 && 1'000'000 < era.death(1'000'000));
}

const fuzz::Target target{"extrinsic", extrinsic};

}  // namespace
