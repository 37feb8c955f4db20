#include "chain/base/check.hpp"
#include "chain/state/trie_update.hpp"

namespace state {

void RecordBatch::add(std::optional<ByteView> record) {
    if (record) chain::append(bytes_, *record);
    ends_.emplace_back(bytes_.size(), record.has_value());
}

void RecordBatch::reserve(std::size_t records, std::size_t bytes) {
    ends_.reserve(records);
    bytes_.reserve(bytes);
}

std::optional<ByteView> RecordBatch::record(std::size_t i) const {
    chain::check(i < ends_.size());
    const auto [end, present] = ends_[i];
    const std::size_t start = i == 0 ? 0 : ends_[i - 1].first;
    return present ? std::optional{ByteView{bytes_}.subspan(start, end - start)} : std::nullopt;
}

RecordBatch NodeView::nodes(std::span<const ByteView> paths) const {
    RecordBatch records;
    for (const ByteView path : paths) {
        const auto record = node(path);
        records.add(record ? std::optional{ByteView{*record}} : std::nullopt);
    }
    return records;
}

}  // namespace state
