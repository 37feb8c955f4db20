#include "chain/codec/scale.hpp"

namespace scale {

std::string_view text(Error error) {
    switch (error) {
        case Error::InputTooShort: return "the input ends too early";
        case Error::InputTooLong: return "bytes follow the end of the value";
        case Error::BadBool: return "a bool is neither 0 nor 1";
        case Error::BadVariant: return "an enum has no such variant";
        case Error::BadCompact: return "a compact number is not in its shortest form, or too large";
        case Error::CountTooLarge: return "a count exceeds its bound or what follows it";
        case Error::TooDeep: return "the value is nested too deeply";
    }
    return "unknown";
}

namespace {

void little_endian(u128 bits, int count, Bytes& out) {
    for (int i = 0; i < count; ++i) out.push_back(static_cast<std::uint8_t>(bits >> (8 * i)));
}

}  // namespace

void encode_compact(u128 value, Bytes& out) {
    if (value < (1U << 6)) return little_endian(value << 2, 1, out);
    if (value < (1U << 14)) return little_endian(value << 2 | 1, 2, out);
    if (value < (1U << 30)) return little_endian(value << 2 | 2, 4, out);
    int count = 4;
    while (count < 16 && value >> (8 * count) != 0) ++count;
    little_endian(static_cast<unsigned>(count - 4) << 2 | 3, 1, out);
    little_endian(value, count, out);
}

u128 decode_compact(Reader& in) {
    const auto first = static_cast<unsigned>(in.little_endian(1));
    const unsigned mode = first & 3;
    const std::size_t more = mode == 0 ? 0 : mode == 1 ? 1 : mode == 2 ? 3 : (first >> 2) + 4;
    if (more > 16) {
        in.fail(Error::BadCompact);
        return 0;
    }
    const u128 rest = in.little_endian(more);
    const u128 value = mode == 3 ? rest : (rest << 6 | first >> 2);
    // Only the shortest form is valid: two encodings of one value would be two hashes of one call.
    const bool shortest = mode == 0   ? true
                          : mode == 1 ? value >= 1U << 6
                          : mode == 2 ? value >= 1U << 14
                                      : value >= 1U << 30 && (more == 4 || value >> (8 * (more - 1)) != 0);
    if (!in.error() && !shortest) in.fail(Error::BadCompact);
    return in.error() ? 0 : value;
}

}  // namespace scale
