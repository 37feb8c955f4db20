#pragma once
// Blocks that others proposed and that are not final: whoever votes for a block promises to have it. Bounded; pure; the
// ledger locks it.

#include "chain/block/block.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>

namespace ledger {

using chain::Block;
using chain::Hash;
using BlockPtr = std::shared_ptr<const Block>;

struct KeptLimits {
    std::size_t blocks_max = 2'048;
    std::size_t bytes_max = 256 << 20;
};

class KeptBlocks {
public:
    explicit KeptBlocks(const KeptLimits& limits = {}) : limits_(limits) {}

    /// Null where it is not kept.
    BlockPtr find(const Hash& hash) const;
    /// Beyond a bound the ones that came first go: they can be had from whoever notarized them.
    void keep(const Hash& hash, BlockPtr block);
    /// The block passed every check that needs no execution.
    void note_checked(const Hash& hash);
    bool is_checked(const Hash& hash) const;
    /// Forgets blocks with this number or a lower one.
    void drop_through(std::uint32_t number);

    std::size_t size() const { return blocks_.size(); }
    std::size_t bytes() const { return bytes_; }
    const KeptLimits& limits() const { return limits_; }

private:
    struct Entry {
        BlockPtr block;
        std::size_t bytes = 0;
        bool is_checked = false;
    };
    void forget(const Hash& hash);

    KeptLimits limits_;
    std::map<Hash, Entry> blocks_;
    std::deque<Hash> order_;  // as they came; may name some that are gone
    std::size_t bytes_ = 0;
};

}  // namespace ledger
