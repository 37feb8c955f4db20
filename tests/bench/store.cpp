// One block on disk: its state root with branches read from the store, and its durable batch (flat state, branches,
// history, marker), over a million accounts.

#include "chain/store/store.hpp"

#include "chain/base/check.hpp"
#include "chain/state/trie_update.hpp"
#include "tests/bench/bench.hpp"
#include "tests/bench/filled_store.hpp"
#include "tests/support/temp_folder.hpp"

#include <fmt/format.h>

#include <random>

namespace {

class World {
public:
    World(const std::filesystem::path& folder, std::size_t accounts) : accounts_(accounts) {
        bench::fill_store(folder, accounts);
        store_ = store::Store::open(folder).value();
    }

    void draw(std::size_t updates) {
        diff_.clear();
        while (diff_.size() < updates) {
            const auto account = bench::filled_account(random_() % accounts_);
            chain::Bytes value(80, static_cast<std::uint8_t>(random_()));
            diff_.insert_or_assign(bench::account_key(account), std::move(value));
        }
    }
    void root() {
        const auto view = store_->snapshot();
        update_ = state::update_trie(*view, *view, diff_);
    }
    void commit() {
        const auto head = store_->head().value();
        const chain::Block block{{.parent_hash = head.hash, .number = {head.number + 1}, .state_root = update_.root},
                                 {}};
        chain::check(store_->commit({chain::hash_of(block.header), block, diff_, update_.nodes, {}}).has_value());
    }

private:
    std::size_t accounts_;
    std::unique_ptr<store::Store> store_;
    std::mt19937_64 random_{1};
    state::StateDiff diff_;
    state::TrieUpdate update_;
};

void blocks(bench::Recorder& recorder) {
    const tests::TempFolder folder;
    const std::size_t accounts = recorder.scaled(1'000'000);
    World world{folder.path() / "chain", accounts};
    for (const std::size_t updates : {std::size_t{1'000}, std::size_t{10'000}}) {
        const std::size_t n = recorder.smoke() ? 10 : updates;
        recorder.time(
            {.name = fmt::format("store/root/n={}", n), .operation = "update", .operations = n}, [&] { world.draw(n); },
            [&] { world.root(); });
        recorder.time(
            {.name = fmt::format("store/commit/n={}", n), .operation = "update", .operations = n},
            [&] {
                world.draw(n);
                world.root();
            },
            [&] { world.commit(); });
    }
    recorder.remark(fmt::format("store/memory/accounts={}", accounts),
                    static_cast<double>(bench::resident_bytes()) / (1 << 20), "MiB");
}

const bench::Group group{"store/block", blocks};

}  // namespace
