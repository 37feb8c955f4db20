#include "chain/network/wire.hpp"

namespace network {

namespace {

std::optional<std::uint64_t> take_varint(chain::ByteView& bytes) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
        const std::uint8_t byte = bytes.front();
        bytes = bytes.subspan(1);
        value |= std::uint64_t{byte & 0x7fu} << shift;
        if ((byte & 0x80) == 0) return value;
    }
    return std::nullopt;
}

bool skip(chain::ByteView& bytes, std::uint64_t count) {
    if (count > bytes.size()) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    return true;
}

bool skip_field(chain::ByteView& bytes) {
    const auto tag = take_varint(bytes);
    if (!tag) return false;
    switch (*tag & 7) {
        case 0: return take_varint(bytes).has_value();
        case 1: return skip(bytes, 8);
        case 2: {
            const auto size = take_varint(bytes);
            return size && skip(bytes, *size);
        }
        case 5: return skip(bytes, 4);
        default: return false;  // groups: nobody writes them
    }
}

}  // namespace

bool has_fields_at_most(chain::ByteView bytes, std::size_t most) {
    for (std::size_t count = 0; !bytes.empty(); ++count)
        if (count == most || !skip_field(bytes)) return false;
    return true;
}

}  // namespace network
