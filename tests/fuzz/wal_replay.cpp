// A journal that is written, crashes anywhere and has any bytes changed: what is read is some of what was written, in
// its order; without changed bytes it is all that was committed; and the journal goes on.

#include "chain/base/check.hpp"
#include "consensus/safety/journal.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/support/memory_storage.hpp"

#include <algorithm>

namespace {

using namespace consensus;
using safety::Record;

constexpr safety::JournalLimits limits{.part_bytes = 500, .buffer_bytes = 300, .views_kept_below_floor = 2};

Record record_of(std::uint64_t view, std::size_t form) {
    const votes::Statement statement{votes::Kind::Notarize, 0, view, view - 1, {}};
    if (form == 0) return safety::Held{{.statement = statement, .signers = {1}, .signatures = {{}}}};
    if (form == 1) return safety::HeldBlock{statement, chain::Bytes(view % 90, 7)};
    return safety::OwnVote{{statement, 0, {}}};
}

safety::Journal opened(safety::Storage& disk) {
    auto journal = safety::Journal::open(disk, {}, limits);
    chain::check(journal.has_value());
    return *std::move(journal);
}

struct Written {
    std::vector<Record> all;
    std::size_t committed = 0;
};

Written write(fuzz::Input& input, safety::MemoryStorage& disk) {
    Written out;
    auto journal = opened(disk);
    chain::check(journal.enter(0, std::nullopt).has_value());
    for (std::size_t left = input.below(40); left > 0; --left) {
        out.all.push_back(record_of(out.all.size() + 1, input.below(3)));
        journal.append(out.all.back());
        if (input.below(3) != 0) continue;
        // What asks for no sync may be lost.
        const bool is_durable =
            std::ranges::any_of(out.all.begin() + static_cast<std::ptrdiff_t>(out.committed), out.all.end(),
                                [](const Record& record) { return !std::holds_alternative<safety::Held>(record); });
        chain::check(journal.commit().has_value());
        if (is_durable) out.committed = out.all.size();
    }
    disk.calls_left = 1;
    static_cast<void>(journal.commit().has_value());
    disk.crash({input.byte(), input.byte()});
    return out;
}

bool change(fuzz::Input& input, safety::MemoryStorage& disk) {
    bool is_changed = false;
    for (std::size_t left = input.below(3); left > 0; --left) {
        auto file = disk.durable.begin();
        std::advance(file, static_cast<std::ptrdiff_t>(input.below(disk.durable.size())));
        if (file->second.empty()) continue;
        const std::size_t at = (input.byte() << 8 | input.byte()) % file->second.size();
        is_changed = true;
        if (input.below(4) == 0) file->second.resize(at);
        else file->second[at] ^= static_cast<std::uint8_t>(1 + input.below(255));
    }
    return is_changed;
}

void wal_replay(fuzz::Input input) {
    safety::MemoryStorage disk;
    const Written written = write(input, disk);
    const bool is_changed = change(input, disk);
    auto found = safety::Journal::open(disk, {}, limits);
    if (!found) return;  // an opening whose damage the checksum missed: cannot be, but is no harm
    const safety::Segment segment = found->take(0);
    // A subsequence: each record read lies behind the one before it.
    auto at = written.all.begin();
    for (const Record& record : segment.records) {
        at = std::find(at, written.all.end(), record);
        chain::check(at != written.all.end());
        ++at;
    }
    if (!is_changed) {
        chain::check(!segment.is_corrupt);
        chain::check(segment.records.size() >= written.committed);
    }
    const Record last = record_of(1'000, 2);
    chain::check(found->enter(0, std::nullopt).has_value());
    found->append(last);
    chain::check(found->commit().has_value());
    disk.crash();
    const auto after = opened(disk).take(0);
    chain::check(!after.records.empty() && after.records.back() == last);
}

const fuzz::Target target{"wal_replay", wal_replay};

}  // namespace
