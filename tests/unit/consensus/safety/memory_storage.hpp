#pragma once
// A folder whose crashes tests choose: what was synced stays, of what was not any part may.

#include "consensus/safety/storage.hpp"

#include <map>
#include <optional>

namespace consensus::safety {

class MemoryStorage : public Storage {
public:
    struct Write {
        std::string name;
        std::uint64_t offset = 0;
        Bytes bytes;
    };

    Result<std::vector<std::string>> list() override;
    Result<Bytes> read(const std::string& name) override;
    Result<void> write(const std::string& name, std::uint64_t offset, ByteView bytes) override;
    Result<void> truncate(const std::string& name, std::uint64_t size_bytes) override;
    Result<void> sync(const std::string& name) override;
    Result<void> remove(const std::string& name) override;

    /// What a machine that loses power keeps: of the unsynced writes those that `keep` names, each cut to its number of
    /// bytes. By default none.
    void crash(const std::vector<std::size_t>& keep_bytes = {});

    std::map<std::string, Bytes> durable;
    std::vector<Write> unsynced;
    /// So many calls more succeed; then every call fails.
    std::optional<std::size_t> calls_left;
    std::size_t syncs = 0;
    std::size_t calls = 0;

private:
    Result<void> count();
    Bytes seen(const std::string& name) const;
};

}  // namespace consensus::safety
