#include "chain/state/memory_nodes.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/twox.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace state {

namespace {

constexpr std::size_t slots_min = 16;
constexpr std::size_t size_bytes = sizeof(std::uint32_t);

/// Two nibbles a byte; the last byte says whether one is left over, and which. Paths of most keys fit on the stack.
class Packed {
public:
    explicit Packed(ByteView path) : size_(path.size() / 2 + 1) {
        if (size_ > near_.size()) far_.resize(size_);
        std::uint8_t* out = far_.empty() ? near_.data() : far_.data();
        for (std::size_t i = 0; i + 1 < path.size(); i += 2)
            *out++ = static_cast<std::uint8_t>(path[i] << 4 | path[i + 1]);
        *out = path.size() % 2 == 1 ? static_cast<std::uint8_t>(0x10 | path.back()) : 0;
    }
    ByteView view() const { return far_.empty() ? ByteView{near_}.first(size_) : ByteView{far_}; }

private:
    std::size_t size_;
    std::array<std::uint8_t, 128> near_;
    Bytes far_;
};

std::uint64_t hash_of(ByteView packed) { return crypto::xxh::fast(packed, 0); }

ByteView part(const std::uint8_t* at) {
    std::uint32_t size = 0;
    std::memcpy(&size, at, size_bytes);
    return {at + size_bytes, size};
}

ByteView path_in(const std::uint8_t* block) { return part(block); }
ByteView record_in(const std::uint8_t* block) { return part(block + size_bytes + path_in(block).size()); }

std::uint8_t* write_part(std::uint8_t* at, ByteView bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    std::memcpy(at, &size, size_bytes);
    std::ranges::copy(bytes, at + size_bytes);
    return at + size_bytes + bytes.size();
}

auto make_block(ByteView packed_path, ByteView record) {
    auto block = std::make_unique_for_overwrite<std::uint8_t[]>(2 * size_bytes + packed_path.size() + record.size());
    write_part(write_part(block.get(), packed_path), record);
    return block;
}

}  // namespace

MemoryNodes::MemoryNodes(const MemoryNodes& other) : slots_(other.slots_.size()), count_(other.count_) {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const Slot& slot = other.slots_[i];
        if (slot.block) slots_[i] = {slot.hash, make_block(path_in(slot.block.get()), record_in(slot.block.get()))};
    }
}

MemoryNodes& MemoryNodes::operator=(const MemoryNodes& other) {
    if (this != &other) *this = MemoryNodes{other};
    return *this;
}

/// The slot that holds the path, or the free one where it belongs. There is a table.
std::size_t MemoryNodes::find(std::uint64_t hash, ByteView packed_path) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].block &&
           !(slots_[at].hash == hash && std::ranges::equal(path_in(slots_[at].block.get()), packed_path)))
        at = (at + 1) & mask;
    return at;
}

std::optional<Bytes> MemoryNodes::node(ByteView path) const {
    if (slots_.empty()) return std::nullopt;
    const Packed whole{path};
    const ByteView packed = whole.view();
    const Slot& slot = slots_[find(hash_of(packed), packed)];
    if (!slot.block) return std::nullopt;
    return chain::to_bytes(record_in(slot.block.get()));
}

RecordBatch MemoryNodes::nodes(std::span<const ByteView> paths) const {
    if (slots_.empty()) return NodeView::nodes(paths);
    constexpr std::size_t record_bytes_guess = 400;
    RecordBatch records;
    records.reserve(paths.size(), paths.size() * record_bytes_guess);
    // Memory answers many questions at once in the time of one: ask for all slots of a group, then for the blocks that
    // they name, and only then read.
    constexpr std::size_t group_max = 16;
    constexpr std::size_t line_bytes = 64;
    constexpr std::size_t lines_ahead = 5;
    const std::size_t mask = slots_.size() - 1;
    std::array<std::uint64_t, group_max> hashes{};
    for (std::size_t start = 0; start < paths.size(); start += group_max) {
        const auto group = paths.subspan(start, std::min(group_max, paths.size() - start));
        std::vector<Packed> packed;
        packed.reserve(group.size());
        for (std::size_t i = 0; i < group.size(); ++i) {
            hashes[i] = hash_of(packed.emplace_back(group[i]).view());
            __builtin_prefetch(&slots_[hashes[i] & mask]);
        }
        for (std::size_t i = 0; i < group.size(); ++i) {
            const std::uint8_t* block = slots_[hashes[i] & mask].block.get();
            for (std::size_t line = 0; block != nullptr && line < lines_ahead; ++line)
                __builtin_prefetch(block + line * line_bytes);
        }
        for (std::size_t i = 0; i < group.size(); ++i) {
            const Slot& slot = slots_[find(hashes[i], packed[i].view())];
            records.add(slot.block ? std::optional{record_in(slot.block.get())} : std::nullopt);
        }
    }
    return records;
}

void MemoryNodes::apply(const NodeDiff& diff) {
    for (const auto& [path, record] : diff) {
        if (record) put(path, *record);
        else erase(path);
    }
}

void MemoryNodes::put(ByteView path, ByteView record) {
    if (3 * (count_ + 1) > 2 * slots_.size()) grow();
    const Packed whole{path};
    const ByteView packed = whole.view();
    const std::uint64_t hash = hash_of(packed);
    Slot& slot = slots_[find(hash, packed)];
    if (!slot.block) ++count_;
    slot = {.hash = hash, .block = make_block(packed, record)};
}

void MemoryNodes::erase(ByteView path) {
    if (slots_.empty()) return;
    const Packed whole{path};
    const ByteView packed = whole.view();
    std::size_t free = find(hash_of(packed), packed);
    if (!slots_[free].block) return;
    slots_[free].block.reset();
    --count_;
    // Those behind it move up where the gap would cut them off from where their search begins.
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = (free + 1) & mask; slots_[at].block; at = (at + 1) & mask) {
        const std::size_t home = slots_[at].hash & mask;
        if (((at - home) & mask) < ((at - free) & mask)) continue;
        slots_[free] = std::exchange(slots_[at], Slot{});
        free = at;
    }
}

void MemoryNodes::grow() {
    std::vector<Slot> old(std::max(slots_min, 2 * slots_.size()));
    std::swap(old, slots_);
    const std::size_t mask = slots_.size() - 1;
    for (Slot& slot : old) {
        if (!slot.block) continue;
        std::size_t at = slot.hash & mask;
        while (slots_[at].block) at = (at + 1) & mask;
        slots_[at] = std::move(slot);
    }
}

bool MemoryNodes::operator==(const MemoryNodes& other) const {
    return count_ == other.count_ && std::ranges::all_of(slots_, [&](const Slot& slot) {
               if (!slot.block) return true;
               const Slot& same = other.slots_[other.find(slot.hash, path_in(slot.block.get()))];
               return same.block && std::ranges::equal(record_in(slot.block.get()), record_in(same.block.get()));
           });
}

}  // namespace state
