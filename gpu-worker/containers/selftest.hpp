#pragma once
// The parts of the self-test that must be tried in a process of their own.

#include <filesystem>

namespace worker {

/// The helper's `probe` mode: tries mounts and user ranges in `folder` and prints "name<TAB>trouble" lines, with no
/// trouble where all is well. Leaves nothing but files in the folder.
int probe_main(const std::filesystem::path& folder);

}  // namespace worker
