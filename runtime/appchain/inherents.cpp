#include "runtime/appchain/inherents.hpp"

#include "chain/block/extrinsic.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"

namespace runtime {

chain::Bytes timestamp_inherent(std::uint64_t timestamp_ms) {
    const auto call = frame::to_call(timestamp::Set{.now = {timestamp_ms}});
    return chain::encode_extrinsic({.signed_part = std::nullopt, .call = call.encoded});
}

std::optional<std::uint64_t> timestamp_of(const chain::Block& block) {
    if (block.extrinsics.empty()) return std::nullopt;
    const auto extrinsic = chain::decode_extrinsic(block.extrinsics.front());
    if (!extrinsic || extrinsic->signed_part || extrinsic->call.size() < 2) return std::nullopt;
    const chain::ByteView call = extrinsic->call;
    if (call[0] != timestamp::index || call[1] != timestamp::Set::index) return std::nullopt;
    const auto set = scale::decode<timestamp::Set>(call.subspan(2));
    return set ? std::optional{set->now.value} : std::nullopt;
}

}  // namespace runtime
