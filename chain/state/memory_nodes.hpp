#pragma once
// Branches in memory: tests, genesis and benchmarks.

#include "chain/state/trie_update.hpp"

#include <string>
#include <unordered_map>

namespace state {

class MemoryNodes : public NodeView {
public:
    std::optional<Bytes> node(ByteView path) const override;
    void apply(const NodeDiff& diff);

    std::size_t size() const { return branches_.size(); }
    bool operator==(const MemoryNodes& other) const { return branches_ == other.branches_; }

private:
    struct PathHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view path) const;
    };
    // Short strings of nibbles: found by hash, because nobody reads them in order.
    std::unordered_map<std::string, std::string, PathHash, std::equal_to<>> branches_;
};

}  // namespace state
