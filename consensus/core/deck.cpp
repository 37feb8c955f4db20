#include "consensus/core/deck.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/hash.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

namespace consensus {
namespace {

using chain::Bytes;
using chain::Hash;
using chain::u128;

/// SHA-256 of key ‖ counter, block after block: numbers that everybody draws alike.
class Stream {
public:
    explicit Stream(const Hash& key) : key_(key) {}

    /// Uniform below `bound`, which is above 0: numbers of the incomplete last interval are thrown away.
    std::uint32_t below(std::uint32_t bound) {
        const std::uint32_t usable = UINT32_MAX - UINT32_MAX % bound;
        for (;;)
            if (const std::uint32_t number = next(); number < usable) return number % bound;
    }

private:
    std::uint32_t next() {
        if (at_ == block_.value.size()) {
            Bytes input = chain::to_bytes(key_.value);
            scale::encode(counter_++, input);
            block_ = crypto::sha256(input);
            at_ = 0;
        }
        std::uint32_t number{};
        std::memcpy(&number, block_.value.data() + at_, sizeof number);
        at_ += sizeof number;
        return number;
    }

    Hash key_;
    Hash block_;
    std::uint64_t counter_ = 0;
    std::size_t at_ = sizeof(Hash);
};

Hash key_of_round(const Hash& seed, std::uint64_t round) {
    Bytes input = chain::to_bytes(seed.value);
    scale::encode(round, input);
    return crypto::blake2b_256(input);
}

}  // namespace

std::vector<std::uint32_t> Deck::deal(const votes::ValidatorTable& table) {
    const std::size_t count = table.size();
    chain::check(count > 0 && count <= cards);
    const u128 spare = cards - count;
    std::vector<std::uint32_t> out(count, 1);
    std::vector<u128> remainder(count);
    std::size_t dealt = count;
    for (std::size_t i = 0; i < count; ++i) {
        // Weights stay below 2^64 and cards below 2^11: the product fits.
        const u128 share = spare * table[i].weight;
        out[i] += static_cast<std::uint32_t>(share / table.total());
        remainder[i] = share % table.total();
        dealt += out[i] - 1;
    }
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return remainder[a] > remainder[b]; });
    for (std::size_t i = 0; dealt < cards; ++i, ++dealt) ++out[order[i]];
    return out;
}

Deck::Deck(const votes::ValidatorTable& table, const Hash& seed) : seed_(seed) {
    std::size_t card = 0;
    const auto dealt = deal(table);
    for (std::uint32_t validator = 0; validator < dealt.size(); ++validator)
        for (std::uint32_t i = 0; i < dealt[validator]; ++i) unshuffled_[card++] = validator;
}

std::uint32_t Deck::leader(std::uint64_t view) const {
    const std::uint64_t wanted = round(view);
    Shuffled& kept = kept_[wanted % kept_.size()];
    if (!kept.is_made || kept.round != wanted) {
        kept = {.round = wanted, .is_made = true, .order = unshuffled_};
        Stream stream{key_of_round(seed_, wanted)};
        for (std::uint32_t i = cards - 1; i > 0; --i) std::swap(kept.order[i], kept.order[stream.below(i + 1)]);
    }
    return kept.order[view % cards];
}

}  // namespace consensus
