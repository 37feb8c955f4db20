#include "tests/simulation/disk.hpp"

namespace simulation {

chain::Result<void> Disk::begin_operation() {
    if (!dead_ && dies_after_) {
        if (*dies_after_ == 0) dead_ = true;
        else --*dies_after_;
    }
    if (dead_) return chain::fault("the machine is dead");
    return {};
}

chain::Result<std::vector<std::string>> Disk::list() {
    if (dead_) return chain::fault("the machine is dead");
    std::vector<std::string> names;
    for (const auto& [name, file] : files_) names.push_back(name);
    return names;
}

chain::Result<Bytes> Disk::read(const std::string& name) {
    if (dead_) return chain::fault("the machine is dead");
    const auto file = files_.find(name);
    if (file == files_.end()) return chain::fault("no such file: " + name);
    return file->second.bytes;
}

void Disk::put(File& file, std::uint64_t offset, ByteView bytes) {
    if (file.bytes.size() < offset + bytes.size()) file.bytes.resize(offset + bytes.size());
    std::ranges::copy(bytes, file.bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

chain::Result<void> Disk::write(const std::string& name, std::uint64_t offset, ByteView bytes) {
    TRY_VOID(begin_operation());
    File& file = files_[name];
    const bool full = full_ && offset + bytes.size() > file.bytes.size();
    // A full disk takes the first part of a write.
    if (full) bytes = bytes.first(random_.below(bytes.size()));
    Write write{.offset = offset, .bytes = chain::to_bytes(bytes), .size_before = file.bytes.size()};
    const std::uint64_t end = std::min<std::uint64_t>(file.bytes.size(), offset + bytes.size());
    if (offset < end)
        write.covered.assign(file.bytes.begin() + static_cast<std::ptrdiff_t>(offset),
                             file.bytes.begin() + static_cast<std::ptrdiff_t>(end));
    put(file, offset, bytes);
    file.unsynced.push_back(std::move(write));
    if (full) return chain::fault("no space left on device");
    return {};
}

chain::Result<void> Disk::truncate(const std::string& name, std::uint64_t size_bytes) {
    TRY_VOID(begin_operation());
    const auto file = files_.find(name);
    if (file == files_.end()) return chain::fault("no such file: " + name);
    file->second.bytes.resize(std::min<std::size_t>(size_bytes, file->second.bytes.size()));
    file->second.unsynced.clear();
    spent_us_ += plan_.sync_us;
    return {};
}

chain::Result<void> Disk::sync(const std::string& name) {
    TRY_VOID(begin_operation());
    const auto file = files_.find(name);
    if (file == files_.end()) return chain::fault("no such file: " + name);
    file->second.unsynced.clear();
    file->second.is_named = true;
    ++syncs_;
    spent_us_ += random_.chance(plan_.slow_per_million) ? random_.below(plan_.slow_sync_us + 1) : plan_.sync_us;
    return {};
}

chain::Result<void> Disk::remove(const std::string& name) {
    TRY_VOID(begin_operation());
    if (const auto file = files_.find(name); file != files_.end()) {
        removed_.insert_or_assign(name, std::move(file->second));
        files_.erase(file);
        // What was removed long ago is gone for good.
        if (removed_.size() > 4) removed_.erase(removed_.begin());
    }
    return {};
}

void Disk::settle(File& file) {
    for (auto write = file.unsynced.rbegin(); write != file.unsynced.rend(); ++write) {
        file.bytes.resize(write->size_before);
        std::ranges::copy(write->covered, file.bytes.begin() + static_cast<std::ptrdiff_t>(write->offset));
    }
    for (const Write& write : file.unsynced) {
        if (!plan_.tears) break;
        const ByteView bytes{write.bytes};
        switch (random_.below(4)) {
            case 0: break;
            case 1: put(file, write.offset, bytes); break;
            case 2: put(file, write.offset, bytes.first(random_.below(bytes.size() + 1))); break;
            // The file grew before its data came: zeros.
            default: put(file, write.offset, Bytes(random_.below(bytes.size() + 1)));
        }
    }
    file.unsynced.clear();
}

void Disk::crash() {
    for (auto& [name, file] : removed_)
        if (!files_.contains(name) && random_.chance(500'000)) files_.emplace(name, std::move(file));
    removed_.clear();
    for (auto& [name, file] : files_) settle(file);
    std::erase_if(files_, [&](const auto& entry) { return !entry.second.is_named && random_.chance(500'000); });
    for (auto& [name, file] : files_) file.is_named = true;
    dead_ = full_ = false;
    dies_after_.reset();
    spent_us_ = 0;
}

std::optional<std::string> Disk::flip_bit() {
    std::vector<std::string> names;
    for (const auto& [name, file] : files_)
        if (!file.bytes.empty()) names.push_back(name);
    if (names.empty()) return std::nullopt;
    const std::string& name = random_.pick(names);
    Bytes& bytes = files_[name].bytes;
    bytes[random_.below(bytes.size())] ^= static_cast<std::uint8_t>(1U << random_.below(8));
    return name;
}

std::size_t Disk::size_bytes() const {
    std::size_t total = 0;
    for (const auto& [name, file] : files_) total += file.bytes.size();
    return total;
}

}  // namespace simulation
