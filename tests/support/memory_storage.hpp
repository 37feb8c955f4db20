#pragma once
// A folder whose crashes a test chooses: what was synced stays, of what was not any part may.

#include "consensus/safety/storage.hpp"

#include <algorithm>
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
    static void put(Bytes& file, std::uint64_t offset, ByteView bytes) {
        if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size());
        std::ranges::copy(bytes, file.begin() + static_cast<std::ptrdiff_t>(offset));
    }
};

inline Result<void> MemoryStorage::count() {
    if (calls_left && *calls_left == 0) return chain::fault("the disk is full");
    if (calls_left) --*calls_left;
    ++calls;
    return {};
}

inline Bytes MemoryStorage::seen(const std::string& name) const {
    const auto found = durable.find(name);
    Bytes file = found == durable.end() ? Bytes{} : found->second;
    for (const Write& write : unsynced)
        if (write.name == name) put(file, write.offset, write.bytes);
    return file;
}

inline Result<std::vector<std::string>> MemoryStorage::list() {
    TRY_VOID(count());
    std::vector<std::string> out;
    for (const auto& [name, bytes] : durable) out.push_back(name);
    for (const Write& write : unsynced) out.push_back(write.name);
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

inline Result<Bytes> MemoryStorage::read(const std::string& name) {
    TRY_VOID(count());
    return seen(name);
}

inline Result<void> MemoryStorage::write(const std::string& name, std::uint64_t offset, ByteView bytes) {
    TRY_VOID(count());
    unsynced.push_back({name, offset, chain::to_bytes(bytes)});
    return {};
}

inline Result<void> MemoryStorage::truncate(const std::string& name, std::uint64_t size_bytes) {
    TRY_VOID(sync(name));
    durable[name].resize(size_bytes);
    return {};
}

inline Result<void> MemoryStorage::sync(const std::string& name) {
    TRY_VOID(count());
    ++syncs;
    durable[name] = seen(name);
    std::erase_if(unsynced, [&](const Write& write) { return write.name == name; });
    return {};
}

inline Result<void> MemoryStorage::remove(const std::string& name) {
    TRY_VOID(count());
    durable.erase(name);
    std::erase_if(unsynced, [&](const Write& write) { return write.name == name; });
    return {};
}

inline void MemoryStorage::crash(const std::vector<std::size_t>& keep_bytes) {
    for (std::size_t i = 0; i < std::min(keep_bytes.size(), unsynced.size()); ++i) {
        const Write& write = unsynced[i];
        const auto kept = std::min(keep_bytes[i], write.bytes.size());
        if (kept != 0) put(durable[write.name], write.offset, ByteView{write.bytes}.first(kept));
    }
    unsynced.clear();
    calls_left.reset();
}

}  // namespace consensus::safety
