#include "chain/pool/pool.hpp"

#include "tests/unit/chain/pool/history.hpp"

#include <catch2/catch.hpp>

using namespace pool;
using namespace pool::sample;
using chain::InvalidTransaction;

namespace {

/// What a watcher of `id` is told.
std::vector<TransactionStatus> statuses(const Effects& effects, std::uint64_t id) {
    std::vector<TransactionStatus> out;
    for (const Effect& effect : effects)
        if (const auto* changed = std::get_if<StatusChanged>(&effect); changed && changed->transaction == hash(id))
            out.push_back(changed->status);
    return out;
}

using Statuses = std::vector<TransactionStatus>;

std::vector<Hash> order_of(const Pool& pool) {
    std::vector<Hash> out;
    for (const auto& pooled : pool.pending()) out.push_back(pooled->checked.hash);
    return out;
}

Effects must_submit(Pool& pool, std::uint64_t id, const Options& options, Moment at = {}) {
    auto effects = pool.submit(transaction(id, options), at);
    REQUIRE(effects.has_value());
    pool.check_consistent();
    return *effects;
}

int refusal(Pool& pool, std::uint64_t id, const Options& options, Moment at = {}) {
    const auto effects = pool.submit(transaction(id, options), at);
    REQUIRE_FALSE(effects.has_value());
    pool.check_consistent();
    return static_cast<int>(effects.error().code);
}

EnactedBlock block(std::uint64_t id, std::uint32_t number, std::vector<std::uint64_t> transactions,
                   std::vector<AccountId> touched = {}) {
    EnactedBlock out{.hash = hash(1'000'000 + id), .number = number, .transactions = {}, .touched = std::move(touched)};
    for (const auto transaction : transactions) out.transactions.push_back(hash(transaction));
    return out;
}

}  // namespace

TEST_CASE("a gap makes a transaction future, the missing nonce makes it ready") {
    Pool pool;
    CHECK(statuses(must_submit(pool, 2, {.nonce = 1}), 2) == Statuses{Future{}});
    CHECK(pool.ready_count() == 0);
    CHECK(pool.next_nonce(account(1), 0) == 0);
    CHECK(pool.pending().empty());

    const Effects effects = must_submit(pool, 1, {.nonce = 0});
    CHECK(statuses(effects, 1) == Statuses{Ready{}});
    CHECK(statuses(effects, 2) == Statuses{Ready{}});
    CHECK(std::count(effects.begin(), effects.end(), Effect{Gossip{hash(2)}}) == 1);
    CHECK(pool.next_nonce(account(1), 0) == 2);
    CHECK(order_of(pool) == std::vector{hash(1), hash(2)});
}

TEST_CASE("blocks take the best priority first, older first among equals, nonces in order") {
    Pool pool;
    must_submit(pool, 1, {.sender = 1, .nonce = 0, .tip = 5});
    must_submit(pool, 2, {.sender = 1, .nonce = 1, .tip = 100});
    must_submit(pool, 3, {.sender = 2, .nonce = 0, .tip = 50});
    must_submit(pool, 4, {.sender = 3, .nonce = 0, .tip = 5});
    CHECK(order_of(pool) == std::vector{hash(3), hash(1), hash(2), hash(4)});

    const auto two = pool.select(250);
    REQUIRE(two.size() == 2);
    CHECK(two[1]->checked.hash == hash(1));
    CHECK(pool.select(250, 1).size() == 1);
}

TEST_CASE("what entered here and waits for long is listed sender by sender, peers' transactions are not") {
    Pool pool;
    const auto submit = [&](std::uint64_t id, const Options& options, chain::TransactionSource source,
                            std::uint64_t at) {
        Pooled pooled = transaction(id, options);
        pooled.source = source;
        REQUIRE(pool.submit(std::move(pooled), {.best_number = 0, .now_ms = at}).has_value());
    };
    using enum chain::TransactionSource;
    submit(1, {.sender = 1, .nonce = 0}, Local, 100);
    submit(2, {.sender = 1, .nonce = 1}, Local, 100);
    submit(3, {.sender = 2, .nonce = 0}, External, 100);
    submit(4, {.sender = 3, .nonce = 0}, Local, 100);
    submit(5, {.sender = 3, .nonce = 1}, Local, 200);
    const auto since = [&](const AccountId& after, std::size_t count_max) {
        std::vector<Hash> out;
        for (const auto& pooled : pool.own_since(200, after, count_max)) out.push_back(pooled->checked.hash);
        return out;
    };
    CHECK(since({}, 10) == std::vector{hash(1), hash(2), hash(4)});
    CHECK(since({}, 1) == std::vector{hash(1), hash(2)});
    CHECK(since(account(1), 1) == std::vector{hash(4)});
    CHECK(since(account(3), 1).empty());
}

