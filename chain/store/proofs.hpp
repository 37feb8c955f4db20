#pragma once
// Certificates that somebody may have to show one day: whoever voted must be able to say what he relied on, for as long
// as he can be held to it (docs/design/consensus.md, A7). They lie beside the blocks, by epoch and view, each with the
// chain's time at which it was kept; what is too old goes, a few at a time, oldest first.
//
// Writes are not synced: they are durable with the next synced write of the same database, which every final block is,
// or with sync().

#include "chain/store/database.hpp"

#include <compare>
#include <mutex>

namespace store {

/// `kind` is the caller's: one proof of each for a view.
struct ProofPlace {
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::uint8_t kind = 0;
    auto operator<=>(const ProofPlace&) const = default;
};

struct ProofUsage {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;  ///< of keys and values
    bool operator==(const ProofUsage&) const = default;
};

/// Safe from every thread.
class Proofs {
public:
    /// The database must outlive it.
    explicit Proofs(Database& database);

    /// The first one of a place stays.
    Result<void> keep(const ProofPlace& place, ByteView proof, std::uint64_t chain_ms);
    std::optional<Bytes> find(const ProofPlace& place) const;
    /// Forgets at most `count_max` of those that were kept before this time, from the oldest place on. How many.
    Result<std::size_t> forget_before(std::uint64_t chain_ms, std::size_t count_max);
    /// All that was kept is on the disk when this returns.
    Result<void> sync();

    /// Counted by themselves, across restarts: nothing is scanned.
    ProofUsage usage() const;

private:
    Result<void> write(Batch batch, const ProofUsage& usage, Durability durability);

    Database& database_;
    // Guards the two below and the rule of one writer at a time.
    mutable std::mutex mutex_;
    ProofUsage usage_;
    Bytes oldest_;  ///< no proof lies below this key
};

}  // namespace store
