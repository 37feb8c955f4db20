#pragma once
// LevelDB behind five verbs: the only place that includes it. An ordered map of byte strings with atomic durable
// batches and snapshots.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace store {

using chain::Bytes;
using chain::ByteView;
using chain::Result;

/// Changes that become visible and durable together.
class Batch {
public:
    Batch();
    Batch(Batch&&) noexcept;
    Batch& operator=(Batch&&) noexcept;
    ~Batch();
    void put(ByteView key, ByteView value);
    void erase(ByteView key);
    /// Bytes that the changes take so far.
    std::size_t size() const;

private:
    friend class Database;
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Sync: on the disk when the call returns. Lazy: lost in a power cut, not in a crash of the process.
enum class Durability : std::uint8_t { Lazy, Sync };

class Database {
public:
    /// The database at one moment. Holds the database open.
    class Moment;
    using MomentPtr = std::shared_ptr<const Moment>;

    struct Options {
        std::size_t block_cache_bytes = 0;
        std::size_t write_buffer_bytes = 0;
    };

    /// The fault says what the operator should do.
    static Result<std::unique_ptr<Database>> open(const std::filesystem::path& folder, const Options& options);
    ~Database();

    std::optional<Bytes> get(ByteView key) const;
    Result<void> write(Batch batch, Durability durability);
    MomentPtr moment() const;

private:
    struct Impl;
    explicit Database(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

class Database::Moment {
public:
    struct Entry {
        Bytes key;
        Bytes value;
    };
    ~Moment();
    std::optional<Bytes> get(ByteView key) const;
    /// The first entry whose key is not less than `key`.
    std::optional<Entry> seek(ByteView key) const;

private:
    friend class Database;
    struct Inner;
    explicit Moment(std::unique_ptr<Inner> inner);
    std::unique_ptr<Inner> inner_;
};

}  // namespace store
