#pragma once
// A node's disk as disks are: when the power goes, what was not synced is there, is not, or is torn at any byte, each
// write by its own luck; it can be full, slow, or give back other bits than it was given; and the machine can die
// between any two operations.

#include "consensus/safety/storage.hpp"
#include "tests/simulation/event_queue.hpp"
#include "tests/simulation/trap.hpp"

#include <map>
#include <optional>
#include <string>

namespace simulation {

using chain::Bytes;
using chain::ByteView;

struct DiskPlan {
    Micros sync_us = 70;
    /// So many syncs in a million take up to `slow_sync_us`.
    std::uint32_t slow_per_million = 0;
    Micros slow_sync_us = 0;
    /// A crash may leave any part of what was not synced; else it loses all of it.
    bool tears = true;
};

class Disk : public consensus::safety::Storage {
public:
    Disk(const DiskPlan& plan, Random random) : plan_(plan), random_(random) {}

    chain::Result<std::vector<std::string>> list() override;
    chain::Result<Bytes> read(const std::string& name) override;
    chain::Result<void> write(const std::string& name, std::uint64_t offset, ByteView bytes) override;
    chain::Result<void> truncate(const std::string& name, std::uint64_t size_bytes) override;
    chain::Result<void> sync(const std::string& name) override;
    chain::Result<void> remove(const std::string& name) override;

    /// The machine dies instead of the operation after `operations` more of them.
    void die_after(std::uint32_t operations) { dies_after_ = operations; }
    bool is_dead() const { return dead_; }
    /// The machine dies as the first of these says; then, in a later life, as the next one says.
    void set_traps(std::vector<Trap> traps) { traps_ = std::move(traps); }
    std::uint32_t traps_sprung() const { return traps_sprung_; }
    /// A new life reads what the last one left, or is done with that.
    void set_recovering(bool recovering) { is_recovering_ = recovering; }
    /// Every write fails until there is room.
    void set_full(bool full) { full_ = full; }
    bool is_full() const { return full_; }
    /// There is room, and death is called off.
    void forgive() {
        full_ = false;
        dies_after_.reset();
        traps_.clear();
    }

    /// The power goes. The next operation finds a live disk.
    void crash();
    /// Turns one bit of one file, if there is one: the name of the file.
    std::optional<std::string> flip_bit();

    /// Time that operations took since the last take_spent_us().
    Micros spent_us() const { return spent_us_; }
    Micros take_spent_us() { return std::exchange(spent_us_, 0); }
    std::uint64_t syncs() const { return syncs_; }
    std::size_t size_bytes() const;

private:
    /// A write that is not on the platter yet, and what it covered.
    struct Write {
        std::uint64_t offset = 0;
        Bytes bytes;
        Bytes covered;
        std::uint64_t size_before = 0;
    };
    struct File {
        Bytes bytes;
        bool is_named = false;  ///< its name would survive a crash
        std::vector<Write> unsynced;
    };

    chain::Result<void> begin_operation();
    void put(File& file, std::uint64_t offset, ByteView bytes);
    void settle(File& file);
    /// Whether this operation on a file is where the machine dies. `bytes` of a write.
    std::optional<Place> springs(const std::string& name, ByteView bytes);
    bool springs(Target target);
    /// All that was written so far is on the platter, and the machine dies.
    void die_settled();

    DiskPlan plan_;
    Random random_;
    std::map<std::string, File, std::less<>> files_;
    std::optional<std::uint32_t> dies_after_;
    std::vector<Trap> traps_;
    std::optional<std::string> dies_synced_;  ///< the sync of this file is the last operation
    std::uint32_t traps_sprung_ = 0;
    bool is_recovering_ = false;
    bool dead_ = false;
    bool full_ = false;
    Micros spent_us_ = 0;
    std::uint64_t syncs_ = 0;
};

}  // namespace simulation
