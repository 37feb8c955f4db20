#pragma once
// Every call of Machines, Leases and Escrow where it costs most: full lists, all depositors, a raise that waits, a
// sponsor, a payout that cannot be delivered. What these touch and how long they take is what their weights must cover.

#include "tests/support/chain.hpp"

#include <functional>
#include <set>
#include <string>

namespace tests {

struct DearCall {
    std::string name;
    frame::Weight declared;
    frame::Origin origin;
    frame::Call call;
};

/// The calls, and the state in which each goes well. They do not run after one another: each runs on this very state.
struct DearCalls {
    std::unique_ptr<Chain> chain;
    std::vector<DearCall> calls;
};
/// A transfer first; then owners' calls, machines' calls, renters' calls, a frontend's claim.
std::vector<DearCalls> dear_calls();

/// What one call reads of the state below it and writes to it, in items.
struct Touched {
    std::size_t reads = 0;
    std::size_t writes = 0;
};
/// Runs the call on its state and leaves the state as it was. The call must go well.
Touched touched_by(const DearCalls& world, const DearCall& call);

/// Processor time of one run on flat state in memory, in microseconds: the least mean of several rounds.
double microseconds_of(const DearCalls& world, const DearCall& call);

}  // namespace tests
