// A watermark file of any bytes is read without harm; and whatever is asked of it, the watermark never lets two
// signatures contradict each other.

#include "chain/base/check.hpp"
#include "consensus/safety/describe.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <set>

namespace {

using namespace consensus;
using votes::Kind;

void read(chain::ByteView bytes) {
    if (const auto slot = safety::decode_slot(bytes)) {
        const auto again = safety::encode_slot(*slot);
        chain::check(again.size() <= bytes.size() && std::ranges::equal(again, bytes.first(again.size())));
    }
    static_cast<void>(safety::newest_slot(bytes));
    chain::check(!safety::describe_watermark(bytes).empty());
    static_cast<void>(safety::examine({{"watermark", chain::to_bytes(bytes)}}));
}

void ask(fuzz::Input input) {
    safety::Watermark watermark;
    std::set<safety::Mark> notarized, nullified, finalized;
    std::uint64_t epoch = 0;
    std::uint64_t view = 1;
    while (!input.empty()) {
        const std::size_t action = input.below(8);
        if (action == 0) ++epoch;
        if (action < 3) view = input.byte() * 40U;
        if (action == 3) watermark = safety::newest_slot(safety::encode_slot({1, {}, {}, watermark}))->watermark;
        const safety::Mark at{epoch - std::min<std::uint64_t>(epoch, input.below(2)), view + input.below(4)};
        const auto kind = static_cast<Kind>(input.below(3));
        const votes::Statement statement{kind, at.epoch, at.view, 0, {}};
        if (watermark.refusal(statement)) continue;
        watermark.note(statement);
        if (kind == Kind::Notarize) chain::check(notarized.insert(at).second);
        if (kind == Kind::Nullify) nullified.insert(at);
        if (kind == Kind::Finalize) chain::check(finalized.insert(at).second);
        chain::check(!nullified.contains(at) || !finalized.contains(at));
    }
}

void watermark_file(fuzz::Input input) {
    read(input.rest());
    ask(input);
}

const fuzz::Target target{"watermark_file", watermark_file};

}  // namespace
