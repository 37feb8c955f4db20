// Blocks of writes and removals, read from the input: after each one the updated trie has the root and the branches of
// a trie made from scratch, and proofs tell the truth.

#include "chain/base/check.hpp"
#include "chain/state/memory_nodes.hpp"
#include "chain/state/proof.hpp"
#include "chain/state/trie_update.hpp"
#include "chain/trie/trie.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

using chain::Bytes;

/// Keys of few different nibbles, so that they meet.
Bytes key_from(fuzz::Input& input) {
    constexpr std::uint8_t letters[] = {0x00, 0x01, 0x10, 0x11};
    const std::uint8_t shape = input.byte();
    Bytes key(shape >= 0xf0 ? 40 : 0, 0x11);
    for (std::size_t left = shape % 5; left > 0; --left) key.push_back(letters[input.below(4)]);
    return key;
}

std::optional<Bytes> value_from(fuzz::Input& input) {
    const std::uint8_t shape = input.byte();
    if (shape < 0x60) return std::nullopt;
    return Bytes(shape < 0xc0 ? shape % 4 : 31 + shape % 4, shape);
}

void trie_against_map(fuzz::Input input) {
    state::MapState state;
    state::MemoryNodes nodes;
    for (int blocks = 0; blocks < 16 && !input.empty(); ++blocks) {
        state::StateDiff diff;
        for (std::size_t left = input.below(12) + 1; left > 0; --left) {
            Bytes key = key_from(input);
            diff.insert_or_assign(std::move(key), value_from(input));
        }
        const auto update = state::update_trie(nodes, state, diff);
        nodes.apply(update.nodes);
        state.apply(diff);

        const std::vector<std::pair<Bytes, Bytes>> entries{state.entries.begin(), state.entries.end()};
        chain::check(update.root == trie::root(entries, trie::StateVersion::V1));
        state::MemoryNodes fresh;
        fresh.apply(
            state::update_trie(state::MemoryNodes{}, state::MapState{}, {entries.begin(), entries.end()}).nodes);
        chain::check(fresh == nodes);

        const Bytes key = key_from(input);
        const std::vector<Bytes> keys{key};
        const auto proof = state::read_proof(nodes, state, keys);
        const auto proven = state::verify_proof(update.root, proof, key);
        chain::check(proven && *proven == state.get(key));
    }
}

const fuzz::Target target{"trie_against_map", trie_against_map};

}  // namespace
