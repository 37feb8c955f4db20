#include "schedule.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>

namespace tests {
namespace {

class Draw {
public:
    explicit Draw(std::uint64_t seed) : engine_(seed) {}

    /// In [least, most]; not std::uniform_int_distribution, which every library draws otherwise.
    std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + engine_() % (most - least + 1); }
    template <class T>
    void shuffle(std::vector<T>& values) {
        for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[between(0, i - 1)]);
    }
    std::vector<std::size_t> some(std::size_t count, std::size_t of) {
        std::vector<std::size_t> all(of);
        std::iota(all.begin(), all.end(), std::size_t{0});
        shuffle(all);
        all.resize(count);
        std::ranges::sort(all);
        return all;
    }

private:
    std::mt19937_64 engine_;
};

Step draw_step(Draw& draw, Trouble trouble, std::size_t validators, const std::vector<std::size_t>& clocks) {
    const std::size_t spare = (validators - 1) / 3;
    Step step{.trouble = trouble,
              .after_ms = static_cast<std::uint32_t>(draw.between(300, 1'500)),
              .lasts_ms = static_cast<std::uint32_t>(draw.between(500, 4'000))};
    switch (trouble) {
        case Trouble::Kill: {
            const bool is_too_many = draw.between(0, 3) == 0;
            step.whom =
                draw.some(is_too_many ? draw.between(spare + 1, validators) : draw.between(1, spare), validators);
            break;
        }
        case Trouble::Pause:
        case Trouble::CutMinority:
        case Trouble::CutOneWay: step.whom = draw.some(draw.between(1, spare), validators); break;
        case Trouble::CutHalf: step.whom = draw.some(validators / 2, validators); break;
        case Trouble::FillDisk: step.whom = draw.some(1, validators); break;
        case Trouble::JumpClock:
            step.whom = {clocks[draw.between(0, clocks.size() - 1)]};
            step.jump_s = static_cast<std::int32_t>(draw.between(20, 120)) * (draw.between(0, 1) == 0 ? 1 : -1);
            step.lasts_ms += 2'000;  // a second passes until the node's clock follows
            break;
        case Trouble::Join:
        case Trouble::Roll: break;
    }
    return step;
}

}  // namespace

std::string_view name(Trouble trouble) {
    constexpr std::array<std::string_view, trouble_kinds> names{
        "kill", "pause", "cut off", "cut in halves", "cut one way", "fill the disk of", "set the clock of",
        "join", "roll"};
    return names[static_cast<std::size_t>(trouble)];
}

std::vector<Step> draw_schedule(std::uint64_t seed, std::size_t validators, const std::vector<std::size_t>& clocks,
                                std::size_t rounds) {
    Draw draw{seed};
    std::vector<Step> steps;
    for (; rounds > 0; --rounds) {
        std::vector<Trouble> kinds;
        for (std::size_t i = 0; i < trouble_kinds; ++i) kinds.push_back(static_cast<Trouble>(i));
        draw.shuffle(kinds);
        for (const Trouble kind : kinds)
            if (kind != Trouble::JumpClock || !clocks.empty())
                steps.push_back(draw_step(draw, kind, validators, clocks));
    }
    return steps;
}

std::string text(const Step& step) {
    std::string out{name(step.trouble)};
    if (!step.whom.empty()) out += fmt::format(" {}", fmt::join(step.whom, ", "));
    if (step.jump_s != 0) out += fmt::format(" by {} s", step.jump_s);
    return out + fmt::format(" for {:.1f} s", step.lasts_ms / 1'000.0);
}

}  // namespace tests
