#pragma once
// The one source of chance. Everything that a run decides by lot comes from its seed through here, so a seed is a run.

#include "chain/base/numbers.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace simulation {

/// splitmix64: small, fast, and every seed is a good one.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// Uniform in [0, bound); 0 for bound 0. The bias of the multiplication is below 2^-40 for what is drawn here.
    std::uint64_t below(std::uint64_t bound) {
        return static_cast<std::uint64_t>((static_cast<chain::u128>(next()) * bound) >> 64);
    }

    /// Uniform in [least, most].
    std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + below(most - least + 1); }

    /// True in `per_million` of a million cases.
    bool chance(std::uint64_t per_million) { return per_million != 0 && below(1'000'000) < per_million; }

    /// A generator of its own for one part of the world: what that part draws does not move the others.
    Random split() { return Random{next()}; }

    template <class T>
    const T& pick(const std::vector<T>& from) {
        return from[below(from.size())];
    }

    template <class T>
    void shuffle(std::vector<T>& values) {
        for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[below(i)]);
    }

private:
    std::uint64_t state_;
};

}  // namespace simulation
