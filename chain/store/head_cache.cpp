#include "chain/store/head_cache.hpp"

#include <utility>

namespace store {
namespace {

HeadCache::Known known(std::string_view bytes, bool is_present) {
    if (!is_present) return std::nullopt;
    return Bytes{bytes.begin(), bytes.end()};
}

}  // namespace

std::size_t HeadCache::cost(std::string_view key, const Value& value) {
    // Node, bucket and two string objects; texts of up to 15 bytes live inside of theirs.
    constexpr std::size_t overhead = 112;
    return overhead + (key.size() > 15 ? key.size() + 16 : 0) + (value.bytes.size() > 15 ? value.bytes.size() + 16 : 0);
}

std::optional<HeadCache::Known> HeadCache::find(std::uint32_t block, ByteView key) {
    const std::string_view text = chain::as_text(key);
    const std::lock_guard lock{mutex_};
    if (block != block_) return std::nullopt;
    if (const auto at = young_.find(text); at != young_.end()) return known(at->second.bytes, at->second.is_present);
    const auto at = old_.find(text);
    if (at == old_.end()) return std::nullopt;
    auto out = known(at->second.bytes, at->second.is_present);
    put(key, out);
    return out;
}

void HeadCache::remember(std::uint32_t block, ByteView key, const Known& value) {
    const std::lock_guard lock{mutex_};
    if (block == block_) put(key, value);
}

void HeadCache::put(ByteView key, const Known& value) {
    const std::string_view text = chain::as_text(key);
    if (const auto at = old_.find(text); at != old_.end()) {
        old_bytes_ -= cost(text, at->second);
        old_.erase(at);
    }
    Value fresh{value ? std::string{chain::as_text(*value)} : std::string{}, value.has_value()};
    const auto at = young_.find(text);
    if (at != young_.end()) young_bytes_ -= cost(text, at->second);
    young_bytes_ += cost(text, fresh);
    if (at != young_.end()) at->second = std::move(fresh);
    else young_.emplace(text, std::move(fresh));
    if (young_bytes_ <= bytes_max_ / 2) return;
    old_ = std::exchange(young_, {});
    old_bytes_ = std::exchange(young_bytes_, 0);
}

std::size_t HeadCache::size() const {
    const std::lock_guard lock{mutex_};
    return young_bytes_ + old_bytes_;
}

}  // namespace store
