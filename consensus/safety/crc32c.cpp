#include "consensus/safety/crc32c.hpp"

#include <array>
#include <cstring>

namespace consensus::safety {
namespace {

constexpr std::uint32_t polynomial = 0x82f6'3b78;  // bit-reversed 0x1edc6f41

constexpr auto table = [] {
    std::array<std::uint32_t, 256> out{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t rest = i;
        for (int bit = 0; bit < 8; ++bit) rest = rest & 1 ? rest >> 1 ^ polynomial : rest >> 1;
        out[i] = rest;
    }
    return out;
}();

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) std::uint32_t by_instruction(chain::ByteView bytes, std::uint32_t before) {
    std::uint64_t rest = ~before;
    while (bytes.size() >= 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), 8);
        rest = __builtin_ia32_crc32di(rest, word);
        bytes = bytes.subspan(8);
    }
    auto out = static_cast<std::uint32_t>(rest);
    for (const std::uint8_t byte : bytes) out = __builtin_ia32_crc32qi(out, byte);
    return ~out;
}

bool has_instruction() {
    static const bool has = __builtin_cpu_supports("sse4.2") != 0;
    return has;
}

#else

std::uint32_t by_instruction(chain::ByteView bytes, std::uint32_t before) { return crc32c_by_table(bytes, before); }
constexpr bool has_instruction() { return false; }

#endif

}  // namespace

std::uint32_t crc32c_by_table(chain::ByteView bytes, std::uint32_t before) {
    std::uint32_t rest = ~before;
    for (const std::uint8_t byte : bytes) rest = rest >> 8 ^ table[(rest ^ byte) & 0xff];
    return ~rest;
}

std::uint32_t crc32c(chain::ByteView bytes, std::uint32_t before) {
    return has_instruction() ? by_instruction(bytes, before) : crc32c_by_table(bytes, before);
}

}  // namespace consensus::safety
