#pragma once
// All votes that the journals of a network hold, side by side: no key may have signed what excludes what it signed.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tests {

struct SignedVotes {
    std::size_t votes = 0;
    std::vector<std::string> contradictions;  ///< and files that are not sound
};

/// `folder`: a stopped validator's DATA/consensus.
SignedVotes read_votes(const std::filesystem::path& folder);

}  // namespace tests
