#include "chain/ledger/forks.hpp"

#include "chain/base/check.hpp"

#include <algorithm>

namespace ledger {

ExecutedPtr Forks::find(const Hash& hash) const {
    const auto at = blocks_.find(hash);
    return at == blocks_.end() ? nullptr : at->second.block;
}

std::uint32_t Forks::best_number() const {
    const auto best = find(best_);
    return best ? best->number : root_number_;
}

Forks::Rank Forks::rank_of(const Hash& hash) const {
    const auto at = blocks_.find(hash);
    return at == blocks_.end() ? Rank{} : at->second.rank;
}

bool Forks::insert(ExecutedPtr block) {
    chain::check(can_carry(block->block.header.parent_hash));
    chain::check(block->number > root_number_);
    if (blocks_.size() >= blocks_max) return false;
    const auto place = chain::consensus_digest(block->block.header.digest).value_or(chain::ConsensusDigest{});
    const Rank rank{place.epoch, place.view, block->number};
    const Hash hash = block->hash;
    blocks_.emplace(hash, Node{std::move(block), rank, false});
    return true;
}

std::vector<ExecutedPtr> Forks::certify(const Hash& hash) {
    chain::check(blocks_.contains(hash));
    std::vector<ExecutedPtr> fresh;
    for (const auto& block : path_to(hash)) {
        Node& node = blocks_.at(block->hash);
        if (!node.is_certified) fresh.push_back(block);
        node.is_certified = true;
    }
    if (rank_of(hash) > rank_of(best_)) best_ = hash;
    return fresh;
}

std::vector<ExecutedPtr> Forks::path_to(const Hash& hash) const {
    std::vector<ExecutedPtr> path;
    for (auto at = find(hash); at; at = find(at->block.header.parent_hash)) path.push_back(at);
    std::ranges::reverse(path);
    return path;
}

BestMove Forks::move(const Hash& from, const Hash& to) const {
    BestMove out{path_to(from), path_to(to)};
    const auto common = std::ranges::mismatch(out.left, out.joined);
    out.left.erase(out.left.begin(), common.in1);
    out.joined.erase(out.joined.begin(), common.in2);
    std::ranges::reverse(out.left);
    return out;
}

bool Forks::stands_on(const Hash& hash, const Hash& below) const {
    for (auto at = find(hash); at; at = find(at->block.header.parent_hash))
        if (at->hash == below) return true;
    return false;
}

void Forks::prefer(const Hash& hash) {
    chain::check(blocks_.contains(hash));
    if (stands_on(best_, hash)) return;
    best_ = hash;
    for (const auto& [name, node] : blocks_)
        if (node.is_certified && node.rank > rank_of(best_) && stands_on(name, hash)) best_ = name;
}

std::vector<ExecutedPtr> Forks::finalize(const Hash& hash) {
    prefer(hash);
    std::vector<ExecutedPtr> lost;
    std::vector<Hash> gone;
    for (const auto& [name, node] : blocks_) {
        const bool stays = name != hash && stands_on(name, hash);
        if (stays) continue;
        gone.push_back(name);
        if (!stands_on(hash, name)) lost.push_back(node.block);
    }
    root_number_ = find(hash)->number;
    root_ = hash;
    for (const Hash& name : gone) blocks_.erase(name);
    return lost;
}

}  // namespace ledger
