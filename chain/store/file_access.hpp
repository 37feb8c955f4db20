#pragma once
// How LevelDB reads its table files.

#include <leveldb/env.h>

namespace store {

/// LevelDB's own file access, but tables are read with pread instead of being mapped: mapped tables count as memory of
/// the process, without a bound that we could set. The kernel caches the pages either way.
leveldb::Env* unmapped_files();

}  // namespace store
