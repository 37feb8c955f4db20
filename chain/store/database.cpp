#include "chain/store/database.hpp"

#include "chain/base/check.hpp"
#include "chain/base/log.hpp"
#include "chain/store/file_access.hpp"

#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>

#include <cstdlib>

namespace store {
namespace {

constexpr chain::log::Channel store_log{"store"};

leveldb::Slice slice(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
Bytes bytes(const leveldb::Slice& s) {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(s.data());
    return {begin, begin + s.size()};
}

/// What happened, in an operator's words, and what to do about it.
std::string advice(const leveldb::Status& status, const std::filesystem::path& folder) {
    const std::string why = status.ToString();
    const auto says = [&](std::string_view part) { return why.find(part) != std::string::npos; };
    const std::string name = folder.string();
    if (says("No space left") || says("Disk quota exceeded"))
        return "the disk that holds " + name +
               " is full: free some space and start the node again; nothing that was reported final is lost (" + why +
               ")";
    if (says("lock") && (says("temporarily unavailable") || says("already held")))
        return "another process uses the data folder " + name + ": stop it (`fuser " + name +
               "/LOCK` names it), or choose another folder with --data";
    if (says("Permission denied") || says("Read-only file system"))
        return "the data folder " + name +
               " cannot be written: run the node as its owner, or choose another folder with "
               "--data (" +
               why + ")";
    if (status.IsCorruption() || status.IsInvalidArgument())
        return "the data folder " + name +
               " is damaged: restore it from a backup, or remove it so that the node builds it anew (" + why + ")";
    return "the data folder " + name + " cannot be used: " + why;
}

/// Whether somebody else's files lie there. A creation that was interrupted leaves only LevelDB's own.
bool is_foreign(const std::filesystem::path& folder) {
    std::error_code error;
    if (std::filesystem::exists(folder / "CURRENT", error)) return false;
    for (const auto& entry : std::filesystem::directory_iterator{folder, error}) {
        const std::string name = entry.path().filename().string();
        if (name != "LOCK" && !name.starts_with("LOG") && !name.starts_with("MANIFEST-") && !name.ends_with(".log") &&
            !name.ends_with(".dbtmp"))
            return true;
    }
    return false;
}

leveldb::ReadOptions checked_reads(const leveldb::Snapshot* snapshot) {
    leveldb::ReadOptions options;
    options.verify_checksums = true;
    options.snapshot = snapshot;
    return options;
}

}  // namespace

struct Batch::Impl {
    leveldb::WriteBatch batch;
};

Batch::Batch() : impl_(std::make_unique<Impl>()) {}
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;
Batch::~Batch() = default;
void Batch::put(ByteView key, ByteView value) { impl_->batch.Put(slice(key), slice(value)); }
void Batch::erase(ByteView key) { impl_->batch.Delete(slice(key)); }
std::size_t Batch::size() const { return impl_->batch.ApproximateSize(); }

struct Database::Impl {
    std::filesystem::path folder;
    std::unique_ptr<leveldb::Cache> cache;
    std::unique_ptr<const leveldb::FilterPolicy> filter;
    std::unique_ptr<leveldb::DB> db;

    // A node that cannot read its state must not go on: every answer after this could be wrong.
    [[noreturn]] void stop(const leveldb::Status& status) const {
        store_log.error("{}", advice(status, folder));
        std::_Exit(EXIT_FAILURE);
    }

    std::optional<Bytes> get(ByteView key, const leveldb::Snapshot* snapshot) const {
        std::string value;
        const auto status = db->Get(checked_reads(snapshot), slice(key), &value);
        if (status.IsNotFound()) return std::nullopt;
        if (!status.ok()) stop(status);
        return bytes(value);
    }
};

struct Database::Moment::Inner {
    std::shared_ptr<Impl> database;
    const leveldb::Snapshot* snapshot;
    Inner(std::shared_ptr<Impl> d) : database(std::move(d)), snapshot(database->db->GetSnapshot()) {}
    Inner(const Inner&) = delete;
    Inner& operator=(const Inner&) = delete;
    ~Inner() { database->db->ReleaseSnapshot(snapshot); }
};

Database::Database(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& folder, const Options& options) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) return chain::fault("the data folder " + folder.string() + " cannot be made: " + error.message());
    if (is_foreign(folder))
        return chain::fault("the folder " + folder.string() +
                            " holds other files and no chain: choose an empty or new one with --data");
    auto impl = std::make_shared<Impl>();
    impl->folder = folder;
    impl->cache.reset(leveldb::NewLRUCache(options.block_cache_bytes));
    impl->filter.reset(leveldb::NewBloomFilterPolicy(10));
    leveldb::Options db_options;
    db_options.env = unmapped_files();
    db_options.create_if_missing = true;
    db_options.block_cache = impl->cache.get();
    db_options.filter_policy = impl->filter.get();
    db_options.write_buffer_size = options.write_buffer_bytes;
    db_options.max_open_files = 512;
    // Hashes, signatures and keys do not get smaller by it.
    db_options.compression = leveldb::kNoCompression;
    leveldb::DB* db = nullptr;
    const auto status = leveldb::DB::Open(db_options, folder.string(), &db);
    if (!status.ok()) return chain::fault(advice(status, folder));
    impl->db.reset(db);
    return std::unique_ptr<Database>{new Database{std::move(impl)}};
}

std::optional<Bytes> Database::get(ByteView key) const { return impl_->get(key, nullptr); }

Result<void> Database::write(Batch batch, Durability durability) {
    leveldb::WriteOptions options;
    options.sync = durability == Durability::Sync;
    const auto status = impl_->db->Write(options, &batch.impl_->batch);
    if (!status.ok()) return chain::fault(advice(status, impl_->folder));
    return {};
}

Database::MomentPtr Database::moment() const { return MomentPtr{new Moment{std::make_unique<Moment::Inner>(impl_)}}; }

Database::Moment::Moment(std::unique_ptr<Inner> inner) : inner_(std::move(inner)) {}
Database::Moment::~Moment() = default;

std::optional<Bytes> Database::Moment::get(ByteView key) const { return inner_->database->get(key, inner_->snapshot); }

std::optional<Database::Moment::Entry> Database::Moment::seek(ByteView key) const {
    const std::unique_ptr<leveldb::Iterator> at{inner_->database->db->NewIterator(checked_reads(inner_->snapshot))};
    at->Seek(slice(key));
    if (at->Valid()) return Entry{bytes(at->key()), bytes(at->value())};
    if (!at->status().ok()) inner_->database->stop(at->status());
    return std::nullopt;
}

}  // namespace store
