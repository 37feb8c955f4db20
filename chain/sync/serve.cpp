#include "chain/sync/serve.hpp"

#include "chain/votes/vote.hpp"

#include <algorithm>

namespace block_sync {

namespace {

/// Nothing where the block has no certificate.
std::optional<Proof> proof_of(const Source& source, std::uint32_t number) {
    auto certificate = scale::decode<votes::Certificate>(source.certificate(number));
    auto header = source.header(number);
    if (!certificate || !header) return std::nullopt;
    return Proof{*std::move(certificate), *std::move(header)};
}

}  // namespace

Response serve(const Source& source, const Request& request) {
    Response out{.id = request.id, .first = request.first, .finalized = source.finalized()};
    const std::uint32_t count = std::min(request.count, request_blocks_max);
    std::size_t bytes = 0;
    std::size_t certified = 0;  // blocks up to the last one that has a certificate
    std::optional<Proof> proof;
    for (std::uint32_t i = 0; i < count && request.first + std::uint64_t{i} <= out.finalized; ++i) {
        const std::uint32_t number = request.first + i;
        auto block = source.block(number);
        if (!block || (!out.blocks.empty() && bytes + block->size() > answer_bytes_max)) break;
        bytes += block->size();
        out.blocks.push_back(*std::move(block));
        auto own = proof_of(source, number);
        if (!own) continue;
        if (proof && own->certificate.statement.epoch != proof->certificate.statement.epoch) break;
        proof = std::move(own);
        certified = out.blocks.size();
    }
    const std::uint64_t above = std::uint64_t{request.first} + out.blocks.size();
    if (proof) out.blocks.resize(certified);
    else if (out.blocks.empty()) return out;
    const std::uint64_t end = std::min<std::uint64_t>(above + certificate_distance_max, out.finalized);
    for (std::uint64_t number = above; number <= end && !proof; ++number)
        proof = proof_of(source, static_cast<std::uint32_t>(number));
    if (!proof) return out;
    out.certified = proof->header.number.value;
    out.proof = scale::encode(*proof);
    return out;
}

}  // namespace block_sync
