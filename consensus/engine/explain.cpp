#include "consensus/engine/explain.hpp"

#include "consensus/safety/remains.hpp"

#include <fmt/format.h>

#include <vector>

namespace consensus {
namespace {

/// "1, 3", or at most ten of them.
std::string listed(const std::vector<std::size_t>& indices) {
    constexpr std::size_t shown_max = 10;
    std::string out;
    for (std::size_t i = 0; i < indices.size() && i < shown_max; ++i)
        out += fmt::format("{}{}", i == 0 ? "" : ", ", indices[i]);
    return indices.size() > shown_max ? out + ", …" : out;
}

std::string about_signing(const ReplicaReport& report) {
    switch (report.signing) {
        case SigningState::Follows: return "this node follows and does not vote";
        case SigningState::Listens: return "this node listens for another one with its key before it signs";
        case SigningState::Silent:
            return fmt::format(
                "this node signs nothing up to view {} of epoch {}: it lost its memory of what it signed",
                report.silent_until.view, report.silent_until.epoch);
        case SigningState::Stopped: return "another machine signs with this node's key: this node stopped signing";
        case SigningState::Forgot: return std::string{safety::memory_lost};
        case SigningState::Signs: return "";
    }
    return "";
}

}  // namespace

std::string explain(const ReplicaReport& report, const votes::ValidatorTable& table) {
    const ViewReport& view = report.view;
    std::string out = fmt::format("epoch {} view {} leader {}", view.epoch, view.view, view.leader);
    if (!view.waits_for.empty()) out += "; " + view.waits_for;
    chain::u128 connected = 0;
    std::vector<std::size_t> absent;
    std::vector<std::size_t> silent;
    for (std::size_t i = 0; i < view.validators.size() && i < table.size(); ++i) {
        const ValidatorReport& heard = view.validators[i];
        if (heard.is_connected) connected += table[i].weight;
        else absent.push_back(i);
        const bool has_voted = heard.notarized || heard.nullified || heard.finalized;
        if (heard.is_connected && !has_voted) silent.push_back(i);
    }
    if (connected < table.quorum()) out += "; too few validators are connected for a quorum";
    if (!absent.empty()) out += "; not connected: " + listed(absent);
    if (!silent.empty()) out += "; connected and silent in this view: " + listed(silent);
    if (const auto own = about_signing(report); !own.empty()) out += "; " + own;
    return out;
}

std::string_view name(SigningState state) {
    switch (state) {
        case SigningState::Follows: return "follows";
        case SigningState::Listens: return "listens";
        case SigningState::Silent: return "silent";
        case SigningState::Signs: return "signs";
        case SigningState::Stopped: return "stopped";
        case SigningState::Forgot: return "forgot";
    }
    return "?";
}

std::string_view name(effect::Outcome outcome) {
    switch (outcome) {
        case effect::Outcome::Notarized: return "notarized";
        case effect::Outcome::Nullified: return "nullified";
        case effect::Outcome::Overtaken: return "overtaken";
    }
    return "?";
}

}  // namespace consensus
