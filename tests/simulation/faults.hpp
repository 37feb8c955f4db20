#pragma once
// What befalls the nodes until the world heals: when, drawn from the seed. The world carries it out.

#include "tests/simulation/scenario.hpp"

#include <cstdint>
#include <optional>

namespace simulation {

enum class FaultKind : std::uint8_t {
    CutLinks,    ///< some directed links stop carrying; they mend after a while
    Crash,       ///< the machine loses power and comes back after a while
    DieWriting,  ///< the machine dies between two operations of its disk
    FillDisk,    ///< no write succeeds until the disk has room again
    FlipBits,    ///< the machine loses power, and some bits on its disk are other ones
    Blackout,    ///< all machines lose power at once
    LoseDisk,    ///< the machine loses power and comes back with an empty disk
    JumpClock    ///< the wall clock is set
};
inline constexpr std::size_t fault_kinds = 8;

struct Fault {
    Micros at = 0;
    FaultKind kind{};
    /// How long until it is mended.
    Micros lasts_us = 0;
};

/// The next fault of each kind that the plan has, one after another.
class FaultSource {
public:
    FaultSource(const FaultPlan& plan, Micros heal_at, Random random);

    /// The next fault, and moves on; nothing once the world heals.
    std::optional<Fault> next();

private:
    Micros gap();

    FaultPlan plan_;
    Micros heal_at_;
    Random random_;
    std::vector<FaultKind> kinds_;
    Micros now_ = 0;
};

}  // namespace simulation
