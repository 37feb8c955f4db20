#include "chain/crypto/hash_many.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/blake2b_lanes.hpp"

#include <algorithm>
#include <array>

namespace crypto {

namespace {

using HashGroup = void (*)(const LaneMessage*);

constexpr std::size_t lanes_max = 8;

HashGroup group_of(Lanes lanes) {
#ifdef TEPHRA_BLAKE2B_LANES
    if (lanes == Lanes::Four) return blake2b_256_by_four;
    if (lanes == Lanes::Eight) return blake2b_256_by_eight;
#endif
    chain::check(lanes == Lanes::One);
    return nullptr;
}

void hash_alone(const HashJob& job) { std::ranges::copy(blake2b_256(job.message).value, job.hash); }

/// Jobs of about the same length stand together, so that lanes end together.
class ByBlocks {
public:
    static constexpr std::size_t jobs_max = 256;

    explicit ByBlocks(std::span<const HashJob> jobs) : size_(jobs.size()) {
        std::array<std::size_t, lengths + 1> ends{};
        for (const HashJob& job : jobs) ++ends[length_of(job) + 1];
        for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
        for (const HashJob& job : jobs) order_[ends[length_of(job)]++] = &job;
    }
    std::span<const HashJob* const> order() const { return std::span{order_}.first(size_); }

private:
    static constexpr std::size_t lengths = 16;
    static std::size_t length_of(const HashJob& job) {
        const std::size_t size = job.message.size();
        return std::min(size == 0 ? 0 : (size - 1) / blake2b_block_bytes, lengths - 1);
    }

    std::size_t size_;
    std::array<const HashJob*, jobs_max> order_;
};

void hash_by_groups(std::span<const HashJob> jobs, HashGroup hash_group, std::size_t lanes) {
    // A group takes as long as two or three hashes alone, however many of its lanes are used.
    constexpr std::size_t alone_max = 2;
    const ByBlocks sorted{jobs};
    for (auto rest = sorted.order(); !rest.empty();) {
        const auto group = rest.first(std::min(rest.size(), lanes));
        rest = rest.subspan(group.size());
        if (group.size() <= alone_max) {
            for (const HashJob* job : group) hash_alone(*job);
            continue;
        }
        std::array<std::uint8_t, 32> nowhere;
        std::array<LaneMessage, lanes_max> messages;
        messages.fill({.data = nullptr, .size = 0, .hash = nowhere.data()});
        for (std::size_t i = 0; i < group.size(); ++i)
            messages[i] = {group[i]->message.data(), group[i]->message.size(), group[i]->hash};
        hash_group(messages.data());
    }
}

}  // namespace

bool has_lanes(Lanes lanes) {
    switch (lanes) {
        case Lanes::One: return true;
#ifdef TEPHRA_BLAKE2B_LANES
        case Lanes::Four: return __builtin_cpu_supports("avx2") != 0;
        case Lanes::Eight: return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0;
#else
        default: break;
#endif
    }
    return false;
}

Lanes most_lanes() {
    static const Lanes most = has_lanes(Lanes::Eight)  ? Lanes::Eight
                              : has_lanes(Lanes::Four) ? Lanes::Four
                                                       : Lanes::One;
    return most;
}

void blake2b_256(std::span<const HashJob> jobs) { blake2b_256(jobs, most_lanes()); }

void blake2b_256(std::span<const HashJob> jobs, Lanes lanes) {
    chain::check(has_lanes(lanes));
    const HashGroup hash_group = group_of(lanes);
    while (!jobs.empty()) {
        const auto some = jobs.first(std::min(jobs.size(), ByBlocks::jobs_max));
        jobs = jobs.subspan(some.size());
        if (hash_group != nullptr) hash_by_groups(some, hash_group, static_cast<std::size_t>(lanes));
        else std::ranges::for_each(some, hash_alone);
    }
}

}  // namespace crypto
