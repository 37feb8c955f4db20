#pragma once
// What befalls a network of real nodes, in which order, whom and for how long: all of it from one seed.

#include <cstdint>
#include <string>
#include <vector>

namespace tests {

enum class Trouble : std::uint8_t {
    Kill,         ///< kill -9, and back after a while; now and then of more than the network can spare
    Pause,        ///< SIGSTOP, then SIGCONT
    CutMinority,  ///< so few that the others go on are cut off
    CutHalf,      ///< two sides, neither of which is a quorum
    CutOneWay,    ///< some hear nobody, and are heard
    FillDisk,     ///< no room is left: the node ends, and comes back when there is room
    JumpClock,    ///< the wall clock is wrong by up to two minutes
    Join,         ///< a node without any data comes
    Roll          ///< each node is restarted in its turn
};
inline constexpr std::size_t trouble_kinds = 9;

std::string_view name(Trouble trouble);

struct Step {
    Trouble trouble{};
    std::vector<std::size_t> whom;  ///< validators, ascending
    std::uint32_t after_ms = 0;     ///< of calm before it
    std::uint32_t lasts_ms = 0;
    std::int32_t jump_s = 0;
    bool operator==(const Step&) const = default;
};

/// Rounds of all kinds, each round in an order of its own. `clocks`: validators whose clock can be set.
std::vector<Step> draw_schedule(std::uint64_t seed, std::size_t validators, const std::vector<std::size_t>& clocks,
                                std::size_t rounds);

/// "kill 2, 5 for 1.3 s"
std::string text(const Step& step);

}  // namespace tests
