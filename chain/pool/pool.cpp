#include "chain/pool/pool.hpp"

#include "chain/base/check.hpp"

#include <algorithm>
#include <queue>

namespace pool {

using chain::check;
using chain::InvalidTransaction;

namespace {

/// Errors that no later block heals: not worth a second look.
bool is_for_good(const ValidityError& error) {
    using enum InvalidTransaction;
    const auto* invalid = std::get_if<chain::Invalid>(&error);
    if (invalid == nullptr) return false;
    switch (invalid->reason) {
        case BadProof:
        case AncientBirthBlock:
        case BadMandatory:
        case MandatoryValidation:
        case BadSigner: return true;
        default: return false;
    }
}

std::uint32_t last_valid(const CheckedTransaction& checked, std::uint32_t best_number) {
    const std::uint64_t end = chain::saturating_add<std::uint64_t>(best_number, checked.longevity);
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(end, ~std::uint32_t{0}));
}

}  // namespace

Pool::Pool(const Limits& limits) : limits_(limits), bans_(limits.ban_ms, limits.bans_max) {}

Result<void, Refusal> Pool::may_enter(const Hash& hash, std::size_t extrinsic_bytes, Moment at) const {
    if (extrinsic_bytes > limits_.extrinsic_bytes_max)
        return std::unexpected{refusal_of(chain::Invalid{InvalidTransaction::ExhaustsResources})};
    if (find(hash)) return std::unexpected{already_imported(hash)};
    if (bans_.contains(hash, at.now_ms)) return std::unexpected{banned()};
    return {};
}

Refusal Pool::reject(const Hash& hash, const ValidityError& error, Moment at) {
    if (is_for_good(error)) bans_.add(hash, at.now_ms);
    return refusal_of(error);
}

Result<Effects, Refusal> Pool::submit(Pooled newcomer, Moment at) {
    const CheckedTransaction& checked = newcomer.checked;
    TRY_VOID(may_enter(checked.hash, newcomer.extrinsic.size(), at));
    // Only a signed transaction has a nonce and a payer; inherents are made by the block's author.
    if (!checked.is_signed)
        return std::unexpected{refusal_of(chain::Unknown{chain::UnknownTransaction::NoUnsignedValidator})};
    TRY_VOID(may_join(newcomer));
    TRY(const std::vector<Hash> victims, victims_for(newcomer));

    Effects effects;
    for (const Hash& victim : victims) {
        const AccountId loser = where_.find(victim)->sender;
        leave(victim, Dropped{}, effects);
        settle(loser, effects);
    }
    const AccountId sender = checked.sender;
    if (const auto found = senders_.find(sender); found != senders_.end()) {
        if (const auto old = found->second.queue.find(checked.nonce); old != found->second.queue.end())
            leave(old->second.transaction->checked.hash, Usurped{checked.hash}, effects);
    }
    Sender& queue_owner = senders_[sender];
    queue_owner.account_nonce = std::max(queue_owner.account_nonce, checked.account_nonce);
    const std::uint32_t valid_until = last_valid(checked, at.best_number);
    insert({.transaction = std::make_shared<const Pooled>(std::move(newcomer)),
            .arrival = ++arrivals_,
            .entered_ms = at.now_ms,
            .valid_until = valid_until});
    settle(sender, effects);
    return effects;
}

/// The bounds of the sender's own queue, and the price of a replacement.
Result<void, Refusal> Pool::may_join(const Pooled& newcomer) const {
    const CheckedTransaction& checked = newcomer.checked;
    const auto found = senders_.find(checked.sender);
    const bool known = found != senders_.end();
    const std::uint32_t next = std::max(checked.account_nonce, known ? found->second.account_nonce : 0);
    if (checked.nonce < next) return std::unexpected{refusal_of(chain::Invalid{InvalidTransaction::Stale})};

    std::size_t count = 1;
    std::size_t bytes = newcomer.extrinsic.size();
    std::uint32_t waiting_before = 0;
    if (known) {
        const Sender& sender = found->second;
        count += sender.queue.size();
        bytes += sender.bytes;
        const auto at = sender.queue.lower_bound(checked.nonce);
        waiting_before = static_cast<std::uint32_t>(std::distance(sender.queue.lower_bound(next), at));
        if (at != sender.queue.end() && at->first == checked.nonce) {
            TRY_VOID(may_replace(*at->second.transaction, newcomer));
            count -= 1;
            bytes -= at->second.transaction->extrinsic.size();
        }
    }
    const bool too_far = checked.nonce - next - waiting_before > limits_.nonce_gap_max;
    if (too_far || count > limits_.per_sender_max || bytes > limits_.per_sender_bytes_max)
        return std::unexpected{immediately_dropped()};
    return {};
}

