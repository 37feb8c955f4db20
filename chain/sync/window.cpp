#include "chain/sync/window.hpp"

#include <algorithm>
#include <iterator>

namespace block_sync {

void Window::add(std::uint32_t number, Held held) {
    const std::size_t bytes = held.bytes;
    if (blocks_.emplace(number, std::move(held)).second) bytes_ += bytes;
}

void Window::add(std::uint32_t number, votes::Certificate certificate, Peer from) {
    const auto [begin, end] = claims_.equal_range(number);
    const bool is_known = std::any_of(begin, end, [&](const auto& entry) { return entry.second.from == from; });
    if (!is_known) claims_.emplace(number, Claim{std::move(certificate), from});
}

void Window::drop(std::uint32_t number) {
    const auto at = blocks_.find(number);
    if (at == blocks_.end()) return;
    bytes_ -= at->second.bytes;
    blocks_.erase(at);
}

void Window::drop_through(std::uint32_t number) {
    while (!blocks_.empty() && blocks_.begin()->first <= number) drop(blocks_.begin()->first);
    claims_.erase(claims_.begin(), claims_.upper_bound(number));
}

void Window::clear() {
    blocks_.clear();
    claims_.clear();
    bytes_ = 0;
}

bool Window::holds_true(Claim& claim, const Local& local) const {
    if (!claim.is_checked)
        claim.is_checked = claim.certificate.statement.kind == votes::Kind::Finalize &&
                           votes::verify(claim.certificate, genesis_, local.table, scheme_).has_value();
    return claim.is_checked;
}

Window::Claims::iterator Window::drop_forged(Claims::iterator claim, Findings& findings) {
    const Peer forger = claim->second.from;
    findings.forgers.insert(forger);
    for (auto at = blocks_.begin(); at != blocks_.end();) {
        const auto next = std::next(at);
        if (at->second.from == forger) drop(at->first);
        at = next;
    }
    return claims_.erase(claim);
}

void Window::drop_misplaced(const Local& local, Findings& findings) {
    for (auto at = claims_.begin(); at != claims_.end() && at->first <= local.boundary;)
        at = at->second.certificate.statement.epoch == local.epoch ? std::next(at) : drop_forged(at, findings);
    const bool has_any = claims_.upper_bound(local.number) != claims_.upper_bound(local.boundary);
    if (blocks_.contains(local.boundary) && !has_any) expose(local.boundary, local.number + 1, findings);
}

Window::Claims::iterator Window::choose(const Local& local, std::uint32_t have_to, std::size_t blocks_aim) {
    auto best = claims_.end();
    for (auto at = claims_.upper_bound(local.number);
         at != claims_.end() && at->first <= have_to && at->first <= local.boundary; ++at) {
        if (best != claims_.end() && at->first > local.number + blocks_aim) break;
        best = at;
    }
    return best;
}

void Window::expose(std::uint32_t number, std::uint32_t lowest, Findings& findings) {
    const Peer liar = blocks_.at(number).from;
    findings.liars.insert(liar);
    for (std::uint32_t at = number; at >= lowest; --at) {
        const auto held = blocks_.find(at);
        if (held != blocks_.end() && held->second.from == liar) drop(at);
    }
}

Findings Window::take(const Local& local, std::size_t blocks_aim) {
    Findings out;
    drop_misplaced(local, out);
    for (;;) {
        std::uint32_t have_to = local.number;
        while (blocks_.contains(have_to + 1)) ++have_to;
        const auto chosen = choose(local, have_to, blocks_aim);
        if (chosen == claims_.end()) return out;
        const std::uint32_t last = chosen->first;
        if (!holds_true(chosen->second, local)) {
            drop_forged(chosen, out);
            continue;
        }
        // From the proved block down; whatever does not have the hash that its child names is a lie.
        const std::uint32_t lowest = local.number + 1;
        Hash expected = chosen->second.certificate.statement.block;
        std::uint32_t at = last;
        while (at >= lowest && blocks_.at(at).hash == expected) expected = blocks_.at(at--).block.header.parent_hash;
        if (at >= lowest) {
            expose(at, lowest, out);
            continue;
        }
        if (expected != local.hash) {
            out.contradicts = true;
            return out;
        }
        Proved proved{.blocks = {},
                      .last = chosen->second.certificate.statement.block,
                      .certificate = std::move(chosen->second.certificate)};
        for (std::uint32_t number = lowest; number <= last; ++number)
            proved.blocks.push_back(std::move(blocks_.at(number).block));
        drop_through(last);
        out.proved = std::move(proved);
        return out;
    }
}

}  // namespace block_sync
