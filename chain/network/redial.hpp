#pragma once
// When to dial again somebody who could not be reached, and why he could not. For ever, with pauses that double up to a
// bound and are shifted by chance, so that a network that restarts does not dial in step.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace network {

class Redial {
public:
    /// Targets remembered at once; beyond, the one whose turn comes last is forgotten.
    static constexpr std::size_t targets_max = 4'096;

    Redial(std::uint32_t least_ms, std::uint64_t seed);

    /// Whether it may be dialled: it is not being dialled, and its pause is over.
    bool is_due(const std::string& target, std::uint64_t now_ms) const;
    /// Waits before the first try.
    void postpone(const std::string& target, std::uint64_t until_ms);
    void started(const std::string& target);
    /// The pause is at most `most_ms`, give or take its quarter.
    void failed(const std::string& target, std::string reason, std::uint64_t now_ms, std::uint32_t most_ms);
    /// Connected: the next failure begins with the shortest pause again.
    void succeeded(const std::string& target);
    /// A connection that had stood ended: another try soon, with the reason kept.
    void ended(const std::string& target, std::string reason, std::uint64_t now_ms);

    struct State {
        std::uint64_t failures = 0;
        std::uint64_t next_ms = 0;
        bool is_dialling = false;
        std::string reason;
    };
    /// Nothing is known: a state without failures.
    State state(const std::string& target) const;

private:
    std::uint64_t jittered(std::uint64_t pause_ms);
    State& at(const std::string& target);

    std::uint32_t least_ms_;
    std::uint64_t random_;
    std::map<std::string, State> targets_;
};

}  // namespace network
