#pragma once
// Branches in memory, packed: what a cache, genesis, tests and benchmarks hold them in.

#include "chain/state/trie_update.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace state {

/// A hash table with one block of memory for each branch: its path and its record side by side, so that a search
/// touches the table once and the block once. About 50 bytes beside each record.
class MemoryNodes : public NodeView {
public:
    MemoryNodes() = default;
    MemoryNodes(MemoryNodes&&) = default;
    MemoryNodes& operator=(MemoryNodes&&) = default;
    MemoryNodes(const MemoryNodes& other);
    MemoryNodes& operator=(const MemoryNodes& other);
    ~MemoryNodes() override = default;

    std::optional<Bytes> node(ByteView path) const override;
    RecordBatch nodes(std::span<const ByteView> paths) const override;
    void apply(const NodeDiff& diff);

    std::size_t size() const { return count_; }
    /// Whether both hold the same records at the same paths.
    bool operator==(const MemoryNodes& other) const;

private:
    /// Path and record, each after its size. The path's nibbles are packed two a byte.
    using Block = std::unique_ptr<std::uint8_t[]>;
    struct Slot {
        std::uint64_t hash = 0;
        Block block;  // null: free
    };

    std::size_t find(std::uint64_t hash, ByteView packed_path) const;
    void put(ByteView path, ByteView record);
    void erase(ByteView path);
    void grow();

    // Linear probing; the size is a power of two and at least a third of the slots are free.
    std::vector<Slot> slots_;
    std::size_t count_ = 0;
};

}  // namespace state