TEST_CASE("a transaction enters once") {
    Pool pool;
    must_submit(pool, 1, {});
    CHECK(refusal(pool, 1, {}) == 1013);
    CHECK(pool.may_enter(hash(1), 100, {}).error() == already_imported(hash(1)));
}

TEST_CASE("a replacement needs an eighth more tip") {
    Pool pool;
    must_submit(pool, 1, {.tip = 800});
    CHECK(refusal(pool, 2, {.tip = 800}) == 1014);
    CHECK(refusal(pool, 2, {.tip = 899}) == 1014);
    const Effects effects = must_submit(pool, 2, {.tip = 900});
    CHECK(statuses(effects, 1) == Statuses{Usurped{hash(2)}});
    CHECK(statuses(effects, 2) == Statuses{Ready{}});
    CHECK(order_of(pool) == std::vector{hash(2)});
    CHECK(pool.bytes() == 100);
}

TEST_CASE("without a tip a replacement needs at least one unit") {
    Pool pool;
    must_submit(pool, 1, {.tip = 0});
    CHECK(refusal(pool, 2, {.tip = 0}) == 1014);
    must_submit(pool, 2, {.tip = 1});
}

TEST_CASE("a higher tip that is worth less per weight replaces nothing") {
    Pool pool;
    must_submit(pool, 1, {.tip = 80});
    Pooled heavy = transaction(2, {.tip = 100});
    heavy.checked.priority = 10;
    const auto refused = pool.submit(std::move(heavy), {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == too_low_priority(80, 10));
}

TEST_CASE("replacing in the middle keeps what follows ready") {
    Pool pool;
    for (std::uint32_t nonce = 0; nonce < 3; ++nonce) must_submit(pool, nonce + 1, {.nonce = nonce, .tip = 10});
    must_submit(pool, 9, {.nonce = 1, .tip = 20});
    CHECK(order_of(pool) == std::vector{hash(1), hash(9), hash(3)});
    CHECK(pool.ready_count() == 3);
}

TEST_CASE("each bound of a sender's queue refuses the newcomer") {
    Pool pool{{.per_sender_max = 2, .per_sender_bytes_max = 250, .nonce_gap_max = 3}};
    CHECK(refusal(pool, 1, {.nonce = 4}) == 1016);
    must_submit(pool, 1, {.nonce = 3});
    CHECK(refusal(pool, 2, {.nonce = 0, .bytes = 151}) == 1016);
    must_submit(pool, 2, {.nonce = 0, .bytes = 150});
    CHECK(refusal(pool, 3, {.nonce = 1, .bytes = 0}) == 1016);
    must_submit(pool, 3, {.sender = 2, .nonce = 0});
}

TEST_CASE("what waits already is no gap") {
    Pool pool{{.nonce_gap_max = 0}};
    must_submit(pool, 1, {.nonce = 0});
    must_submit(pool, 2, {.nonce = 1});
    CHECK(refusal(pool, 4, {.nonce = 3}) == 1016);
}

TEST_CASE("an extrinsic that is too large exhausts resources") {
    Pool pool{{.extrinsic_bytes_max = 99}};
    CHECK(pool.may_enter(hash(1), 100, {}).error() ==
          refusal_of(chain::Invalid{InvalidTransaction::ExhaustsResources}));
    CHECK(refusal(pool, 1, {}) == 1010);
}

TEST_CASE("inherents do not enter") {
    Pool pool;
    Pooled bare = transaction(1, {});
    bare.checked.is_signed = false;
    const auto refused = pool.submit(std::move(bare), {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(static_cast<int>(refused.error().code) == 1011);
}

TEST_CASE("a full pool drops the lowest tail, future ones first, or refuses the newcomer") {
    Pool pool{{.transactions_max = 3}};
    must_submit(pool, 1, {.sender = 1, .nonce = 0, .tip = 5});
    must_submit(pool, 2, {.sender = 2, .nonce = 1, .tip = 90});  // future
    must_submit(pool, 3, {.sender = 3, .nonce = 0, .tip = 7});
    CHECK(statuses(must_submit(pool, 4, {.sender = 4, .nonce = 0, .tip = 6}), 2) == Statuses{Dropped{}});
    CHECK(refusal(pool, 5, {.sender = 5, .nonce = 0, .tip = 5}) == 1016);   // as low as the lowest, but younger
    CHECK(refusal(pool, 6, {.sender = 5, .nonce = 1, .tip = 99}) == 1016);  // a future one displaces no ready one
    CHECK(statuses(must_submit(pool, 7, {.sender = 5, .nonce = 0, .tip = 9}), 1) == Statuses{Dropped{}});
    CHECK(order_of(pool) == std::vector{hash(7), hash(3), hash(4)});
}

TEST_CASE("a refused newcomer pushes nobody out, however many bytes it wants") {
    Pool pool{{.bytes_max = 300}};
    must_submit(pool, 1, {.sender = 1, .tip = 1});
    must_submit(pool, 2, {.sender = 2, .tip = 2});
    must_submit(pool, 3, {.sender = 3, .tip = 9});
    CHECK(refusal(pool, 4, {.sender = 4, .tip = 5, .bytes = 201}) == 1016);
    CHECK(pool.ready_count() == 3);
    const Effects effects = must_submit(pool, 5, {.sender = 4, .tip = 5, .bytes = 200});
    CHECK(statuses(effects, 1) == Statuses{Dropped{}});
    CHECK(statuses(effects, 2) == Statuses{Dropped{}});
    CHECK(pool.bytes() == 300);
}

TEST_CASE("a rich tail does not shield the poor ones before it") {
    Pool pool{{.transactions_max = 3}};
    must_submit(pool, 1, {.sender = 1, .nonce = 0, .tip = 1});
    must_submit(pool, 2, {.sender = 1, .nonce = 1, .tip = 1'000});
    must_submit(pool, 3, {.sender = 2, .nonce = 0, .tip = 5});
    CHECK(statuses(must_submit(pool, 4, {.sender = 3, .nonce = 0, .tip = 4}), 2) == Statuses{Dropped{}});
}

TEST_CASE("from block to finality") {
    Pool pool;
    must_submit(pool, 1, {.nonce = 0});
    must_submit(pool, 2, {.nonce = 1});
    const Effects taken = pool.advance({{}, {block(1, 1, {77, 1})}}, {.best_number = 1}, unchanged);
    CHECK(statuses(taken, 1) == Statuses{InBlock{hash(1'000'001), 1}});
    CHECK(order_of(pool) == std::vector{hash(2)});
    CHECK(pool.status(hash(1)) == TransactionStatus{InBlock{hash(1'000'001), 1}});
    CHECK(refusal(pool, 1, {.nonce = 0, .account_nonce = 1}) == 1013);
    CHECK(pool.next_nonce(account(1), 1) == 2);

    CHECK(statuses(pool.finalize(hash(1'000'001)), 1) == Statuses{Finalized{hash(1'000'001), 1}});
    CHECK_FALSE(pool.status(hash(1)).has_value());
    CHECK(pool.finalize(hash(1'000'001)).empty());
    pool.check_consistent();
}

TEST_CASE("a retracted block gives its transactions back, in their old place") {
    Pool pool;
    must_submit(pool, 1, {.nonce = 0});
    must_submit(pool, 2, {.nonce = 1});
    must_submit(pool, 3, {.nonce = 2});
    pool.advance({{}, {block(1, 1, {1, 2})}}, {.best_number = 1}, unchanged);
    const Effects back = pool.advance({{hash(1'000'001)}, {block(2, 1, {1})}}, {.best_number = 1}, [](const Pooled& p) {
        CheckedTransaction checked = p.checked;
        checked.account_nonce = 1;
        return Result<CheckedTransaction, ValidityError>{checked};
    });
    pool.check_consistent();
    CHECK(statuses(back, 1) == Statuses{Retracted{hash(1'000'001)}, Ready{}, InBlock{hash(1'000'002), 0}});
    CHECK(statuses(back, 2) == Statuses{Retracted{hash(1'000'001)}, Ready{}});
    CHECK(order_of(pool) == std::vector{hash(2), hash(3)});
}

TEST_CASE("a transaction whose nonce another one used is invalid") {
    Pool pool;
    must_submit(pool, 1, {.nonce = 0});
    must_submit(pool, 2, {.nonce = 1});
    const auto effects = pool.advance({{}, {block(1, 1, {99}, {account(1)})}}, {.best_number = 1},
                                      [](const Pooled& p) -> Result<CheckedTransaction, ValidityError> {
                                          if (p.checked.nonce < 1) return chain::invalid(InvalidTransaction::Stale);
                                          CheckedTransaction checked = p.checked;
                                          checked.account_nonce = 1;
                                          return checked;
                                      });
    CHECK(statuses(effects, 1) == Statuses{Invalid{}});
    CHECK(order_of(pool) == std::vector{hash(2)});
}

TEST_CASE("only what a block touched is checked again") {
    Pool pool;
    must_submit(pool, 1, {.sender = 1});
    must_submit(pool, 2, {.sender = 2});
    std::vector<Hash> seen;
    pool.advance({{}, {block(1, 1, {}, {account(2), account(3)})}}, {.best_number = 1}, [&](const Pooled& p) {
        seen.push_back(p.checked.hash);
        return unchanged(p);
    });
    CHECK(seen == std::vector{hash(2)});
}

TEST_CASE("rechecks beyond a block's bound wait for the next block") {
    Pool pool{{.rechecks_per_block_max = 1}};
    must_submit(pool, 1, {.sender = 1});
    must_submit(pool, 2, {.sender = 2});
    std::size_t checks = 0;
    const Recheck count = [&](const Pooled& p) {
        checks += 1;
        return unchanged(p);
    };
    pool.advance({{}, {block(1, 1, {}, {account(1), account(2)})}}, {.best_number = 1}, count);
    CHECK(checks == 1);
    pool.advance({{}, {block(2, 2, {})}}, {.best_number = 2}, count);
    CHECK(checks == 2);
    pool.advance({{}, {block(3, 3, {})}}, {.best_number = 3}, count);
    CHECK(checks == 2);
}

TEST_CASE("who cannot pay any more leaves, those behind become future") {
    Pool pool;
    must_submit(pool, 1, {.nonce = 0});
    must_submit(pool, 2, {.nonce = 1});
    const auto effects = pool.advance({{}, {block(1, 1, {}, {account(1)})}}, {.best_number = 1},
                                      [](const Pooled& p) -> Result<CheckedTransaction, ValidityError> {
                                          if (p.checked.nonce == 0) return chain::invalid(InvalidTransaction::Payment);
                                          return p.checked;
                                      });
    CHECK(statuses(effects, 1) == Statuses{Invalid{}});
    CHECK(statuses(effects, 2) == Statuses{Future{}});
    CHECK(pool.may_enter(hash(1), 100, {}).has_value());  // money may come: no ban
}

TEST_CASE("a mortal transaction leaves when its era is over") {
    Pool pool;
    must_submit(pool, 1, {.longevity = 5}, {.best_number = 10});
    CHECK(pool.advance({}, {.best_number = 15}, unchanged).empty());
    CHECK(statuses(pool.advance({}, {.best_number = 16}, unchanged), 1) == Statuses{Invalid{}});
}

TEST_CASE("what waits too long is dropped") {
    Pool pool{{.age_ms_max = 1'000}};
    must_submit(pool, 1, {.nonce = 1}, {.now_ms = 500});
    CHECK(pool.advance({}, {.best_number = 1, .now_ms = 1'500}, unchanged).empty());
    CHECK(statuses(pool.advance({}, {.best_number = 1, .now_ms = 1'501}, unchanged), 1) == Statuses{Dropped{}});
}

TEST_CASE("what is invalid for good is banned for a while, what may heal is not") {
    Pool pool{{.ban_ms = 1'000}};
    CHECK(pool.reject(hash(1), chain::Invalid{InvalidTransaction::BadProof}, {}).data ==
          "Transaction has a bad signature");
    CHECK(pool.may_enter(hash(1), 1, {.now_ms = 999}).error() == banned());
    CHECK(pool.may_enter(hash(1), 1, {.now_ms = 1'000}).has_value());

    for (const auto reason : {InvalidTransaction::Payment, InvalidTransaction::Stale, InvalidTransaction::Custom}) {
        CHECK(static_cast<int>(pool.reject(hash(2), chain::Invalid{reason}, {}).code) == 1010);
        CHECK(pool.may_enter(hash(2), 1, {}).has_value());
    }
}

TEST_CASE("a block builder's refusal removes what is wrong and keeps what only did not fit") {
    Pool pool;
    must_submit(pool, 1, {.nonce = 0});
    must_submit(pool, 2, {.nonce = 1});
    CHECK(pool.refused_in_block(hash(1), chain::Invalid{InvalidTransaction::ExhaustsResources}, {}).empty());
    const Effects effects = pool.refused_in_block(hash(1), chain::Invalid{InvalidTransaction::Payment}, {});
    CHECK(statuses(effects, 1) == Statuses{Invalid{}});
    CHECK(statuses(effects, 2) == Statuses{Future{}});
    CHECK(pool.refused_in_block(hash(1), chain::Invalid{InvalidTransaction::Payment}, {}).empty());
    pool.check_consistent();
}

TEST_CASE("who waits for finality too long is told so") {
    Pool pool{{.unfinalized_blocks_max = 1}};
    must_submit(pool, 1, {.nonce = 0});
    must_submit(pool, 2, {.nonce = 1});
    pool.advance({{}, {block(1, 1, {1})}}, {.best_number = 1}, unchanged);
    const Effects effects = pool.advance({{}, {block(2, 2, {2})}}, {.best_number = 2}, unchanged);
    CHECK(statuses(effects, 1) == Statuses{FinalityTimeout{hash(1'000'001)}});
    CHECK_FALSE(pool.status(hash(1)).has_value());
    CHECK(pool.status(hash(2)).has_value());
}

TEST_CASE("peers that got a transaction are reported while it waits") {
    Pool pool;
    must_submit(pool, 1, {});
    CHECK(statuses(pool.broadcast(hash(1), {"a", "b"}), 1) == Statuses{Broadcast{{"a", "b"}}});
    CHECK(pool.broadcast(hash(2), {"a"}).empty());
}

TEST_CASE("a transaction is found by its short name, waiting or in a block, unless two have the same") {
    Pool pool;
    must_submit(pool, 1, {.nonce = 0}, {.now_ms = 70});
    CHECK(pool.find(chain::short_id(hash(1))) == pool.find(hash(1)));
    CHECK(pool.find(chain::short_id(hash(2))) == nullptr);
    CHECK(pool.entered_ms(hash(1)) == 70);
    CHECK_FALSE(pool.entered_ms(hash(2)).has_value());
    pool.advance({{}, {block(1, 1, {1})}}, {.best_number = 1}, unchanged);
    CHECK(pool.find(chain::short_id(hash(1))) == pool.find(hash(1)));
    CHECK(pool.entered_ms(hash(1)) == 70);

    Pooled twin = transaction(2, {.sender = 2, .nonce = 0});
    twin.checked.hash = hash(1);
    twin.checked.hash.value.back() ^= 1;
    REQUIRE(pool.submit(twin, {}).has_value());
    CHECK(pool.find(chain::short_id(hash(1))) == nullptr);
    CHECK(pool.find(hash(1)) != nullptr);
}

TEST_CASE("last statuses are known as such") {
    CHECK(is_last(Finalized{}));
    CHECK(is_last(Usurped{}));
    CHECK(is_last(Dropped{}));
    CHECK(is_last(Invalid{}));
    CHECK(is_last(FinalityTimeout{}));
    CHECK_FALSE(is_last(Retracted{}));
    CHECK_FALSE(is_last(InBlock{}));
    CHECK_FALSE(is_last(Future{}));
}

TEST_CASE("the pool agrees with a naive model through random histories") {
    const auto seed = GENERATE(range(1, 13));
    CAPTURE(seed);
    History history{static_cast<std::uint64_t>(seed)};
    for (int i = 0; i < 2'000; ++i) {
        CAPTURE(i);
        history.step();
    }
}
