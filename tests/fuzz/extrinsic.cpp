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
    // Any signature recovers to some account, so a signer can be found for any bytes. The ones whose keys signed the
    // corpus signed nothing for this context.
    if (chain::signature_holds(*transaction, {.spec_version = 0xffff'ffff}))
        chain::check(crypto::to_string(transaction->signed_part->signer) !=
                     "0xf24FF3a9CF04c71Dbc94D0b566f7A27B94566cac");
    if (!transaction->signed_part || transaction->signed_part->extra.era.is_immortal()) return;
    const chain::Era era = transaction->signed_part->extra.era;
    chain::check(era.birth(1'000'000) <= 1'000'000 && 1'000'000 < era.death(1'000'000));
}

const fuzz::Target target{"extrinsic", extrinsic};

}  // namespace
