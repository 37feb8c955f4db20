#pragma once
// Who a program runs as inside its image.

#include "gpu-worker/containers/containers.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace worker {

struct UserIds {
    std::uint32_t user = 0;
    std::uint32_t group = 0;
    bool operator==(const UserIds&) const = default;
};

/// Reads an image's "User" ("", "1000", "www-data", "1000:33", "www-data:www-data") against the texts of its
/// /etc/passwd and /etc/group. BadImage for names that are not there and ids beyond the job's range of 65,536.
Result<UserIds, Failure> resolve_user(const std::string& user, const std::string& passwd, const std::string& group);

/// A small file inside a mounted image, with every link resolved inside the image; empty where there is none.
std::string read_inside(const std::filesystem::path& root, const char* path);

}  // namespace worker
