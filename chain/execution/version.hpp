#pragma once
// Which runtime this is: clients choose codecs and signing payloads by it.

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace chain {

/// SCALE form = sp_version::RuntimeVersion, member by member; the `System.Version` constant and `Core_version` are
/// these bytes.
struct RuntimeVersion {
    std::string spec_name;
    std::string impl_name;
    std::uint32_t authoring_version = 0;
    std::uint32_t spec_version = 0;
    std::uint32_t impl_version = 0;
    /// blake2b-64 of each runtime API's name, and its version.
    std::vector<std::pair<std::array<std::uint8_t, 8>, std::uint32_t>> apis;
    std::uint32_t transaction_version = 0;
    /// 1: values of 33 bytes and more enter the state trie by their hash.
    std::uint8_t state_version = 0;
    bool operator==(const RuntimeVersion&) const = default;
};

}  // namespace chain
