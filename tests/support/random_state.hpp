#pragma once
// Random states and differences whose keys like to share prefixes, end inside one another and sit on the trie's edges.

#include "chain/state/view.hpp"

#include <random>
#include <utility>
#include <vector>

namespace tests {

class RandomState {
public:
    explicit RandomState(std::uint32_t seed) : random_(seed) {}

    std::uint32_t pick(std::uint32_t below) { return static_cast<std::uint32_t>(random_() % below); }

    /// Few distinct nibbles, 0 to 6 bytes, at times with a long common part.
    chain::Bytes key() {
        constexpr std::uint8_t bytes[] = {0x00, 0x01, 0x10, 0x11, 0x0f, 0xf0, 0xff};
        chain::Bytes out;
        if (pick(5) == 0) out.assign(pick(3) * 40, 0x11);
        for (std::uint32_t left = pick(7); left > 0; --left) out.push_back(bytes[pick(std::size(bytes))]);
        return out;
    }

    /// Empty, short, around the length from which a value is hashed, and long ones.
    chain::Bytes value() {
        constexpr std::uint32_t sizes[] = {0, 1, 4, 31, 32, 33, 34, 63, 64, 100};
        return chain::Bytes(sizes[pick(std::size(sizes))], static_cast<std::uint8_t>(pick(256)));
    }

    /// Writes of new and old keys, and removals of keys that are and are not there.
    state::StateDiff diff(const state::MapState& state, std::uint32_t changes_max) {
        state::StateDiff out;
        for (std::uint32_t left = pick(changes_max) + 1; left > 0; --left) {
            chain::Bytes at = key();
            if (!state.entries.empty() && pick(2) == 0) {
                const auto entry = state.entries.lower_bound(at);
                if (entry != state.entries.end()) at = entry->first;
            }
            out[at] = pick(5) < 2 ? std::nullopt : std::optional{value()};
        }
        return out;
    }

private:
    std::mt19937 random_;
};

/// What trie::root wants.
inline std::vector<std::pair<chain::Bytes, chain::Bytes>> entries_of(const state::MapState& state) {
    return {state.entries.begin(), state.entries.end()};
}

}  // namespace tests
