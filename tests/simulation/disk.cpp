#include "tests/simulation/disk.hpp"

#include <cstring>

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
    if (!bytes.empty()) std::memcpy(file.bytes.data() + offset, bytes.data(), bytes.size());
}

bool Disk::springs(Target target) {
    if (traps_.empty() || traps_.front().target != target || traps_.front().in_recovery != is_recovering_) return false;
    if (traps_.front().skips == 0) return true;
    --traps_.front().skips;
    return false;
}

std::optional<Place> Disk::springs(const std::string& name, ByteView bytes) {
    if (traps_.empty()) return std::nullopt;
    const auto place = find_target(traps_.front().target, name, bytes);
    return place && springs(traps_.front().target) ? place : std::nullopt;
}

void Disk::die_settled() {
    for (auto& [name, file] : files_) {
        file.unsynced.clear();
        file.is_named = true;
    }
    traps_.erase(traps_.begin());
    ++traps_sprung_;
    dead_ = true;
}

chain::Result<void> Disk::write(const std::string& name, std::uint64_t offset, ByteView bytes) {
    TRY_VOID(begin_operation());
    if (const auto place = springs(name, bytes)) {
        if (traps_.front().moment == Moment::Synced) {
            dies_synced_ = name;
        } else {
            if (const auto left = survivors(traps_.front().moment, *place, bytes)) put(files_[name], offset, *left);
            die_settled();
            return chain::fault("the machine is dead");
        }
    }
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
    const bool is_last = springs(Target::Truncation);
    const bool is_undone = is_last && traps_.front().moment == Moment::Before;
    if (!is_undone) {
        file->second.bytes.resize(std::min<std::size_t>(size_bytes, file->second.bytes.size()));
        file->second.unsynced.clear();
    }
    if (is_last) die_settled();
    if (is_undone) return chain::fault("the machine is dead");
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
    if (dies_synced_ == name) {
        dies_synced_.reset();
        die_settled();
    }
    return {};
}

chain::Result<void> Disk::remove(const std::string& name) {
    const bool was_alive = !dead_;
    auto begun = begin_operation();
    // Who dies in a removal does not know whether it was done.
    if (!begun && was_alive && random_.chance(500'000)) files_.erase(name);
    TRY_VOID(std::move(begun));
    const bool is_last = springs(Target::Removal);
    const bool is_undone = is_last && traps_.front().moment == Moment::Before;
    if (!is_undone) files_.erase(name);
    if (is_last) die_settled();
    if (is_undone) return chain::fault("the machine is dead");
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
    for (auto& [name, file] : files_) settle(file);
    std::erase_if(files_, [&](const auto& entry) { return !entry.second.is_named && random_.chance(500'000); });
    for (auto& [name, file] : files_) file.is_named = true;
    dead_ = full_ = false;
    dies_after_.reset();
    dies_synced_.reset();
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
