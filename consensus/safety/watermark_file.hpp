#pragma once
// The watermark on disk: one file of two slots, written in turn, so that a torn write leaves the other one whole.
//
//   slot at 0 and at 4,096: "tephraWM" ‖ CRC-32C of the rest (4) ‖ Slot (SCALE)

#include "consensus/safety/storage.hpp"
#include "consensus/safety/watermark.hpp"

#include <optional>

namespace consensus::safety {

using chain::Hash;

/// What a slot says.
struct WatermarkSlot {
    std::uint64_t sequence = 0;  ///< grows by one with each write
    Hash genesis;
    crypto::Ed25519Public key;
    Watermark watermark;
    bool operator==(const WatermarkSlot&) const = default;
};

inline constexpr std::uint64_t watermark_slot_offset = 4'096;

Bytes encode_slot(const WatermarkSlot& slot);
/// Nothing where the bytes are no whole slot; what follows it is ignored.
std::optional<WatermarkSlot> decode_slot(ByteView bytes);
/// The newer of the whole slots of a file.
std::optional<WatermarkSlot> newest_slot(ByteView file);

/// What a file says. Without a watermark and undamaged: there is none, or its first write was never finished.
struct LoadedWatermark {
    std::optional<Watermark> watermark;
    bool is_damaged = false;
    bool is_half_damaged = false;  ///< one slot of two is no whole one
};

/// What an operator reads when the file is damaged.
extern const std::string_view damaged_watermark;

class WatermarkFile {
public:
    static constexpr auto name = "watermark";

    explicit WatermarkFile(Storage& storage) : storage_(&storage) {}

    /// Fault: the storage's, or a file of another chain or key.
    Result<LoadedWatermark> load(const Hash& genesis, const crypto::Ed25519Public& key);
    /// Durable when it returns.
    Result<void> save(const Watermark& watermark, const Hash& genesis, const crypto::Ed25519Public& key);

private:
    Storage* storage_;
    std::uint64_t sequence_ = 0;
};

}  // namespace consensus::safety