Result<void, Refusal> Pool::may_replace(const Pooled& old, const Pooled& newcomer) const {
    const chain::u128 raise = old.checked.tip / limits_.replacement_tip_divisor;
    const chain::u128 needed = chain::saturating_add(old.checked.tip, std::max<chain::u128>(raise, 1));
    if (newcomer.checked.tip < needed) return std::unexpected{too_low_priority(needed, newcomer.checked.tip)};
    // A higher tip on a heavier call can still be worth less per weight.
    if (newcomer.checked.priority < old.checked.priority)
        return std::unexpected{too_low_priority(old.checked.priority, newcomer.checked.priority)};
    return {};
}

/// Who would have to leave for the newcomer, or its refusal if that would take one that ranks no lower.
Result<std::vector<Hash>, Refusal> Pool::victims_for(const Pooled& newcomer) const {
    std::size_t count = where_.size() + 1;
    std::size_t bytes = bytes_ + newcomer.extrinsic.size();
    if (const auto found = senders_.find(newcomer.checked.sender); found != senders_.end()) {
        const auto old = found->second.queue.find(newcomer.checked.nonce);
        if (old != found->second.queue.end()) {
            count -= 1;
            bytes -= old->second.transaction->extrinsic.size();
        }
    }
    std::vector<Hash> victims;
    if (count <= limits_.transactions_max && bytes <= limits_.bytes_max) return victims;

    const Rank rank = rank_for(newcomer);
    std::map<Rank, Queue::const_iterator> exposed;  // tails once the victims so far are gone
    auto tail = tails_.begin();
    while (count > limits_.transactions_max || bytes > limits_.bytes_max) {
        while (tail != tails_.end() && tail->sender == rank.sender) ++tail;
        const bool from_exposed = !exposed.empty() && (tail == tails_.end() || exposed.begin()->first < *tail);
        if (!from_exposed && tail == tails_.end()) return std::unexpected{immediately_dropped()};
        const Rank lowest = from_exposed ? exposed.begin()->first : *tail;
        if (lowest >= rank) return std::unexpected{immediately_dropped()};

        const Queue& queue = senders_.at(lowest.sender).queue;
        const auto victim = from_exposed ? exposed.begin()->second : std::prev(queue.end());
        if (from_exposed) exposed.erase(exposed.begin());
        else ++tail;
        if (victim != queue.begin()) exposed.emplace(rank_of(std::prev(victim)->second), std::prev(victim));
        count -= 1;
        bytes -= victim->second.transaction->extrinsic.size();
        victims.push_back(victim->second.transaction->checked.hash);
    }
    return victims;
}

Pool::Rank Pool::rank_of(const Entry& entry) {
    return {entry.standing == Standing::Ready, entry.rank_priority, ~entry.arrival, entry.transaction->checked.sender};
}

/// The rank that the newcomer would have in its queue.
Pool::Rank Pool::rank_for(const Pooled& newcomer) const {
    const CheckedTransaction& checked = newcomer.checked;
    Rank rank{.is_ready = checked.nonce == checked.account_nonce,
              .priority = checked.priority,
              .youth = ~(arrivals_ + 1),
              .sender = checked.sender};
    const auto found = senders_.find(checked.sender);
    if (found == senders_.end()) return rank;
    const Sender& sender = found->second;
    const auto next = std::max(checked.account_nonce, sender.account_nonce);
    const auto at = sender.queue.lower_bound(checked.nonce);
    if (at == sender.queue.begin()) {
        rank.is_ready = checked.nonce == next;
        return rank;
    }
    const auto& [nonce, before] = *std::prev(at);
    rank.is_ready = checked.nonce == next || (before.standing == Standing::Ready && nonce + 1 == checked.nonce);
    rank.priority = std::min(rank.priority, before.rank_priority);
    return rank;
}

