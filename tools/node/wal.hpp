#pragma once
// `tephra-node wal`: what a validator has signed, from the folder of its journal. Reads only; the node may run.

#include <filesystem>
#include <string>

namespace node {

/// Without a file: every file in a line, and whatever is damaged, missing or contradictory. With one ("watermark" or a
/// part of the journal): its content, a record in a line. The exit status: 0 sound, 1 not, or unreadable (said on
/// standard error).
int wal(const std::filesystem::path& folder, const std::string& file);

}  // namespace node
