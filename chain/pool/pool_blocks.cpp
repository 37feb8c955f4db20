// What the pool does when the best chain moves.
#include "chain/base/check.hpp"
#include "chain/pool/pool.hpp"

#include <algorithm>

namespace pool {

using chain::check;

Effects Pool::advance(const ChainStep& step, Moment at, const Recheck& recheck) {
    Effects effects;
    for (const Hash& block : step.retracted) retract(block, effects);
    // Whatever the retracted blocks did to an account is undone: everyone is looked at again.
    if (!step.retracted.empty())
        for (const auto& [id, sender] : senders_) to_recheck_.insert(id);
    for (const EnactedBlock& block : step.enacted) enact(block, effects);
    limit_unfinalized(effects);
    expire(at, effects);
    recheck_some(at, recheck, effects);
    trim(effects);
    return effects;
}

/// Its transactions wait again, where they waited before.
void Pool::retract(const Hash& block, Effects& effects) {
    const auto found = blocks_.find(block);
    if (found == blocks_.end()) return;
    std::set<AccountId> senders;
    // Backwards, so that a sender's nonce goes down step by step.
    for (auto hash = found->second.transactions.rbegin(); hash != found->second.transactions.rend(); ++hash) {
        auto included = included_.take(*hash);
        check(included.has_value());
        Entry entry = std::move(included->entry);
        const CheckedTransaction& checked = entry.transaction->checked;
        effects.emplace_back(StatusChanged{*hash, Retracted{block}});
        const auto [sender, is_new] = senders_.try_emplace(checked.sender);
        sender->second.account_nonce = is_new ? checked.nonce : std::min(sender->second.account_nonce, checked.nonce);
        senders.insert(checked.sender);
        // Another one took its nonce meanwhile: it came first to the queue as it stands.
        if (sender->second.queue.contains(checked.nonce)) effects.emplace_back(StatusChanged{*hash, Dropped{}});
        else insert(std::move(entry));
    }
    for (const AccountId& sender : senders) settle(sender, effects);
    order_.erase({found->second.number, block});
    blocks_.erase(found);
}

void Pool::enact(const EnactedBlock& block, Effects& effects) {
    if (blocks_.contains(block.hash)) return;
    std::set<AccountId> senders;
    BlockOfOurs ours{.number = block.number, .transactions = {}};
    for (std::uint32_t index = 0; index < block.transactions.size(); ++index) {
        const Hash& hash = block.transactions[index];
        const Place* place = where_.find(hash);
        if (place == nullptr) continue;
        Sender& sender = senders_.at(place->sender);
        sender.account_nonce = std::max(sender.account_nonce, place->nonce + 1);
        senders.insert(place->sender);
        included_.insert(hash, {take(hash), block.hash, index});
        ours.transactions.push_back(hash);
        effects.emplace_back(StatusChanged{hash, InBlock{block.hash, index}});
    }
    for (const AccountId& sender : senders) settle(sender, effects);
    for (const AccountId& sender : block.touched)
        if (senders_.contains(sender)) to_recheck_.insert(sender);
    if (ours.transactions.empty()) return;
    order_.emplace(block.number, block.hash);
    blocks_.emplace(block.hash, std::move(ours));
}

Effects Pool::finalize(const Hash& block) {
    Effects effects;
    const auto found = blocks_.find(block);
    if (found == blocks_.end()) return effects;
    for (const Hash& hash : found->second.transactions) {
        const auto included = included_.take(hash);
        check(included.has_value());
        effects.emplace_back(StatusChanged{hash, Finalized{block, included->index}});
    }
    order_.erase({found->second.number, block});
    blocks_.erase(found);
    return effects;
}

Effects Pool::refused_in_block(const Hash& hash, const ValidityError& error, Moment at) {
    using enum chain::InvalidTransaction;
    Effects effects;
    const Place* place = where_.find(hash);
    const bool stays = chain::is(error, ExhaustsResources) || chain::is(error, Stale) || chain::is(error, Future);
    if (place == nullptr || stays) return effects;
    const AccountId sender = place->sender;
    leave(hash, Invalid{}, effects);
    static_cast<void>(reject(hash, error, at));
    settle(sender, effects);
    return effects;
}

/// Mortality and age. Visits every transaction: comparisons only.
void Pool::expire(Moment at, Effects& effects) {
    bans_.expire(at.now_ms);
    std::vector<std::pair<Hash, TransactionStatus>> gone;
    for (const auto& [id, sender] : senders_) {
        for (const auto& [nonce, entry] : sender.queue) {
            const Hash& hash = entry.transaction->checked.hash;
            if (entry.valid_until < at.best_number) gone.emplace_back(hash, Invalid{});
            else if (at.now_ms > entry.entered_ms && at.now_ms - entry.entered_ms > limits_.age_ms_max)
                gone.emplace_back(hash, Dropped{});
        }
    }
    std::set<AccountId> senders;
    for (auto& [hash, status] : gone) {
        senders.insert(where_.find(hash)->sender);
        leave(hash, std::move(status), effects);
    }
    for (const AccountId& sender : senders) settle(sender, effects);
}

void Pool::recheck_some(Moment at, const Recheck& recheck, Effects& effects) {
    for (std::size_t checks = 0; !to_recheck_.empty() && checks < limits_.rechecks_per_block_max;) {
        const AccountId sender = to_recheck_.extract(to_recheck_.begin()).value();
        if (senders_.contains(sender)) checks += recheck_sender(sender, at, recheck, effects);
    }
}

/// Returns how many checks it took.
std::size_t Pool::recheck_sender(const AccountId& id, Moment at, const Recheck& recheck, Effects& effects) {
    Sender& sender = senders_.at(id);
    std::vector<std::pair<Hash, ValidityError>> refused;
    for (auto& [nonce, entry] : sender.queue) {
        const auto checked = recheck(*entry.transaction);
        if (!checked) {
            refused.emplace_back(entry.transaction->checked.hash, checked.error());
            continue;
        }
        sender.account_nonce = checked->account_nonce;
        const std::uint64_t end = chain::saturating_add<std::uint64_t>(at.best_number, checked->longevity);
        entry.valid_until = static_cast<std::uint32_t>(std::min<std::uint64_t>(end, ~std::uint32_t{0}));
    }
    const std::size_t checks = sender.queue.size();
    for (const auto& [hash, error] : refused) {
        leave(hash, Invalid{}, effects);
        static_cast<void>(reject(hash, error, at));
    }
    settle(id, effects);
    return checks;
}

void Pool::limit_unfinalized(Effects& effects) {
    while (order_.size() > limits_.unfinalized_blocks_max) {
        const Hash block = order_.begin()->second;
        for (const Hash& hash : blocks_.at(block).transactions) {
            effects.emplace_back(StatusChanged{hash, FinalityTimeout{block}});
            included_.erase(hash);
        }
        order_.erase(order_.begin());
        blocks_.erase(block);
    }
}

void Pool::check_consistent() const {
    std::size_t count = 0;
    std::size_t ready = 0;
    std::size_t bytes = 0;
    std::size_t heads = 0;
    for (const auto& [id, sender] : senders_) {
        check(!sender.queue.empty());
        check(sender.tail && tails_.contains(*sender.tail));
        check(*sender.tail == rank_of(std::prev(sender.queue.end())->second));
        check(!sender.head || heads_.contains(*sender.head));
        if (sender.head) heads += 1;
        std::size_t sender_bytes = 0;
        for (const auto& [nonce, entry] : sender.queue) {
            const CheckedTransaction& checked = entry.transaction->checked;
            check(checked.sender == id && checked.nonce == nonce && nonce >= sender.account_nonce);
            const Place* place = where_.find(checked.hash);
            check(place != nullptr && place->sender == id && place->nonce == nonce && place->entry == &entry);
            check(!included_.contains(checked.hash));
            check(entry.standing != Standing::Unknown);
            count += 1;
            ready += entry.standing == Standing::Ready ? 1 : 0;
            sender_bytes += entry.transaction->extrinsic.size();
        }
        check(sender_bytes == sender.bytes);
        bytes += sender_bytes;
    }
    check(count == where_.size() && ready == ready_count_ && bytes == bytes_);
    check(tails_.size() == senders_.size() && heads_.size() == heads);
    check(blocks_.size() == order_.size());
}

}  // namespace pool
