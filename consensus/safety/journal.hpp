#pragma once
// The journal of one validator: every own vote, what entitled us to it, and the blocks we promised to have, on disk
// before the vote leaves. A segment per epoch, in files ("parts") of bounded size:
//
//   journal-EPOCH-PART     each begins with an Opening and goes on with the sequence numbers of the part before
//
// Appending is cheap and only fills a buffer; commit() makes one write and one sync of all that a turn appended.
// Certificates alone do not ask for a sync: they prove themselves and can be had again.

#include "consensus/safety/frame.hpp"
#include "consensus/safety/record.hpp"
#include "consensus/safety/storage.hpp"
#include "consensus/safety/watermark.hpp"

#include <map>

namespace consensus::safety {

struct JournalLimits {
    std::uint64_t part_bytes = 8 << 20;         ///< a new part begins beyond
    std::uint64_t buffer_bytes = 1 << 20;       ///< certificates that wait for a vote are written beyond
    std::uint64_t views_kept_below_floor = 64;  ///< own votes there are still shown to those who lag
    std::uint64_t epochs_kept = 2;              ///< the newest ones
};

/// What the files of one epoch say.
struct Segment {
    std::optional<Certificate> boundary;
    std::vector<Record> records;  ///< without the openings
    bool is_corrupt = false;      ///< a record that was durable is missing
};

class Journal {
public:
    /// Reads all files and cuts off what a crash left half written. The storage must outlive the journal. Fault: of the
    /// storage, or files of another chain.
    static Result<Journal> open(Storage& storage, const Hash& genesis, const JournalLimits& limits = {});

    /// What open() found, by epoch, and was not taken.
    const std::map<std::uint64_t, Segment>& segments() const { return segments_; }
    /// An epoch's segment, which the journal forgets together with all earlier ones.
    Segment take(std::uint64_t epoch);

    /// From here on, records are of this epoch, which is not below an earlier one entered. Durable when it returns.
    Result<void> enter(std::uint64_t epoch, const std::optional<Certificate>& boundary);

    /// Durable with the next commit that follows. Needs an epoch.
    void append(const Record& record);
    /// What was appended is durable, if an own vote or a proposal is among it, or if it `must_be`.
    Result<void> commit(bool must_be = false);

    /// Removes files that hold nothing but what lies below the durable floor; `floor` is its finalization.
    Result<void> prune(const Certificate& floor);

    std::uint64_t bytes() const;

private:
    struct Part {
        std::uint64_t size_bytes = 0;
        Mark highest;  ///< view of the records
        bool is_closed = false;
    };
    using PartId = std::pair<std::uint64_t, std::uint64_t>;  // epoch, part

    Journal(Storage& storage, const Hash& genesis, const JournalLimits& limits)
        : storage_(&storage), genesis_(genesis), limits_(limits) {}

    Result<void> read_parts();
    Result<void> read_part(const PartId& id, bool is_last_of_epoch);
    Result<void> begin_part();
    void frame(const Record& record);
    Result<void> write_buffer();
    Result<void> sync();

    Storage* storage_;
    Hash genesis_;
    JournalLimits limits_;
    std::map<std::uint64_t, Segment> segments_;
    std::map<PartId, Part> parts_;
    std::map<std::uint64_t, std::uint64_t> last_sequence_;  // by epoch
    std::optional<PartId> current_;
    std::optional<Certificate> boundary_;
    Bytes buffer_;
    std::uint64_t next_sequence_ = 1;
    std::uint64_t synced_ = 0;
    bool must_sync_ = false;
};

/// "journal-000000000012-000003", and back.
std::string part_name(std::uint64_t epoch, std::uint64_t part);
std::optional<std::pair<std::uint64_t, std::uint64_t>> part_from_name(std::string_view name);

}  // namespace consensus::safety
