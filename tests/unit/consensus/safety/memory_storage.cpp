#include "tests/unit/consensus/safety/memory_storage.hpp"

#include <algorithm>

namespace consensus::safety {
namespace {

void put(Bytes& file, std::uint64_t offset, ByteView bytes) {
    if (file.size() < offset + bytes.size()) file.resize(offset + bytes.size());
    std::ranges::copy(bytes, file.begin() + static_cast<std::ptrdiff_t>(offset));
}

}  // namespace

Result<void> MemoryStorage::count() {
    if (calls_left && *calls_left == 0) return chain::fault("the disk is full");
    if (calls_left) --*calls_left;
    ++calls;
    return {};
}

Bytes MemoryStorage::seen(const std::string& name) const {
    const auto found = durable.find(name);
    Bytes file = found == durable.end() ? Bytes{} : found->second;
    for (const Write& write : unsynced)
        if (write.name == name) put(file, write.offset, write.bytes);
    return file;
}

Result<std::vector<std::string>> MemoryStorage::list() {
    TRY_VOID(count());
    std::vector<std::string> out;
    for (const auto& [name, bytes] : durable) out.push_back(name);
    for (const Write& write : unsynced) out.push_back(write.name);
    std::ranges::sort(out);
    out.erase(std::ranges::unique(out).begin(), out.end());
    return out;
}

Result<Bytes> MemoryStorage::read(const std::string& name) {
    TRY_VOID(count());
    return seen(name);
}

Result<void> MemoryStorage::write(const std::string& name, std::uint64_t offset, ByteView bytes) {
    TRY_VOID(count());
    unsynced.push_back({name, offset, chain::to_bytes(bytes)});
    return {};
}

Result<void> MemoryStorage::truncate(const std::string& name, std::uint64_t size_bytes) {
    TRY_VOID(sync(name));
    durable[name].resize(size_bytes);
    return {};
}

Result<void> MemoryStorage::sync(const std::string& name) {
    TRY_VOID(count());
    ++syncs;
    durable[name] = seen(name);
    std::erase_if(unsynced, [&](const Write& write) { return write.name == name; });
    return {};
}

Result<void> MemoryStorage::remove(const std::string& name) {
    TRY_VOID(count());
    durable.erase(name);
    std::erase_if(unsynced, [&](const Write& write) { return write.name == name; });
    return {};
}

void MemoryStorage::crash(const std::vector<std::size_t>& keep_bytes) {
    for (std::size_t i = 0; i < std::min(keep_bytes.size(), unsynced.size()); ++i) {
        const Write& write = unsynced[i];
        const auto kept = std::min(keep_bytes[i], write.bytes.size());
        if (kept != 0) put(durable[write.name], write.offset, ByteView{write.bytes}.first(kept));
    }
    unsynced.clear();
    calls_left.reset();
}

}  // namespace consensus::safety
