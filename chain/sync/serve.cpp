#include "chain/sync/serve.hpp"

#include "chain/votes/vote.hpp"

#include <algorithm>

namespace block_sync {

namespace {

/// Nothing for bytes that are no certificate.
std::optional<std::uint64_t> epoch_of(const Bytes& certificate) {
    const auto decoded = scale::decode<votes::Certificate>(certificate);
    return decoded ? std::optional{decoded->statement.epoch} : std::nullopt;
}

}  // namespace

Response serve(const Source& source, const Request& request) {
    Response out{.id = request.id, .first = request.first, .finalized = source.finalized()};
    const std::uint32_t count = std::min(request.count, request_blocks_max);
    std::size_t bytes = 0;
    std::size_t certified = 0;  // blocks up to the last one that has a certificate
    for (std::uint32_t i = 0; i < count && request.first + std::uint64_t{i} <= out.finalized; ++i) {
        const std::uint32_t number = request.first + i;
        auto block = source.block(number);
        if (!block || (!out.blocks.empty() && bytes + block->size() > answer_bytes_max)) break;
        bytes += block->size();
        out.blocks.push_back(*std::move(block));
        if (auto certificate = source.certificate(number); !certificate.empty()) {
            if (certified != 0 && epoch_of(certificate) != epoch_of(out.certificate)) break;
            out.certificate = std::move(certificate);
            out.certified = number;
            certified = out.blocks.size();
        }
    }
    if (certified != 0) {
        out.blocks.resize(certified);
        return out;
    }
    if (out.blocks.empty()) return out;
    const std::uint64_t above = std::uint64_t{request.first} + out.blocks.size();
    const std::uint64_t end = std::min<std::uint64_t>(above + certificate_distance_max, out.finalized);
    for (std::uint64_t number = above; number <= end && out.certificate.empty(); ++number) {
        out.certificate = source.certificate(static_cast<std::uint32_t>(number));
        out.certified = static_cast<std::uint32_t>(number);
    }
    return out;
}

}  // namespace block_sync
