#include "tools/application/served_chain.hpp"

#include <algorithm>

namespace node {

std::optional<chain::Bytes> ServedChain::block(std::uint32_t number) const {
    const auto hash = ledger_.hash_of(number);
    const auto block = hash ? ledger_.block(*hash) : std::nullopt;
    return block ? std::optional{scale::encode(*block)} : std::nullopt;
}

std::optional<chain::Header> ServedChain::header(std::uint32_t number) const {
    const auto hash = ledger_.hash_of(number);
    return hash ? ledger_.header(*hash) : std::nullopt;
}

chain::Bytes ServedChain::certificate(std::uint32_t number) const {
    const auto hash = ledger_.hash_of(number);
    return hash ? ledger_.certificate(*hash).value_or(chain::Bytes{}) : chain::Bytes{};
}

network::SyncResponse ServedChain::answer(const network::SyncRequest& request) const {
    block_sync::Request range{.id = request.id, .first = request.first, .count = request.count};
    if (request.back_from) {
        const auto header = ledger_.header(*request.back_from);
        if (!header) return {.id = request.id, .first = request.first, .finalized = finalized()};
        const std::uint32_t last = header->number.value;
        range.count = std::min(range.count, last + 1);
        range.first = last + 1 - range.count;
    }
    auto found = block_sync::serve(*this, range);
    network::SyncResponse out{.id = found.id,
                              .first = found.first,
                              .blocks = std::move(found.blocks),
                              .certificate = std::move(found.proof),
                              .certified = found.certified,
                              .finalized = found.finalized};
    if (!request.is_headers_only) return out;
    for (chain::Bytes& block : out.blocks)
        if (const auto decoded = scale::decode<chain::Block>(block)) block = scale::encode(decoded->header);
    return out;
}

}  // namespace node
