#include "chain/base/hash_map.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace chain {
HalfHash first_half(const Hash& hash) {
    HalfHash half{};
    std::copy_n(hash.value.begin(), half.size(), half.begin());
    return half;
}

std::size_t Scatter::operator()(const Hash& hash) const {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), hash.value.data(), sizeof words);
    std::uint64_t mixed = secret;
    for (const std::uint64_t word : words) mixed = std::rotl((mixed ^ word) * 0x9e3779b97f4a7c15, 29);
    return mixed;
}

}  // namespace chain
