#include "chain/crypto/blake2b_lanes.hpp"

#if defined(__AVX2__)

#include <immintrin.h>

namespace crypto {

namespace {

struct Register256 {
    using Word = __m256i;
    static constexpr std::size_t lanes = 4;

    static Word all(std::uint64_t value) { return _mm256_set1_epi64x(static_cast<long long>(value)); }
    static Word load(const std::uint64_t* from) { return _mm256_load_si256(reinterpret_cast<const __m256i*>(from)); }
    static void store(std::uint64_t* to, Word word) { _mm256_store_si256(reinterpret_cast<__m256i*>(to), word); }
    static Word add(Word a, Word b) { return _mm256_add_epi64(a, b); }
    static Word exclusive(Word a, Word b) { return _mm256_xor_si256(a, b); }

    template <int Bits>
    static Word rotated(Word a) {
        if constexpr (Bits == 32) {
            return _mm256_shuffle_epi32(a, 0b10'11'00'01);
        } else if constexpr (Bits % 8 == 0) {
            // Whole bytes move as bytes.
            constexpr int by = Bits / 8;
            alignas(32) std::uint8_t from[32];
            for (int i = 0; i < 32; ++i) from[i] = static_cast<std::uint8_t>((i & 8) | ((i + by) & 7));
            return _mm256_shuffle_epi8(a, _mm256_load_si256(reinterpret_cast<const __m256i*>(from)));
        } else {
            return _mm256_or_si256(_mm256_srli_epi64(a, Bits), _mm256_slli_epi64(a, 64 - Bits));
        }
    }

    static Word row(const std::uint8_t* data, std::size_t left) {
        alignas(32) std::uint8_t bytes[8 * lanes] = {};
        if (left >= sizeof bytes) return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(data));
        __builtin_memcpy(bytes, data, left);
        return _mm256_load_si256(reinterpret_cast<const __m256i*>(bytes));
    }

    static void transpose(Word* rows) {
        const Word low01 = _mm256_unpacklo_epi64(rows[0], rows[1]);
        const Word high01 = _mm256_unpackhi_epi64(rows[0], rows[1]);
        const Word low23 = _mm256_unpacklo_epi64(rows[2], rows[3]);
        const Word high23 = _mm256_unpackhi_epi64(rows[2], rows[3]);
        rows[0] = _mm256_permute2x128_si256(low01, low23, 0x20);
        rows[1] = _mm256_permute2x128_si256(high01, high23, 0x20);
        rows[2] = _mm256_permute2x128_si256(low01, low23, 0x31);
        rows[3] = _mm256_permute2x128_si256(high01, high23, 0x31);
    }
};

}  // namespace

void blake2b_256_by_four(const LaneMessage* messages) { lanes::Blake2b<Register256>::hash(messages); }

}  // namespace crypto

#endif
