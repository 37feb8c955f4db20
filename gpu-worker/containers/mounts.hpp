#pragma once
// File systems for a job, made inside the shim's own mount namespace: when the shim is gone, so are they, loop devices
// included.

#include "chain/base/result.hpp"

#include <cstdint>
#include <filesystem>

namespace worker {

/// A mount namespace of our own from which nothing reaches the host's; where control groups are hybrid, crun is kept
/// from seeing the half-filled unified hierarchy.
chain::Result<void> enter_private_mounts();

enum class Access : std::uint8_t { ReadOnly, ReadWrite };

/// A sparse file of `bytes` with an empty ext4 of at most `files` inodes (0: as mkfs thinks), owned by root.
chain::Result<void> make_disk(const std::filesystem::path& file, std::uint64_t bytes, std::uint64_t files);

/// Mounts the ext4 in `file` at the folder; nosuid and nodev.
chain::Result<void> mount_disk(const std::filesystem::path& file, const std::filesystem::path& folder, Access access);

/// Shows `from` at `to` with ids moved: id first+n on disk is id shown_first+n here, for n below count; others are
/// nobody.
chain::Result<void> bind_with_ids(const std::filesystem::path& from, const std::filesystem::path& to,
                                  std::uint32_t first, std::uint32_t shown_first, std::uint32_t count);

/// `lower` below `upper`, shown at `folder`. None of the paths may hold ',' or ':' (ours never do: relative to the
/// job).
chain::Result<void> mount_overlay(const std::filesystem::path& lower, const std::filesystem::path& upper,
                                  const std::filesystem::path& work, const std::filesystem::path& folder);

/// A small file system in memory.
chain::Result<void> mount_memory(const std::filesystem::path& folder, std::uint64_t bytes);

/// Detaches what is mounted at the folder. No fault where nothing is.
void unmount(const std::filesystem::path& folder);

/// Bytes and inodes in use in the file system that holds the folder, and whether less than a 32nd part (or no inode) is
/// left of it.
struct Fill {
    std::uint64_t used_bytes = 0;
    std::uint64_t used_files = 0;
    bool full = false;
};
Fill fill_of(const std::filesystem::path& folder);

}  // namespace worker
