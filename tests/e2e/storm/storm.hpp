#pragma once
// One run: troubles one after another, and after each that the network goes on; at the end, that nothing was lost and
// nobody contradicted himself.

#include "schedule.hpp"
#include "traffic.hpp"
#include "witness.hpp"

namespace tests {

class Storm {
public:
    Storm(std::size_t validators, std::uint64_t seed, const std::vector<std::size_t>& clocks);

    /// Troubles of the schedule for about so long, each to its end. Prints what happens. True if all promises held.
    bool run(const std::vector<Step>& steps, int seconds);

private:
    void carry_out(const Step& step);
    void kill(const Step& step);
    void pause(const Step& step);
    void cut(const Step& step);
    void fill_disk(const Step& step);
    void jump_clock(const Step& step);
    void join();
    void roll();

    void start(std::size_t i);
    /// Every node that runs gets beyond what is final now, within a minute.
    void expect_progress(const std::string& after);
    void examine();
    void fail(std::string what);

    Cluster cluster_;
    std::uint64_t seed_;
    std::vector<std::string> failures_;
    std::unique_ptr<Witness> witness_;
    std::unique_ptr<Traffic> traffic_;
    bool has_follower_ = false;
};

}  // namespace tests
