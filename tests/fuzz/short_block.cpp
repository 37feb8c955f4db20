// A short block comes back from its bytes; what fills it in is whole only with the extrinsics of its header.

#include "chain/block/short_block.hpp"

#include "chain/base/check.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using namespace chain;

void short_block_bytes(fuzz::Input input) {
    const auto given = scale::decode<ShortBlock>(input.rest());
    if (given) check(scale::encode(*given).size() <= input.rest().size() + 8);
    if (given) check(*scale::decode<ShortBlock>(scale::encode(*given)) == *given);
}

/// A block of a few small extrinsics; each is known, named and missing, or under another one's name.
void short_block_fill(fuzz::Input input) {
    Block block;
    for (std::size_t i = input.below(8); i > 0; --i) block.extrinsics.push_back(to_bytes(input.bytes(1 + i % 3)));
    block.header.extrinsics_root = extrinsics_root(block.extrinsics);
    std::vector<bool> is_known;
    std::map<ShortId, std::shared_ptr<const Bytes>> held;
    ShortBlockParts parts;
    for (std::uint32_t i = 0; i < block.extrinsics.size(); ++i) {
        const std::size_t fate = input.below(5);
        const Bytes& extrinsic = block.extrinsics[i];
        is_known.push_back(fate > 0);
        const ShortId name = short_id(extrinsic_hash(extrinsic));
        if (fate == 1) held[name] = std::make_shared<const Bytes>(extrinsic);
        if (fate == 2) held[name] = std::make_shared<const Bytes>(to_bytes(input.bytes(2)));
        if (fate == 3) parts[i] = to_bytes(input.bytes(2));
    }
    const auto find = [&](const std::vector<ShortId>& names) {
        std::vector<std::shared_ptr<const Bytes>> out;
        for (const ShortId& name : names) out.push_back(held.contains(name) ? held.at(name) : nullptr);
        return out;
    };
    const FilledBlock filled = fill(shorten(block, is_known), parts, find);
    if (filled.kind == FilledBlock::Kind::Complete) check(filled.block == block);
    else check(filled.block.extrinsics.empty());
    check(filled.missing.empty() == (filled.kind != FilledBlock::Kind::Missing));
    for (const std::uint32_t place : filled.missing) check(place < is_known.size() && is_known[place]);
}

const fuzz::Target bytes{"short_block_bytes", short_block_bytes};
const fuzz::Target filling{"short_block_fill", short_block_fill};

}  // namespace
