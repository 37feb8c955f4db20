#include "chain/state/memory_nodes.hpp"

#include "chain/crypto/twox.hpp"

#include <string_view>

namespace state {

namespace {

std::string as_string(ByteView bytes) { return std::string{chain::as_text(bytes)}; }

}  // namespace

std::size_t MemoryNodes::PathHash::operator()(std::string_view path) const {
    return crypto::xxh::fast({reinterpret_cast<const std::uint8_t*>(path.data()), path.size()}, 0);
}

std::optional<Bytes> MemoryNodes::node(ByteView path) const {
    const auto found = branches_.find(chain::as_text(path));
    return found == branches_.end() ? std::nullopt : std::optional{chain::to_bytes(found->second)};
}

void MemoryNodes::apply(const NodeDiff& diff) {
    for (const auto& [path, record] : diff) {
        if (record) branches_.insert_or_assign(as_string(path), as_string(*record));
        else branches_.erase(as_string(path));
    }
}

}  // namespace state
