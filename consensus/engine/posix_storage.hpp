#pragma once
// A folder of the machine's disk as the journal's storage. Files grow in steps that are reserved on the disk before
// they are needed: a sync then writes the bytes alone, not the file's new size (consensus.md §1.7: 50 µs instead of 69
// µs).

#include "consensus/safety/storage.hpp"

#include <filesystem>
#include <functional>
#include <map>

namespace consensus {

class PosixStorage : public safety::Storage {
public:
    /// Makes the folder where it is missing, for its owner alone. `on_sync` hears how many seconds each sync took.
    /// Fault: another process has it, and two that sign with one memory would contradict each other.
    static chain::Result<std::unique_ptr<PosixStorage>> open(std::filesystem::path folder,
                                                             std::function<void(double)> on_sync = {});
    ~PosixStorage() override;
    PosixStorage(const PosixStorage&) = delete;
    PosixStorage& operator=(const PosixStorage&) = delete;

    chain::Result<std::vector<std::string>> list() override;
    chain::Result<chain::Bytes> read(const std::string& name) override;
    chain::Result<void> write(const std::string& name, std::uint64_t offset, chain::ByteView bytes) override;
    chain::Result<void> truncate(const std::string& name, std::uint64_t size_bytes) override;
    chain::Result<void> sync(const std::string& name) override;
    chain::Result<void> remove(const std::string& name) override;

private:
    struct File {
        int descriptor = -1;
        std::uint64_t reserved_bytes = 0;
        bool is_name_durable = false;
    };

    PosixStorage(std::filesystem::path folder, int directory, std::function<void(double)> on_sync)
        : folder_(std::move(folder)), directory_(directory), on_sync_(std::move(on_sync)) {}
    chain::Result<File*> file(const std::string& name);
    void forget(const std::string& name);
    std::unexpected<chain::Fault> fail(std::string_view what, const std::string& name) const;
    chain::Result<void> sync_directory();

    std::filesystem::path folder_;
    int directory_;
    std::function<void(double)> on_sync_;
    std::map<std::string, File> files_;
};

}  // namespace consensus
