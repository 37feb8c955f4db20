#include "chain/files/whole_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace chain {

namespace {

constexpr off_t size_max = 1 << 20;

std::string because(int reason) { return std::string{": "} + std::strerror(reason); }

bool write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(descriptor) == 0;
}

/// The text in a file of its own beside `file`, durable.
Result<std::string> write_beside(const std::filesystem::path& file, std::string_view text, Readers readers) {
    const std::string fresh = file.string() + ".new";
    ::unlink(fresh.c_str());  // what a killed process left
    const int descriptor =
        ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, readers == Readers::Owner ? 0600 : 0644);
    if (descriptor < 0) return fault("cannot make " + fresh + because(errno));
    const bool written = write_all(descriptor, text);
    const int reason = errno;
    ::close(descriptor);
    if (!written) {
        ::unlink(fresh.c_str());
        return fault("cannot write " + fresh + because(reason));
    }
    return fresh;
}

/// A new name lives in its folder: without this a crash may forget it.
Result<void> sync_folder(const std::filesystem::path& file) {
    const auto parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    const int folder = ::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = folder >= 0 && ::fsync(folder) == 0;
    const int reason = errno;
    if (folder >= 0) ::close(folder);
    if (!synced) return fault("cannot write the folder " + parent.string() + because(reason));
    return {};
}

}  // namespace

Result<void> write_whole(const std::filesystem::path& file, std::string_view text, Readers readers) {
    TRY(const std::string fresh, write_beside(file, text, readers));
    if (::rename(fresh.c_str(), file.c_str()) != 0) return fault("cannot rename " + fresh + because(errno));
    return sync_folder(file);
}

Result<void> create_whole(const std::filesystem::path& file, std::string_view text, Readers readers) {
    TRY(const std::string fresh, write_beside(file, text, readers));
    // link, unlike rename, refuses a name that is taken.
    const bool linked = ::link(fresh.c_str(), file.c_str()) == 0;
    const int reason = errno;
    ::unlink(fresh.c_str());
    if (!linked) return fault("cannot make " + file.string() + because(reason));
    return sync_folder(file);
}

Result<std::string> read_private(const std::filesystem::path& file) {
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0) return fault("cannot read " + file.string() + because(errno));
    if ((status.st_mode & 077) != 0)
        return fault(file.string() + " is secret and others may read it: chmod 600 " + file.string());
    if (status.st_size > size_max) return fault(file.string() + " is larger than 1 MiB: it is not one of ours");
    std::ifstream in{file, std::ios::binary};
    if (!in) return fault("cannot read " + file.string() + because(errno));
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    while (text.ends_with('\n') || text.ends_with(' ')) text.pop_back();
    return text;
}

}  // namespace chain
