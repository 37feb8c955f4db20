#include "chain/network/sync_messages.hpp"

#include "chain/network/wire.hpp"
#include "chain/network/wire.pb.h"

namespace network {

namespace {

// A certificate of 200 validators is 13 kB.
constexpr std::size_t sync_certificate_bytes_max = 64 << 10;
constexpr std::size_t other_sync_fields_max = 32;

}  // namespace

Bytes encode(const SyncRequest& request) {
    wire::SyncRequest out;
    out.set_id(request.id);
    out.set_first(request.first);
    if (request.back_from) out.set_back_from(request.back_from->value.data(), request.back_from->value.size());
    out.set_count(request.count);
    out.set_headers_only(request.is_headers_only);
    return wire_bytes(out);
}

std::optional<SyncRequest> decode_sync_request(ByteView bytes) {
    const auto in = parse_wire<wire::SyncRequest>(bytes, other_sync_fields_max);
    if (!in || in->count() == 0 || in->count() > sync_blocks_max) return std::nullopt;
    SyncRequest out{.id = in->id(), .first = in->first(), .count = in->count(), .is_headers_only = in->headers_only()};
    if (!in->back_from().empty()) {
        out.back_from = hash_of(in->back_from());
        if (!out.back_from) return std::nullopt;
    }
    return out;
}

Bytes encode(const SyncResponse& response) {
    wire::SyncResponse out;
    out.set_id(response.id);
    out.set_first(response.first);
    for (const Bytes& block : response.blocks) out.add_blocks(block.data(), block.size());
    out.set_certificate(response.certificate.data(), response.certificate.size());
    out.set_certified(response.certified);
    out.set_finalized(response.finalized);
    return wire_bytes(out);
}

std::optional<SyncResponse> decode_sync_response(ByteView bytes) {
    const auto in = parse_wire<wire::SyncResponse>(bytes, sync_blocks_max + other_sync_fields_max);
    if (!in || static_cast<std::uint32_t>(in->blocks_size()) > sync_blocks_max) return std::nullopt;
    if (in->certificate().size() > sync_certificate_bytes_max) return std::nullopt;
    SyncResponse out{.id = in->id(),
                     .first = in->first(),
                     .certificate = chain::to_bytes(in->certificate()),
                     .certified = in->certified(),
                     .finalized = in->finalized()};
    for (const std::string& block : in->blocks()) out.blocks.push_back(chain::to_bytes(block));
    return out;
}

}  // namespace network
