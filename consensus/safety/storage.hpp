#pragma once
// The port to a folder of small files. What is written but not synced may be lost or half there after a crash, in any
// order; what is synced is there. A fault is final: after it nothing is known of the file, so nobody may sign.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace consensus::safety {

using chain::Bytes;
using chain::ByteView;
using chain::Result;

class Storage {
public:
    virtual ~Storage() = default;

    /// The names of the files that exist, ascending.
    virtual Result<std::vector<std::string>> list() = 0;
    /// The whole file. It may end in zeros that nobody wrote (reserved space).
    virtual Result<Bytes> read(const std::string& name) = 0;
    /// Puts bytes at an offset. Makes the file where it is missing; what was skipped reads as zeros.
    virtual Result<void> write(const std::string& name, std::uint64_t offset, ByteView bytes) = 0;
    /// Cuts the file off. Durable when it returns.
    virtual Result<void> truncate(const std::string& name, std::uint64_t size_bytes) = 0;
    /// All writes to the file so far, and its name, are durable when it returns.
    virtual Result<void> sync(const std::string& name) = 0;
    /// The file is gone, after a crash too, when it returns.
    virtual Result<void> remove(const std::string& name) = 0;

protected:
    Storage() = default;
    Storage(const Storage&) = default;
    Storage& operator=(const Storage&) = default;
};

}  // namespace consensus::safety
