#include "chain/ledger/kept.hpp"

namespace ledger {

namespace {

std::size_t size_of(const Block& block) {
    std::size_t bytes = 512;  // header and bookkeeping
    for (const auto& extrinsic : block.extrinsics) bytes += extrinsic.size() + sizeof(extrinsic);
    return bytes;
}

}  // namespace

BlockPtr KeptBlocks::find(const Hash& hash) const {
    const auto at = blocks_.find(hash);
    return at == blocks_.end() ? nullptr : at->second.block;
}

void KeptBlocks::keep(const Hash& hash, BlockPtr block) {
    const std::size_t bytes = size_of(*block);
    if (!blocks_.emplace(hash, Entry{std::move(block), bytes, false}).second) return;
    order_.push_back(hash);
    bytes_ += bytes;
    while (blocks_.size() > limits_.blocks_max || (bytes_ > limits_.bytes_max && blocks_.size() > 1)) {
        forget(order_.front());
        order_.pop_front();
    }
}

void KeptBlocks::note_checked(const Hash& hash) {
    if (const auto at = blocks_.find(hash); at != blocks_.end()) at->second.is_checked = true;
}

bool KeptBlocks::is_checked(const Hash& hash) const {
    const auto at = blocks_.find(hash);
    return at != blocks_.end() && at->second.is_checked;
}

void KeptBlocks::drop_through(std::uint32_t number) {
    std::deque<Hash> left;
    for (const Hash& hash : order_) {
        const auto at = blocks_.find(hash);
        if (at == blocks_.end()) continue;
        if (at->second.block->header.number.value > number) left.push_back(hash);
        else forget(hash);
    }
    order_ = std::move(left);
}

void KeptBlocks::forget(const Hash& hash) {
    const auto at = blocks_.find(hash);
    if (at == blocks_.end()) return;
    bytes_ -= at->second.bytes;
    blocks_.erase(at);
}

}  // namespace ledger
