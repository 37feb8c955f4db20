#pragma once
// SHA-256 of things that do not fit in memory, and the spelling that OCI gives to digests.

#include "chain/base/bytes.hpp"
#include "chain/base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace worker {

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(chain::ByteView bytes);
    /// The digest of everything so far. The object starts anew.
    chain::Hash finish();

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

chain::Hash sha256_of(chain::ByteView bytes);
chain::Result<chain::Hash> sha256_of_file(const std::filesystem::path& path);

/// "sha256:" and 64 lower-case digits.
std::string oci_digest(const chain::Hash& hash);
std::optional<chain::Hash> parse_oci_digest(std::string_view text);
/// The 64 digits alone: a blob's file name.
std::string hex_name(const chain::Hash& hash);

}  // namespace worker
