#pragma once
// The pool and the naive pool live through the same random history and must agree after every step.

#include "chain/pool/pool.hpp"
#include "tests/unit/chain/pool/naive_pool.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace pool::sample {

class History {
public:
    explicit History(std::uint64_t seed) : random_(seed), pool_(limits()) {
        naive_.limits = limits();
        for (std::uint8_t sender = 0; sender < senders; ++sender) naive_.nonces[sender] = 0;
    }

    void step() {
        at_.now_ms += pick(0, 400);
        const auto what = pick(0, 99);
        if (what < 70) submit();
        else if (what < 88) enact();
        else if (what < 93) retract();
        else finalize();
        compare();
    }

private:
    static constexpr std::uint8_t senders = 6;

    static Limits limits() {
        return {.transactions_max = 14,
                .bytes_max = 1'600,
                .per_sender_max = 6,
                .per_sender_bytes_max = 700,
                .nonce_gap_max = 3,
                .age_ms_max = 20'000};
    }

    std::uint64_t pick(std::uint64_t from, std::uint64_t to) { return from + random_() % (to - from + 1); }

    void submit() {
        Options what;
        what.sender = static_cast<std::uint8_t>(pick(0, senders - 1));
        what.account_nonce = naive_.nonces.at(what.sender);
        what.nonce = what.account_nonce + static_cast<std::uint32_t>(pick(0, 8));
        if (what.account_nonce > 0 && pick(0, 9) == 0) what.nonce = what.account_nonce - 1;
        what.tip = pick(0, 3) == 0 ? pick(0, 100) : pick(0, 12);
        what.bytes = pick(20, 200);
        what.longevity = pick(0, 3) == 0 ? pick(0, 6) : ~std::uint64_t{0};

        const std::uint64_t id = ++last_id_;
        valid_until_[hash(id)] = chain::saturating_add<std::uint64_t>(at_.best_number, what.longevity);
        const auto effects = pool_.submit(transaction(id, what), at_);
        const int refusal = effects ? 0 : static_cast<int>(effects.error().code);
        REQUIRE(refusal == naive_.submit(id, what, at_));
        if (effects) follow(*effects);
    }

    /// A block of some of the pool's best, sometimes with a stranger's transaction of one of our senders.
    void enact() {
        nonces_before_.push_back(naive_.nonces);
        std::vector<std::uint64_t> ids = naive_.order();
        ids.resize(std::min<std::size_t>(ids.size(), pick(0, 5)));
        std::vector<std::uint8_t> foreign;
        std::vector<std::uint8_t> poor;
        if (pick(0, 3) == 0) foreign.push_back(static_cast<std::uint8_t>(pick(0, senders - 1)));
        if (pick(0, 5) == 0) poor.push_back(static_cast<std::uint8_t>(pick(0, senders - 1)));

        at_.best_number += 1;
        EnactedBlock block{.hash = hash(++last_id_), .number = at_.best_number, .transactions = {}, .touched = {}};
        for (const std::uint64_t id : ids) block.transactions.push_back(hash(id));
        for (const std::uint8_t sender : foreign) block.touched.push_back(account(sender));
        for (const std::uint8_t sender : poor) block.touched.push_back(account(sender));
        naive_.enact(last_id_, ids, foreign);
        naive_.clean_up(at_, poor);
        follow(pool_.advance({{}, {block}}, at_, checker(poor)));
    }

    void retract() {
        if (naive_.blocks.empty()) return;
        const Hash gone = hash(naive_.blocks.back().id);
        naive_.retract(nonces_before_.back());
        nonces_before_.pop_back();
        at_.best_number -= 1;
        naive_.clean_up(at_, {});
        follow(pool_.advance({{gone}, {}}, at_, checker({})));
    }

    void finalize() {
        if (naive_.blocks.empty()) return;
        follow(pool_.finalize(hash(naive_.blocks.front().id)));
        naive_.blocks.erase(naive_.blocks.begin());
        nonces_before_.erase(nonces_before_.begin());
    }

    /// The executor's check against the naive pool's accounts.
    Recheck checker(std::vector<std::uint8_t> poor) {
        return [this, poor = std::move(poor)](const Pooled& p) -> Result<CheckedTransaction, ValidityError> {
            const std::uint8_t sender = p.checked.sender.value[0];
            if (p.checked.nonce < naive_.nonces.at(sender)) return chain::invalid(chain::InvalidTransaction::Stale);
            if (std::ranges::count(poor, sender) != 0) return chain::invalid(chain::InvalidTransaction::Payment);
            CheckedTransaction checked = p.checked;
            checked.account_nonce = naive_.nonces.at(sender);
            checked.longevity = valid_until_.at(checked.hash) - at_.best_number;
            return checked;
        };
    }

    /// Nobody hears anything after a last status, and no status twice in a row.
    void follow(const Effects& effects) {
        for (const Effect& effect : effects) {
            const auto* changed = std::get_if<StatusChanged>(&effect);
            if (changed == nullptr) continue;
            const auto known = told_.find(changed->transaction);
            if (known != told_.end()) {
                REQUIRE_FALSE(is_last(known->second));
                REQUIRE_FALSE(known->second == changed->status);
            }
            told_.insert_or_assign(changed->transaction, changed->status);
        }
    }

    void compare() {
        pool_.check_consistent();
        std::vector<Hash> expected;
        for (const std::uint64_t id : naive_.order()) expected.push_back(hash(id));
        std::vector<Hash> actual;
        for (const auto& pooled : pool_.pending()) actual.push_back(pooled->checked.hash);
        REQUIRE(actual == expected);
        REQUIRE(pool_.ready_count() + pool_.future_count() == naive_.waiting.size());
        REQUIRE(pool_.bytes() == naive_.bytes());

        std::size_t alive = naive_.waiting.size();
        for (const auto& w : naive_.waiting) {
            const TransactionStatus status =
                naive_.is_ready(w) ? TransactionStatus{Ready{}} : TransactionStatus{Future{}};
            REQUIRE(pool_.status(hash(w.id)) == status);
            REQUIRE(told_.at(hash(w.id)) == status);
        }
        for (const auto& block : naive_.blocks) {
            alive += block.ours.size();
            for (std::uint32_t i = 0; i < block.ours.size(); ++i)
                REQUIRE(told_.at(hash(block.ours[i].id)) == TransactionStatus{InBlock{hash(block.id), i}});
        }
        REQUIRE(static_cast<std::size_t>(
                    std::ranges::count_if(told_, [](const auto& entry) { return !is_last(entry.second); })) == alive);
        for (const auto& [sender, nonce] : naive_.nonces) {
            std::uint32_t next = nonce;
            while (naive_.at(sender, next) != nullptr) next += 1;
            REQUIRE(pool_.next_nonce(account(sender), nonce) == next);
        }
    }

    std::mt19937_64 random_;
    Pool pool_;
    NaivePool naive_;
    Moment at_{.best_number = 100, .now_ms = 1'000};
    std::uint64_t last_id_ = 0;
    std::vector<std::map<std::uint8_t, std::uint32_t>> nonces_before_;  // of each block that is not final
    std::map<Hash, TransactionStatus> told_;
    std::map<Hash, std::uint64_t> valid_until_;
};

}  // namespace pool::sample
