// A call that decodes encodes to the same bytes, and whoever reads it by the metadata alone reads it to the same end.

#include "chain/base/check.hpp"
#include "runtime/appchain/describe.hpp"
#include "runtime/dispatch/call.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

void scale_call(fuzz::Input input) {
    const chain::ByteView bytes = input.rest();
    const auto decoded = runtime::DecodedCall::decode(bytes);
    if (!decoded) return;
    chain::check(std::ranges::equal(decoded->encode(), bytes));

    const auto described = runtime::describe_call(bytes);
    chain::check(described.has_value());
    chain::check(described->pallet == decoded->pallet() && described->name == decoded->name());

    const auto nested = scale::decode<frame::Call>(bytes);
    chain::check(nested && std::ranges::equal(nested->encoded, bytes));
    chain::check(frame::info_of(*nested) == decoded->info());
}

const fuzz::Target target{"scale_call", scale_call};

}  // namespace
