#include "votes.hpp"

#include "consensus/safety/describe.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <map>
#include <tuple>

namespace tests {
namespace {

using consensus::safety::FileBytes;
using votes::Kind;
using votes::Statement;

std::vector<FileBytes> files_of(const std::filesystem::path& folder) {
    std::vector<FileBytes> out;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        std::ifstream file{entry.path(), std::ios::binary};
        out.push_back({entry.path().filename().string(),
                       chain::Bytes{std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}}});
    }
    return out;
}

/// What was signed in one view.
struct View {
    std::map<Kind, Statement> said;
};

bool excludes(const View& view, const Statement& vote) {
    const auto same = view.said.find(vote.kind);
    if (same != view.said.end() && same->second != vote) return true;
    return (vote.kind == Kind::Finalize && view.said.contains(Kind::Nullify)) ||
           (vote.kind == Kind::Nullify && view.said.contains(Kind::Finalize));
}

}  // namespace

SignedVotes read_votes(const std::filesystem::path& folder) {
    SignedVotes out;
    const auto files = files_of(folder);
    if (const auto examined = consensus::safety::examine(files); !examined.is_sound)
        out.contradictions.push_back(folder.string() + " is not sound:\n" + examined.text);
    std::map<std::tuple<std::uint64_t, std::uint64_t>, View> views;
    for (const FileBytes& file : files) {
        if (!consensus::safety::part_from_name(file.name)) continue;
        for (const auto& frame : consensus::safety::scan(file.bytes, 0).frames) {
            const auto record = consensus::safety::decode_record(frame.payload);
            const auto* own = record ? std::get_if<consensus::safety::OwnVote>(&*record) : nullptr;
            if (own == nullptr) continue;
            ++out.votes;
            const Statement& vote = own->vote.statement;
            View& view = views[{vote.epoch, vote.view}];
            if (excludes(view, vote))
                out.contradictions.push_back(fmt::format("{}: two votes that exclude each other in view {} of epoch {}",
                                                         folder.string(), vote.view, vote.epoch));
            view.said.emplace(vote.kind, vote);
        }
    }
    return out;
}

}  // namespace tests
