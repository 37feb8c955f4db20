// The state root: random updates of existing accounts over a million of them, the shape of System.Account in a
// Substrate chain with 32-byte accounts (80-byte keys, 80-byte values).

#include "chain/base/check.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/crypto/hash_many.hpp"
#include "chain/crypto/twox.hpp"
#include "chain/state/memory_nodes.hpp"
#include "chain/state/trie_update.hpp"
#include "tests/bench/bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>

namespace {

using chain::Bytes;
using chain::ByteView;

constexpr std::size_t key_bytes = 80;
constexpr std::size_t value_bytes = 80;
/// A leaf: its header, some 62 nibbles, the hash of its value.
constexpr std::size_t leaf_bytes = 65;

using Record = std::array<std::uint8_t, key_bytes + value_bytes>;

ByteView key_of(const Record& record) { return ByteView{record}.first(key_bytes); }

/// Records in key order with a hash index: as near to no cost as a flat state in memory gets, so that the trie is what
/// is measured.
class FlatState : public state::StateView {
public:
    explicit FlatState(std::size_t count) : records_(count), index_(std::bit_ceil(2 * count), none) {
        for (std::size_t i = 0; i < count; ++i) records_[i] = account(i);
        std::ranges::sort(records_);
        for (std::size_t i = 0; i < count; ++i)
            index_[static_cast<std::size_t>(slot_of(key_of(records_[i])) - index_.data())] =
                static_cast<std::uint32_t>(i);
    }

    std::optional<Bytes> get(ByteView key) const override {
        const std::uint32_t found = *slot_of(key);
        if (found == none) return std::nullopt;
        return chain::to_bytes(ByteView{records_[found]}.subspan(key_bytes));
    }

    bool contains(ByteView key) const override { return *slot_of(key) != none; }

    std::vector<bool> contain(std::span<const ByteView> keys) const override {
        constexpr std::size_t ahead = 16;
        std::vector<std::size_t> homes;
        homes.reserve(keys.size());
        for (const ByteView key : keys) homes.push_back(home_of(key));
        std::vector<bool> found;
        found.reserve(keys.size());
        for (std::size_t i = 0; i < keys.size(); ++i) {
            // Two steps ahead of the question: first its slot, then the record that the slot names.
            if (i + 2 * ahead < keys.size()) __builtin_prefetch(&index_[homes[i + 2 * ahead]]);
            if (i + ahead < keys.size())
                if (const std::uint32_t next = index_[homes[i + ahead]]; next != none)
                    __builtin_prefetch(&records_[next]);
            found.push_back(*slot_from(homes[i], keys[i]) != none);
        }
        return found;
    }

    std::optional<Bytes> next_key(ByteView after) const override {
        const auto next = std::ranges::upper_bound(records_, after, state::ByteOrder{}, key_of);
        return next == records_.end() ? std::nullopt : std::optional{chain::to_bytes(key_of(*next))};
    }

    const std::vector<Record>& records() const { return records_; }

private:
    static constexpr std::uint32_t none = ~std::uint32_t{0};

    /// System.Account of the i-th account: pallet, item, Blake2_128Concat of the account.
    static Record account(std::size_t i) {
        Bytes bytes;
        chain::append(bytes, crypto::twox128("System"));
        chain::append(bytes, crypto::twox128("Account"));
        std::array<std::uint8_t, 8> number{};
        std::memcpy(number.data(), &i, sizeof i);
        const chain::Hash id = crypto::blake2b_256(number);
        chain::append(bytes, crypto::blake2b_128(id.value));
        chain::append(bytes, id.value);
        Record record{};
        std::ranges::copy(bytes, record.begin());
        std::ranges::copy(number, record.begin() + key_bytes);
        return record;
    }

    std::size_t home_of(ByteView key) const { return crypto::xxh::fast(key, 0) & (index_.size() - 1); }

    const std::uint32_t* slot_from(std::size_t at, ByteView key) const {
        while (index_[at] != none && !std::ranges::equal(key_of(records_[index_[at]]), key))
            at = (at + 1) & (index_.size() - 1);
        return &index_[at];
    }
    const std::uint32_t* slot_of(ByteView key) const { return slot_from(home_of(key), key); }