Effects Pool::broadcast(const Hash& hash, std::vector<std::string> peers) const {
    Effects effects;
    if (where_.contains(hash)) effects.emplace_back(StatusChanged{hash, Broadcast{std::move(peers)}});
    return effects;
}

// ---- the queues
// ------------------------------------------------------------------------------------------------------

/// Adds to its queue and to the totals; `settle` must follow.
void Pool::insert(Entry entry) {
    const CheckedTransaction& checked = entry.transaction->checked;
    const std::size_t size = entry.transaction->extrinsic.size();
    Sender& sender = senders_[checked.sender];
    sender.bytes += size;
    bytes_ += size;
    entry.standing = Standing::Unknown;
    const auto [at, is_new] = sender.queue.emplace(checked.nonce, std::move(entry));
    check(is_new && where_.insert(checked.hash, {checked.sender, checked.nonce, &at->second}));
}

/// Takes out of its queue and of the totals; `settle` must follow.
Pool::Entry Pool::take(const Hash& hash) {
    const auto place = where_.take(hash);
    check(place.has_value());
    Sender& sender = senders_.at(place->sender);
    auto node = sender.queue.extract(place->nonce);
    check(!node.empty());
    Entry entry = std::move(node.mapped());
    if (entry.standing == Standing::Ready) ready_count_ -= 1;
    sender.bytes -= entry.transaction->extrinsic.size();
    bytes_ -= entry.transaction->extrinsic.size();
    return entry;
}

/// The hash is a copy: the caller's often lives in the entry that goes.
void Pool::leave(Hash hash, TransactionStatus status, Effects& effects) {
    take(hash);
    effects.emplace_back(StatusChanged{hash, std::move(status)});
}

/// Brings one sender's standings, totals and indices in line with its queue.
void Pool::settle(const AccountId& id, Effects& effects) {
    const auto found = senders_.find(id);
    if (found == senders_.end()) return;
    Sender& sender = found->second;
    while (!sender.queue.empty() && sender.queue.begin()->first < sender.account_nonce) {
        const Hash stale = sender.queue.begin()->second.transaction->checked.hash;
        leave(stale, Invalid{}, effects);
    }
    settle_standing(sender, effects);

    if (sender.head) heads_.erase(*sender.head);
    if (sender.tail) tails_.erase(*sender.tail);
    sender.head.reset();
    sender.tail.reset();
    if (sender.queue.empty()) {
        senders_.erase(found);
        return;
    }
    sender.tail = rank_of(std::prev(sender.queue.end())->second);
    tails_.insert(*sender.tail);
    const Entry& first = sender.queue.begin()->second;
    if (first.standing != Standing::Ready) return;
    sender.head = rank_of(first);
    heads_.insert(*sender.head);
}

void Pool::settle_standing(Sender& sender, Effects& effects) {
    std::uint32_t next = sender.account_nonce;
    std::uint64_t lowest = ~std::uint64_t{0};
    bool unbroken = true;
    for (auto& [nonce, entry] : sender.queue) {
        unbroken = unbroken && nonce == next++;
        lowest = std::min(lowest, entry.transaction->checked.priority);
        entry.rank_priority = lowest;
        const Standing standing = unbroken ? Standing::Ready : Standing::Future;
        if (standing == entry.standing) continue;

        const Hash& hash = entry.transaction->checked.hash;
        if (entry.standing == Standing::Ready) ready_count_ -= 1;
        entry.standing = standing;
        if (standing == Standing::Ready) {
            ready_count_ += 1;
            effects.emplace_back(StatusChanged{hash, Ready{}});
            effects.emplace_back(Gossip{hash});
        } else {
            effects.emplace_back(StatusChanged{hash, Future{}});
        }
    }
}

