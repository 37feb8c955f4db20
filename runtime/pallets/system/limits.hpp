#pragma once
// How much fits into a block, in the shapes that clients read from System's constants.

#include "runtime/frame/weight.hpp"

#include <optional>

namespace frame_system {

using frame::DispatchClass;
using frame::Weight;

/// One T for each class of calls.
template <class T>
struct PerDispatchClass {
    T normal{};
    T operational{};
    T mandatory{};

    static constexpr std::string_view metadata_path = "frame_support::dispatch::PerDispatchClass";
    bool operator==(const PerDispatchClass&) const = default;

    constexpr T& of(DispatchClass which) {
        return which == DispatchClass::Normal ? normal : which == DispatchClass::Operational ? operational : mandatory;
    }
    constexpr const T& of(DispatchClass which) const {
        return which == DispatchClass::Normal ? normal : which == DispatchClass::Operational ? operational : mandatory;
    }
};

/// The weight of a whole block so far.
constexpr Weight total(const PerDispatchClass<Weight>& used) { return used.normal + used.operational + used.mandatory; }

struct WeightsPerClass {
    Weight base_extrinsic;                ///< beside the call: decoding, signature, nonce, fee, events
    std::optional<Weight> max_extrinsic;  ///< of one extrinsic
    std::optional<Weight> max_total;      ///< of the class in one block; none = the block's own limit
    std::optional<Weight> reserved;       ///< what the class may use even when others filled the block
    static constexpr std::string_view metadata_path = "frame_system::limits::WeightsPerClass";
};

struct BlockWeights {
    Weight base_block;  ///< an empty block
    Weight max_block;
    PerDispatchClass<WeightsPerClass> per_class;
    static constexpr std::string_view metadata_path = "frame_system::limits::BlockWeights";
};

struct BlockLength {
    PerDispatchClass<std::uint32_t> max;  ///< bytes of all extrinsics of the class and the ones before it
    static constexpr std::string_view metadata_path = "frame_system::limits::BlockLength";
};

/// Four fifths of the shortest block interval (500 ms), in picoseconds: the rest is for votes, gossip and the disk.
inline constexpr Weight max_block_weight{400'000'000'000, 5U << 20};

/// Users' calls take at most three quarters; the last quarter is there for machine calls that are due (heartbeats,
/// starts, exits), however full the block is.
inline constexpr Weight max_normal_weight{300'000'000'000, (5U << 20) / 4 * 3};

/// Signature recovery (46 µs on the reference machine) and bookkeeping.
inline constexpr Weight base_extrinsic_weight{60'000'000, 0};
inline constexpr Weight base_block_weight{200'000'000, 0};

inline constexpr BlockWeights block_weights{
    .base_block = base_block_weight,
    .max_block = max_block_weight,
    .per_class = {.normal = {.base_extrinsic = base_extrinsic_weight,
                             .max_extrinsic = max_normal_weight - base_extrinsic_weight,
                             .max_total = max_normal_weight,
                             .reserved = Weight{}},
                  .operational = {.base_extrinsic = base_extrinsic_weight,
                                  .max_extrinsic = max_block_weight - base_extrinsic_weight,
                                  .max_total = max_block_weight,
                                  .reserved = max_block_weight - max_normal_weight},
                  .mandatory = {.base_extrinsic = base_extrinsic_weight,
                                .max_extrinsic = std::nullopt,
                                .max_total = std::nullopt,
                                .reserved = std::nullopt}}};

inline constexpr std::uint32_t max_block_length = 5U << 20;
inline constexpr BlockLength block_length{
    .max = {.normal = max_block_length / 4 * 3, .operational = max_block_length, .mandatory = max_block_length}};

}  // namespace frame_system
