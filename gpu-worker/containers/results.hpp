#pragma once
// What a job leaves in /results becomes one tar archive and one number that the chain keeps.
//
// The root is a SHA-256 Merkle tree over the regular files in ascending byte order of their paths ("a/b.txt", no
// leading
// "./"): leaf = sha256(0x00 ‖ SCALE(path text, size u64, sha256 of the content)), node = sha256(0x01 ‖ left ‖ right);
// the last of an odd row moves up unchanged; no files: 32 zero bytes. Folders, modes and times are not part of it.

#include "gpu-worker/containers/containers.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace worker {

struct ResultFile {
    std::string path;
    std::uint64_t size = 0;
    chain::Hash content;  // sha256
    bool operator==(const ResultFile&) const = default;
};

chain::Hash leaf_of(const ResultFile& file);

/// The root over files in any order. Two files of one path are a bug of the caller.
chain::Hash results_root(std::vector<ResultFile> files);

struct PackBounds {
    std::uint64_t bytes_max = 1ULL << 30;  // of the files together, as they seem (holes count)
    std::uint32_t files_max = 100'000;
    std::uint32_t depth_max = 32;
};

struct Packed {
    Results results;
    std::vector<std::string> left_out;  // a few sentences about what is not in the archive
};

/// Packs the regular files below `folder` into `archive`. Links, devices, pipes and what exceeds the bounds are left
/// out. The folder's content is a stranger's: nothing is followed, and nobody else may be writing to it.
Result<Packed> pack_results(const std::filesystem::path& folder, const std::filesystem::path& archive,
                            const PackBounds& bounds);

/// The other end: unpacks an archive of ours below `folder` (which must exist) and returns its root and files. Refuses
/// paths that lead out of the folder, entries that are not regular files, and files that exist already.
Result<Results> unpack_results(const std::filesystem::path& archive, const std::filesystem::path& folder);

}  // namespace worker
