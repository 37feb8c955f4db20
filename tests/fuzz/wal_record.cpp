// A record of the journal has one spelling; a file of any bytes is read without harm.

#include "chain/base/check.hpp"
#include "consensus/safety/frame.hpp"
#include "consensus/safety/record.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

using namespace consensus;

void wal_record(fuzz::Input input) {
    const chain::ByteView bytes = input.rest();
    if (const auto record = safety::decode_record(bytes))
        chain::check(std::ranges::equal(scale::encode<safety::Record>(*record), bytes));

    const safety::Scan found = safety::scan(bytes, 1);
    chain::check(found.good_bytes <= bytes.size());
    for (const auto& frame : found.frames)
        chain::check(frame.offset + safety::frame_head_bytes + frame.payload.size() <= bytes.size());

    // The same bytes as a payload: whatever they are, they come back.
    if (bytes.empty()) return;
    chain::Bytes file;
    safety::append_frame(1, 0, bytes, file);
    const safety::Scan whole = safety::scan(file, 1);
    chain::check(whole.ending == safety::Ending::Clean && whole.frames.size() == 1);
    chain::check(std::ranges::equal(whole.frames.front().payload, bytes));
}

const fuzz::Target target{"wal_record", wal_record};

}  // namespace
