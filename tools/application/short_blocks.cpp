// Blocks in short form, out of the pool and into it.

#include "chain/block/short_block.hpp"
#include "tools/application/ledger_application.hpp"

namespace node {

consensus::Payload LedgerApplication::shorten(const chain::Hash& hash) {
    const auto block = ledger_.find(hash);
    if (!block) return nullptr;
    const auto is_known = ledger_.have_waited(*block, known_after_ms);
    std::size_t spared = 0;
    for (std::size_t i = 0; i < is_known.size(); ++i)
        if (const std::size_t bytes = block->extrinsics[i].size(); is_known[i] && bytes > sizeof(chain::ShortId))
            spared += bytes - sizeof(chain::ShortId);
    if (spared < spared_bytes_min) return nullptr;
    return std::make_shared<const chain::Bytes>(scale::encode(chain::shorten(*block, is_known)));
}

consensus::Restored LedgerApplication::restore(const chain::Hash& hash, const consensus::Payload& shortened,
                                               const std::map<std::uint32_t, chain::Bytes>& parts) {
    auto given = scale::decode<chain::ShortBlock>(*shortened);
    if (!given || chain::hash_of(given->header) != hash) return {};
    const auto find = [this](const std::vector<chain::ShortId>& names) {
        std::vector<std::shared_ptr<const chain::Bytes>> out;
        for (const auto& pooled : ledger_.pooled(names))
            out.push_back(pooled ? std::shared_ptr<const chain::Bytes>{pooled, &pooled->extrinsic} : nullptr);
        return out;
    };
    auto filled = chain::fill(*std::move(given), parts, find);
    if (filled.kind != chain::FilledBlock::Kind::Complete) return {.missing = std::move(filled.missing)};
    auto payload = std::make_shared<const chain::Bytes>(scale::encode(filled.block));
    ledger_.keep(std::move(filled.block));
    return {.block = std::move(payload)};
}

std::optional<std::vector<chain::Bytes>> LedgerApplication::parts(const chain::Hash& hash,
                                                                  const std::vector<std::uint32_t>& places) {
    const auto block = ledger_.find(hash);
    if (!block) return std::nullopt;
    std::vector<chain::Bytes> out;
    for (const std::uint32_t place : places) {
        if (place >= block->extrinsics.size()) return std::nullopt;
        out.push_back(block->extrinsics[place]);
    }
    return out;
}

}  // namespace node