/// Evicts until the limits hold, lowest tail first.
void Pool::trim(Effects& effects) {
    while (where_.size() > limits_.transactions_max || bytes_ > limits_.bytes_max) {
        const AccountId sender = tails_.begin()->sender;
        leave(std::prev(senders_.at(sender).queue.end())->second.transaction->checked.hash, Dropped{}, effects);
        settle(sender, effects);
    }
}

// ---- looking
// ---------------------------------------------------------------------------------------------------------

std::vector<PooledPtr> Pool::select(std::size_t bytes_max, std::size_t count_max) const {
    struct Candidate {
        std::uint64_t priority;
        std::uint64_t youth;
        const Queue* queue;
        Queue::const_iterator at;
        bool operator<(const Candidate& other) const {
            return std::tie(priority, youth) < std::tie(other.priority, other.youth);
        }
    };
    const auto candidate = [](const Queue& queue, Queue::const_iterator at) {
        return Candidate{at->second.transaction->checked.priority, ~at->second.arrival, &queue, at};
    };
    std::vector<Candidate> heap;
    heap.reserve(heads_.size());
    for (const Rank& head : heads_) {
        const Queue& queue = senders_.at(head.sender).queue;
        heap.push_back(candidate(queue, queue.begin()));
    }
    std::priority_queue<Candidate> best{std::less<Candidate>{}, std::move(heap)};

    std::vector<PooledPtr> chosen;
    for (std::size_t bytes = 0; !best.empty() && chosen.size() < count_max;) {
        const Candidate top = best.top();
        best.pop();
        const PooledPtr& transaction = top.at->second.transaction;
        // What does not fit ends this sender's run, others may still fit.
        if (bytes + transaction->extrinsic.size() > bytes_max) continue;
        bytes += transaction->extrinsic.size();
        chosen.push_back(transaction);
        const auto next = std::next(top.at);
        if (next != top.queue->end() && next->second.standing == Standing::Ready)
            best.push(candidate(*top.queue, next));
    }
    return chosen;
}

std::vector<PooledPtr> Pool::own_since(std::uint64_t before_ms, const AccountId& after, std::size_t count_max) const {
    std::vector<PooledPtr> out;
    for (auto at = senders_.upper_bound(after); at != senders_.end() && out.size() < count_max; ++at)
        for (const auto& [nonce, entry] : at->second.queue)
            if (entry.entered_ms < before_ms && entry.transaction->source != chain::TransactionSource::External)
                out.push_back(entry.transaction);
    return out;
}

std::vector<PooledPtr> Pool::pending() const { return select(~std::size_t{0}); }

std::uint32_t Pool::next_nonce(const AccountId& sender, std::uint32_t account_nonce) const {
    const auto found = senders_.find(sender);
    if (found == senders_.end()) return account_nonce;
    std::uint32_t next = account_nonce;
    for (auto at = found->second.queue.lower_bound(account_nonce); at != found->second.queue.end() && at->first == next;
         ++at)
        next += 1;
    return next;
}

/// Null for a hash that `find` does not know.
const Pool::Entry* Pool::entry_of(const Hash& hash) const {
    if (const Place* place = where_.find(hash)) return place->entry;
    const Included* included = included_.find(hash);
    return included != nullptr ? &included->entry : nullptr;
}

PooledPtr Pool::find(const Hash& hash) const {
    const Entry* entry = entry_of(hash);
    return entry != nullptr ? entry->transaction : nullptr;
}

PooledPtr Pool::find(const chain::ShortId& name) const {
    if (where_.count(name) + included_.count(name) != 1) return nullptr;
    if (const Place* place = where_.find_only(name)) return place->entry->transaction;
    return included_.find_only(name)->entry.transaction;
}

std::optional<std::uint64_t> Pool::entered_ms(const Hash& hash) const {
    const Entry* entry = entry_of(hash);
    return entry != nullptr ? std::optional{entry->entered_ms} : std::nullopt;
}

std::optional<TransactionStatus> Pool::status(const Hash& hash) const {
    if (const Place* place = where_.find(hash))
        return place->entry->standing == Standing::Ready ? TransactionStatus{Ready{}} : TransactionStatus{Future{}};
    if (const Included* included = included_.find(hash)) return InBlock{included->block, included->index};
    return std::nullopt;
}

}  // namespace pool
