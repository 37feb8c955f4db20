#include "consensus/safety/record.hpp"

#include <algorithm>

namespace consensus::safety {

std::optional<Record> decode_record(ByteView bytes) {
    auto record = scale::decode<Record>(bytes);
    if (!record || !std::ranges::equal(scale::encode<Record>(*record), bytes)) return std::nullopt;
    return *std::move(record);
}

}  // namespace consensus::safety
