#include "chain/crypto/blake2b_lanes.hpp"

#if defined(__AVX512F__) && defined(__AVX512BW__)

#include <immintrin.h>

namespace crypto {

namespace {

struct Register512 {
    using Word = __m512i;
    static constexpr std::size_t lanes = 8;

    static Word all(std::uint64_t value) { return _mm512_set1_epi64(static_cast<long long>(value)); }
    static Word load(const std::uint64_t* from) { return _mm512_load_si512(from); }
    static void store(std::uint64_t* to, Word word) { _mm512_store_si512(to, word); }
    static Word add(Word a, Word b) { return _mm512_add_epi64(a, b); }
    static Word exclusive(Word a, Word b) { return _mm512_xor_si512(a, b); }
    template <int Bits>
    static Word rotated(Word a) {
        return _mm512_ror_epi64(a, Bits);
    }

    static Word row(const std::uint8_t* data, std::size_t left) {
        constexpr std::size_t row_bytes = 8 * lanes;
        const __mmask64 there = left < row_bytes ? (__mmask64{1} << left) - 1 : ~__mmask64{0};
        return _mm512_maskz_loadu_epi8(there, data);
    }

    static void transpose(Word* rows) {
        // Words in pairs, then pairs in fours, then fours in eights. Word r of row l is called lr.
        Word pairs[lanes];
        for (std::size_t i = 0; i < lanes; i += 2) {
            pairs[i] = _mm512_unpacklo_epi64(rows[i], rows[i + 1]);      // 00 10 02 12 04 14 06 16
            pairs[i + 1] = _mm512_unpackhi_epi64(rows[i], rows[i + 1]);  // 01 11 03 13 05 15 07 17
        }
        Word fours[lanes];
        for (std::size_t odd = 0; odd < 2; ++odd) {
            for (std::size_t half = 0; half < 2; ++half) {
                const Word a = pairs[4 * half + odd];
                const Word b = pairs[4 * half + 2 + odd];
                fours[4 * half + odd] = _mm512_shuffle_i64x2(a, b, 0b10'00'10'00);      // columns odd, odd + 4
                fours[4 * half + 2 + odd] = _mm512_shuffle_i64x2(a, b, 0b11'01'11'01);  // columns odd + 2, odd + 6
            }
        }
        for (std::size_t column = 0; column < 4; ++column) {
            const Word a = fours[column];
            const Word b = fours[4 + column];
            rows[column] = _mm512_shuffle_i64x2(a, b, 0b10'00'10'00);
            rows[column + 4] = _mm512_shuffle_i64x2(a, b, 0b11'01'11'01);
        }
    }
};

}  // namespace

void blake2b_256_by_eight(const LaneMessage* messages) { lanes::Blake2b<Register512>::hash(messages); }

}  // namespace crypto

#endif
