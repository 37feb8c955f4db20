#pragma once
// BLAKE2b-256 (RFC 7693) of several messages side by side: one register holds the same word of every message's state.
// For the sources that are compiled for wide registers only. Such a source may not contain code that others contain
// too, not even a function of the standard library: the linker keeps one copy, and it could keep the one that this
// processor cannot run.

#include <cstddef>
#include <cstdint>

namespace crypto {

/// A message, and where its 32 bytes of hash go.
struct LaneMessage {
    const std::uint8_t* data;
    std::size_t size;
    std::uint8_t* hash;
};

inline constexpr std::size_t blake2b_block_bytes = 128;

/// Four messages at a time; the processor has AVX2.
void blake2b_256_by_four(const LaneMessage* messages);
/// Eight messages at a time; the processor has AVX-512 F and BW.
void blake2b_256_by_eight(const LaneMessage* messages);

namespace lanes {

inline constexpr std::uint64_t start[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                           0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                           0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

inline constexpr std::size_t rounds = 12;
inline constexpr std::size_t schedules = 10;
inline constexpr std::uint8_t schedule[schedules][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4}, {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13}, {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11}, {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5}, {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

/// Hashes `Register::lanes` messages. A Register is a word of each message:
///   Word all(u64) · Word load(const u64*) · void store(u64*, Word) · Word add(a, b) · Word exclusive(a, b)
///   Word rotated<Bits>(a), to the right · Word row(data, left): the next words of one message, zeros beyond `left`
///   bytes void transpose(Word*): as many rows become as many columns
template <class Register>
class Blake2b {
    using Word = typename Register::Word;
    static constexpr std::size_t lanes = Register::lanes;

public:
    static void hash(const LaneMessage* messages) {
        std::size_t blocks = 1;
        for (std::size_t lane = 0; lane < lanes; ++lane)
            if (const std::size_t own = blocks_of(messages[lane]); own > blocks) blocks = own;

        constexpr std::uint64_t parameters = 0x01010000 | hash_bytes;  // no key, a sequential hash
        Word state[8];
        for (std::size_t i = 0; i < 8; ++i) state[i] = Register::all(i == 0 ? start[0] ^ parameters : start[i]);
        for (std::size_t block = 0; block < blocks; ++block) {
            absorb(state, messages, block);
            release(state, messages, block);
        }
    }

private:
    static constexpr std::size_t hash_bytes = 32;

    static std::size_t blocks_of(const LaneMessage& message) {
        return message.size == 0 ? 1 : (message.size + blake2b_block_bytes - 1) / blake2b_block_bytes;
    }

    /// One block of each message. What a message that has ended makes of it does not matter: its hash is out.
    static void absorb(Word* state, const LaneMessage* messages, std::size_t block) {
        const std::size_t begin = block * blake2b_block_bytes;
        alignas(64) std::uint64_t counted[lanes];
        alignas(64) std::uint64_t last[lanes];
        Word words[16];
        for (std::size_t first = 0; first < 16; first += lanes) {
            const std::size_t at = begin + 8 * first;
            for (std::size_t lane = 0; lane < lanes; ++lane) {
                const LaneMessage& message = messages[lane];
                words[first + lane] =
                    at < message.size ? Register::row(message.data + at, message.size - at) : Register::all(0);
            }
            Register::transpose(words + first);
        }
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const std::size_t end = begin + blake2b_block_bytes;
            const bool is_last = messages[lane].size <= end;
            counted[lane] = is_last ? messages[lane].size : end;
            last[lane] = is_last ? ~std::uint64_t{0} : 0;
        }
        compress(state, words, Register::load(counted), Register::load(last));
    }

    /// Writes the hashes of the messages that ended with this block.
    static void release(const Word* state, const LaneMessage* messages, std::size_t block) {
        alignas(64) std::uint64_t out[4][lanes];
        for (std::size_t i = 0; i < 4; ++i) Register::store(out[i], state[i]);
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            if (blocks_of(messages[lane]) != block + 1) continue;
            for (std::size_t i = 0; i < 4; ++i)
                __builtin_memcpy(messages[lane].hash + 8 * i, &out[i][lane], sizeof(std::uint64_t));
        }
    }

    static void compress(Word* state, const Word* words, Word counted, Word last) {
        Word v[16];
        for (std::size_t i = 0; i < 8; ++i) {
            v[i] = state[i];
            v[i + 8] = Register::all(start[i]);
        }
        v[12] = Register::exclusive(v[12], counted);
        v[14] = Register::exclusive(v[14], last);
        all_rounds<0>(v, words);
        for (std::size_t i = 0; i < 8; ++i)
            state[i] = Register::exclusive(state[i], Register::exclusive(v[i], v[i + 8]));
    }

    template <std::size_t Round>
    [[gnu::always_inline]] static void all_rounds(Word* v, const Word* words) {
        if constexpr (Round < rounds) {
            constexpr const auto& order = schedule[Round % schedules];
            mix<0, 4, 8, 12, order[0], order[1]>(v, words);
            mix<1, 5, 9, 13, order[2], order[3]>(v, words);
            mix<2, 6, 10, 14, order[4], order[5]>(v, words);
            mix<3, 7, 11, 15, order[6], order[7]>(v, words);
            mix<0, 5, 10, 15, order[8], order[9]>(v, words);
            mix<1, 6, 11, 12, order[10], order[11]>(v, words);
            mix<2, 7, 8, 13, order[12], order[13]>(v, words);
            mix<3, 4, 9, 14, order[14], order[15]>(v, words);
            all_rounds<Round + 1>(v, words);
        }
    }

    template <std::size_t A, std::size_t B, std::size_t C, std::size_t D, std::size_t First, std::size_t Second>
    [[gnu::always_inline]] static void mix(Word* v, const Word* words) {
        v[A] = Register::add(Register::add(v[A], v[B]), words[First]);
        v[D] = Register::template rotated<32>(Register::exclusive(v[D], v[A]));
        v[C] = Register::add(v[C], v[D]);
        v[B] = Register::template rotated<24>(Register::exclusive(v[B], v[C]));
        v[A] = Register::add(Register::add(v[A], v[B]), words[Second]);
        v[D] = Register::template rotated<16>(Register::exclusive(v[D], v[A]));
        v[C] = Register::add(v[C], v[D]);
        v[B] = Register::template rotated<63>(Register::exclusive(v[B], v[C]));
    }
};

}  // namespace lanes

}  // namespace crypto