    std::vector<Record> records_;
    std::vector<std::uint32_t> index_;
};

struct World {
    explicit World(std::size_t accounts) : state(accounts) {
        state::StateDiff all;
        for (const Record& record : state.records())
            all.emplace_hint(all.end(), chain::to_bytes(key_of(record)),
                             chain::to_bytes(ByteView{record}.subspan(key_bytes)));
        nodes.apply(state::update_trie(state::MemoryNodes{}, state::MapState{}, all).nodes);
    }
    FlatState state;
    state::MemoryNodes nodes;
};

/// Picks accounts: all alike, or a few far more often than others.
class Picker {
public:
    enum class Load : std::uint8_t { Uniform, Zipf };
    Picker(Load load, std::size_t accounts) : load_(load), accounts_(accounts) {}

    std::size_t pick() {
        const double random = std::uniform_real_distribution{}(random_);
        const auto count = static_cast<double>(accounts_);
        // The continuous form of Zipf's law with exponent 1: rank = count^random.
        const double rank = load_ == Load::Uniform ? random * count : std::pow(count, random) - 1;
        return std::min(static_cast<std::size_t>(rank), accounts_ - 1);
    }
    std::uint8_t byte() { return static_cast<std::uint8_t>(random_()); }

private:
    Load load_;
    std::size_t accounts_;
    std::mt19937_64 random_{42};
};

state::StateDiff random_diff(const World& world, std::size_t updates, Picker& picker) {
    state::StateDiff diff;
    while (diff.size() < updates) {
        const Record& record = world.state.records()[picker.pick()];
        diff.insert_or_assign(chain::to_bytes(key_of(record)), Bytes(value_bytes, picker.byte()));
    }
    return diff;
}

void measure(bench::Recorder& recorder, const World& world, Picker::Load load, std::size_t updates) {
    const bool uniform = load == Picker::Load::Uniform;
    Picker picker{load, world.state.records().size()};
    state::StateDiff diff;
    state::TrieUpdate update;
    recorder.time(
        {.name = fmt::format("state/root/{}/n={}", uniform ? "uniform" : "zipf", updates),
         .operation = "update",
         .operations = updates,
         .target_us = uniform && updates == 10'000 ? 3.0 : 0.0},
        [&] {
            diff = random_diff(world, updates, picker);
            update = {};
        },
        [&] { update = state::update_trie(world.nodes, world.state, diff); });
    // The floor under that figure in the same run: the same hashes, of bytes that are ready, all at once.
    const std::string base = fmt::format("state/root/{}/n={}", uniform ? "uniform" : "zipf", updates);
    const Bytes leaf(leaf_bytes, 1);
    std::vector<crypto::HashJob> jobs;
    std::array<std::uint8_t, 32> hash{};
    recorder.time(
        {.name = base + " hashes alone", .operation = "update", .operations = updates},
        [&] {
            jobs.clear();
            for (const auto& [path, record] : update.nodes)
                if (record) jobs.push_back({*record, hash.data()});
            for (const auto& [key, value] : diff) {
                jobs.push_back({*value, hash.data()});
                jobs.push_back({leaf, hash.data()});
            }
        },
        [&] {
            crypto::blake2b_256(jobs);
            bench::keep(hash);
        });
    std::size_t hashed = 0;
    for (const auto& [path, record] : update.nodes) hashed += record ? record->size() : 0;
    const auto count = static_cast<double>(updates);
    recorder.remark(base + ": branches written", static_cast<double>(update.nodes.size()) / count, "an update");
    recorder.remark(base + ": branch bytes hashed", static_cast<double>(hashed) / count, "B an update");
}

void state_root(bench::Recorder& recorder) {
    const std::size_t accounts = recorder.scaled(1'000'000);
    const World world{accounts};
    recorder.remark("state/root: accounts", static_cast<double>(accounts), "");
    recorder.remark("state/root: branches", static_cast<double>(world.nodes.size()), "");
    for (const std::size_t updates : {1'000U, 10'000U, 20'000U})
        measure(recorder, world, Picker::Load::Uniform, recorder.smoke() ? 100 : updates);
    measure(recorder, world, Picker::Load::Zipf, recorder.smoke() ? 100 : 10'000);
    recorder.remark("state/root: resident", static_cast<double>(bench::resident_bytes()) / 1e6, "MB");
}

const bench::Group group{"state/root", state_root};

}  // namespace
