#pragma once
// Every bound of a genesis file; beyond it the file is refused with the place and the bound.

#include <cstddef>
#include <cstdint>

namespace genesis {

inline constexpr std::size_t file_bytes_max = std::size_t{64} << 20;
inline constexpr std::size_t json_depth_max = 16;
inline constexpr std::size_t accounts_max = 200'000;
inline constexpr std::uint32_t numbered_accounts_max = 4'000'000;
/// Names of chain, network and token.
inline constexpr std::size_t text_bytes_max = 64;
inline constexpr std::uint8_t token_decimals_max = 36;
/// In blocks. The default is ten minutes of blocks that follow each other at once.
inline constexpr std::uint32_t epoch_length_min = 4;
inline constexpr std::uint32_t epoch_length_max = 1'000'000;
inline constexpr std::uint32_t epoch_length_default = 1'200;
/// Sum of the validators' weights: votes are counted without a chance to overflow.
inline constexpr std::uint64_t validators_weight_max = std::uint64_t{1} << 53;

}  // namespace genesis
