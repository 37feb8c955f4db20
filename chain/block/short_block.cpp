#include "chain/block/short_block.hpp"

#include "chain/base/check.hpp"

#include <algorithm>
#include <utility>

namespace chain {

ShortId short_id(const Hash& extrinsic) {
    ShortId out;
    std::copy_n(extrinsic.value.begin(), out.size(), out.begin());
    return out;
}

ShortBlock shorten(const Block& block, const std::vector<bool>& is_known) {
    check(is_known.size() == block.extrinsics.size());
    ShortBlock out{.header = block.header};
    out.parts.reserve(block.extrinsics.size());
    for (std::size_t i = 0; i < is_known.size(); ++i) {
        const Bytes& extrinsic = block.extrinsics[i];
        if (is_known[i]) out.parts.emplace_back(short_id(extrinsic_hash(extrinsic)));
        else out.parts.emplace_back(extrinsic);
    }
    return out;
}

FilledBlock fill(ShortBlock given, const ShortBlockParts& parts, const FindExtrinsics& find) {
    FilledBlock out{.kind = FilledBlock::Kind::Complete, .block = {.header = std::move(given.header)}};
    auto& extrinsics = out.block.extrinsics;
    extrinsics.resize(given.parts.size());
    std::vector<ShortId> sought;
    std::vector<std::uint32_t> places;
    for (std::uint32_t i = 0; i < given.parts.size(); ++i) {
        if (auto* whole = std::get_if<Bytes>(&given.parts[i])) {
            extrinsics[i] = std::move(*whole);
        } else if (const auto part = parts.find(i); part != parts.end()) {
            extrinsics[i] = part->second;
        } else {
            sought.push_back(std::get<ShortId>(given.parts[i]));
            places.push_back(i);
        }
    }
    const auto found = sought.empty() ? std::vector<std::shared_ptr<const Bytes>>{} : find(sought);
    check(found.size() == sought.size());
    for (std::size_t i = 0; i < found.size(); ++i)
        if (found[i]) extrinsics[places[i]] = *found[i];
        else out.missing.push_back(places[i]);
    if (!out.missing.empty()) out.kind = FilledBlock::Kind::Missing;
    else if (extrinsics_root(extrinsics) != out.block.header.extrinsics_root) out.kind = FilledBlock::Kind::Wrong;
    if (out.kind != FilledBlock::Kind::Complete) extrinsics.clear();
    return out;
}

}  // namespace chain
