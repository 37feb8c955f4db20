#pragma once
// The pool's rules once more, as plainly as possible: one list, everything recomputed at every question.

#include "chain/base/check.hpp"
#include "tests/unit/chain/pool/sample.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace pool::sample {

struct NaivePool {
    struct Waiting {
        std::uint64_t id = 0;
        Options what;
        std::uint64_t arrival = 0;
        std::uint64_t entered_ms = 0;
        std::uint64_t valid_until = 0;
    };
    struct Block {
        std::uint64_t id = 0;
        std::vector<Waiting> ours;
    };

    Limits limits;
    std::map<std::uint8_t, std::uint32_t> nonces;  ///< of the accounts on the best block
    std::vector<Waiting> waiting;
    std::vector<Block> blocks;  ///< not final, oldest first
    std::uint64_t arrivals = 0;

    static bool is_of(const Waiting& w, std::uint8_t sender) { return w.what.sender == sender; }

    const Waiting* at(std::uint8_t sender, std::uint32_t nonce) const {
        for (const Waiting& w : waiting)
            if (is_of(w, sender) && w.what.nonce == nonce) return &w;
        return nullptr;
    }
    bool is_ready(const Waiting& w) const {
        for (std::uint32_t nonce = nonces.at(w.what.sender); nonce < w.what.nonce; ++nonce)
            if (at(w.what.sender, nonce) == nullptr) return false;
        return true;
    }
    std::uint64_t lowest_tip_up_to(const Waiting& w) const {
        std::uint64_t lowest = w.what.tip;
        for (const Waiting& other : waiting)
            if (is_of(other, w.what.sender) && other.what.nonce < w.what.nonce)
                lowest = std::min(lowest, other.what.tip);
        return lowest;
    }
    bool is_tail(const Waiting& w) const {
        return std::ranges::none_of(waiting, [&](const Waiting& other) {
            return is_of(other, w.what.sender) && other.what.nonce > w.what.nonce;
        });
    }
    /// The lower leaves earlier.
    auto rank(const Waiting& w) const { return std::tuple{is_ready(w), lowest_tip_up_to(w), ~w.arrival}; }

    std::size_t bytes() const {
        std::size_t sum = 0;
        for (const Waiting& w : waiting) sum += w.what.bytes;
        return sum;
    }
    bool is_over() const { return waiting.size() > limits.transactions_max || bytes() > limits.bytes_max; }

    void remove(std::uint64_t id) {
        std::erase_if(waiting, [&](const Waiting& w) { return w.id == id; });
    }

    /// 0 and the newcomer waits, or the refusal's code and nothing changed.
    int submit(std::uint64_t id, const Options& what, Moment at_moment) {
        const std::uint32_t next = nonces.at(what.sender);
        if (what.nonce < next) return 1010;
        NaivePool after = *this;
        if (const Waiting* old = at(what.sender, what.nonce)) {
            const std::uint64_t raise = std::max<std::uint64_t>(old->what.tip / limits.replacement_tip_divisor, 1);
            if (what.tip < old->what.tip + raise) return 1014;
            after.remove(old->id);
        }
        std::size_t count = 1;
        std::size_t size = what.bytes;
        std::uint32_t missing = what.nonce - next;
        for (const Waiting& w : after.waiting) {
            if (!is_of(w, what.sender)) continue;
            count += 1;
            size += w.what.bytes;
            if (w.what.nonce < what.nonce) missing -= 1;
        }
        if (missing > limits.nonce_gap_max || count > limits.per_sender_max || size > limits.per_sender_bytes_max)
            return 1016;
        after.waiting.push_back({id, what, ++after.arrivals, at_moment.now_ms,
                                 chain::saturating_add<std::uint64_t>(at_moment.best_number, what.longevity)});
        const Waiting newcomer = after.waiting.back();
        const auto rank_of_newcomer = after.rank(newcomer);
        while (after.is_over()) {
            const Waiting* lowest = nullptr;
            for (const Waiting& w : after.waiting) {
                if (is_of(w, what.sender) || !after.is_tail(w)) continue;
                if (lowest == nullptr || after.rank(w) < after.rank(*lowest)) lowest = &w;
            }
            if (lowest == nullptr || after.rank(*lowest) > rank_of_newcomer) return 1016;
            after.remove(lowest->id);
        }
        *this = std::move(after);
        return 0;
    }

    /// Ready ones as blocks take them.
    std::vector<std::uint64_t> order() const {
        std::vector<std::uint64_t> out;
        std::map<std::uint8_t, std::uint32_t> next = nonces;
        for (;;) {
            const Waiting* best = nullptr;
            for (const auto& [sender, nonce] : next) {
                const Waiting* head = at(sender, nonce);
                if (head == nullptr) continue;
                if (best == nullptr || head->what.tip > best->what.tip ||
                    (head->what.tip == best->what.tip && head->arrival < best->arrival))
                    best = head;
            }
            if (best == nullptr) return out;
            out.push_back(best->id);
            next[best->what.sender] += 1;
        }
    }

    /// A block on top of the best one takes these of ours; `foreign` senders had a transaction in it that is not ours.
    void enact(std::uint64_t block, const std::vector<std::uint64_t>& ids, const std::vector<std::uint8_t>& foreign) {
        blocks.push_back({block, {}});
        for (const std::uint64_t id : ids) {
            const auto found = std::ranges::find(waiting, id, &Waiting::id);
            chain::check(found != waiting.end());
            nonces[found->what.sender] = found->what.nonce + 1;
            blocks.back().ours.push_back(*found);
            waiting.erase(found);
        }
        for (const std::uint8_t sender : foreign) nonces[sender] += 1;
    }
    /// The newest block leaves; `nonces_before` are the accounts' without it.
    void retract(const std::map<std::uint8_t, std::uint32_t>& nonces_before) {
        waiting.insert(waiting.end(), blocks.back().ours.begin(), blocks.back().ours.end());
        blocks.pop_back();
        nonces = nonces_before;
    }
    /// What every step of the chain ends with.
    void clean_up(Moment at_moment, const std::vector<std::uint8_t>& poor) {
        std::erase_if(waiting, [&](const Waiting& w) {
            return w.valid_until < at_moment.best_number || at_moment.now_ms > w.entered_ms + limits.age_ms_max ||
                   w.what.nonce < nonces.at(w.what.sender) || std::ranges::count(poor, w.what.sender) != 0;
        });
        while (is_over()) {
            const Waiting* lowest = nullptr;
            for (const Waiting& w : waiting)
                if (is_tail(w) && (lowest == nullptr || rank(w) < rank(*lowest))) lowest = &w;
            remove(lowest->id);
        }
    }
};

}  // namespace pool::sample
