#include "consensus/safety/watermark_file.hpp"

#include "chain/codec/scale.hpp"
#include "consensus/safety/crc32c.hpp"

#include <algorithm>

namespace consensus::safety {
namespace {

constexpr std::string_view magic = "tephraWM";
constexpr std::size_t head_bytes = magic.size() + sizeof(std::uint32_t);

std::optional<WatermarkSlot> slot_at(ByteView file, std::uint64_t offset) {
    return file.size() <= offset ? std::nullopt : decode_slot(file.subspan(offset));
}

// A crash in the first write ever leaves no whole slot, and nothing was signed: the second slot was never begun.
bool is_unfinished(ByteView file) {
    return file.size() <= watermark_slot_offset ||
           std::ranges::all_of(file.subspan(watermark_slot_offset), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

const std::string_view damaged_watermark =
    "the file \"watermark\" is damaged, so nobody knows what this key has signed. Wait until the chain is far past its "
    "last vote and start with --no-sign-until VIEW, or give the validator a new key";

Bytes encode_slot(const WatermarkSlot& slot) {
    const Bytes body = scale::encode(slot);
    Bytes out = chain::to_bytes(magic);
    scale::encode(crc32c(body), out);
    chain::append(out, body);
    return out;
}

std::optional<WatermarkSlot> decode_slot(ByteView bytes) {
    static const std::size_t body_bytes = scale::encode(WatermarkSlot{}).size();
    if (bytes.size() < head_bytes + body_bytes) return std::nullopt;
    if (chain::as_text(bytes.first(magic.size())) != magic) return std::nullopt;
    scale::Reader in{bytes.subspan(magic.size(), sizeof(std::uint32_t))};
    const ByteView body = bytes.subspan(head_bytes, body_bytes);
    if (static_cast<std::uint32_t>(in.little_endian(sizeof(std::uint32_t))) != crc32c(body)) return std::nullopt;
    auto slot = scale::decode<WatermarkSlot>(body);
    return slot ? std::optional{*std::move(slot)} : std::nullopt;
}

std::optional<WatermarkSlot> newest_slot(ByteView file) {
    auto first = slot_at(file, 0);
    auto second = slot_at(file, watermark_slot_offset);
    if (!first || (second && second->sequence > first->sequence)) return second;
    return first;
}

Result<LoadedWatermark> WatermarkFile::load(const Hash& genesis, const crypto::Ed25519Public& key) {
    TRY(const auto names, storage_->list());
    if (!std::ranges::binary_search(names, std::string{name})) return LoadedWatermark{};
    TRY(const Bytes file, storage_->read(name));
    const auto slot = newest_slot(file);
    if (!slot) return LoadedWatermark{.is_damaged = !is_unfinished(file), .is_half_damaged = true};
    // What a killed process wrote may be known to the system alone: it must not be forgotten a second time.
    TRY_VOID(storage_->sync(name));
    if (slot->genesis != genesis)
        return chain::fault(std::string{"the file "} + name + " belongs to the chain " + chain::to_hex(slot->genesis));
    if (slot->key != key)
        return chain::fault(std::string{"the file "} + name + " belongs to the key " + chain::to_hex(slot->key.value) +
                            ": give each key a folder of its own");
    sequence_ = slot->sequence;
    const bool is_first_write = slot->sequence == 1 && is_unfinished(file);
    const bool has_both = slot_at(file, 0) && (slot_at(file, watermark_slot_offset) || is_first_write);
    return LoadedWatermark{.watermark = slot->watermark, .is_half_damaged = !has_both};
}

Result<void> WatermarkFile::save(const Watermark& watermark, const Hash& genesis, const crypto::Ed25519Public& key) {
    const WatermarkSlot slot{++sequence_, genesis, key, watermark};
    const std::uint64_t offset = sequence_ % 2 == 1 ? 0 : watermark_slot_offset;
    TRY_VOID(storage_->write(name, offset, encode_slot(slot)));
    return storage_->sync(name);
}

}  // namespace consensus::safety
