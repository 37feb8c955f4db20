#include "gpu-worker/containers/image_user.hpp"

#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/runtime_config.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <optional>
#include <sstream>
#include <vector>

namespace worker {
namespace {

constexpr std::size_t account_file_bytes_max = 1U << 20;

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::istringstream stream{text};
    for (std::string part; std::getline(stream, part, at);) parts.push_back(part);
    return parts;
}

std::optional<std::uint32_t> number(const std::string& text) {
    std::uint32_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// The first line whose field `key_field` is `key`.
std::optional<std::vector<std::string>> find_line(const std::string& file, std::size_t key_field,
                                                  const std::string& key) {
    std::istringstream lines{file};
    for (std::string line; std::getline(lines, line);)
        if (auto fields = split(line, ':'); fields.size() >= 3 && fields[key_field] == key) return fields;
    return std::nullopt;
}

}  // namespace

Result<UserIds, Failure> resolve_user(const std::string& user, const std::string& passwd, const std::string& group) {
    const auto bad = [&](const char* what) {
        return std::unexpected{Failure{Reason::BadImage, "the image's user \"" + user + "\" " + what}};
    };
    UserIds ids;
    if (user.empty()) return ids;
    const auto colon = user.find(':');
    const auto name = user.substr(0, colon);
    if (const auto id = number(name)) {
        ids.user = *id;
        if (const auto line = find_line(passwd, 2, name); line && line->size() >= 4)
            ids.group = number((*line)[3]).value_or(0);
    } else {
        const auto line = find_line(passwd, 0, name);
        if (!line || line->size() < 4) return bad("is not in its /etc/passwd");
        ids.user = number((*line)[2]).value_or(ids_per_job);
        ids.group = number((*line)[3]).value_or(ids_per_job);
    }
    if (colon != std::string::npos) {
        const auto group_name = user.substr(colon + 1);
        if (const auto id = number(group_name)) {
            ids.group = *id;
        } else {
            const auto line = find_line(group, 0, group_name);
            if (!line) return bad("has a group that is not in its /etc/group");
            ids.group = number((*line)[2]).value_or(ids_per_job);
        }
    }
    if (ids.user >= ids_per_job || ids.group >= ids_per_job) return bad("has an id beyond 65,535");
    return ids;
}

std::string read_inside(const std::filesystem::path& root, const char* path) {
    const Fd folder{::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
    open_how how{};
    how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
    how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
    const Fd file{static_cast<int>(::syscall(SYS_openat2, folder.get(), path, &how, sizeof how))};
    if (!file) return {};
    const auto bytes = read_all(file.get(), account_file_bytes_max);
    return bytes ? std::string{chain::as_text(*bytes)} : std::string{};
}

}  // namespace worker
