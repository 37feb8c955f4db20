#include "gpu-worker/host/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace worker {

using chain::fault;
using chain::Result;

Result<std::string> read_private(const std::filesystem::path& file) {
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0) return fault("cannot read " + file.string() + ": " + std::strerror(errno));
    if ((status.st_mode & 077) != 0)
        return fault(file.string() + " is secret and others may read it: chmod 600 " + file.string());
    if (status.st_size > (1 << 20))
        return fault(file.string() + " is larger than 1 MiB: it is not one of this worker's files");
    std::ifstream in{file, std::ios::binary};
    if (!in) return fault("cannot read " + file.string() + ": " + std::strerror(errno));
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (text.ends_with('\n')) text.pop_back();
    return text;
}

Result<void> write_private(const std::filesystem::path& file, std::string_view text) {
    const std::string fresh = file.string() + ".new";
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return fault("cannot make " + fresh + ": " + std::strerror(errno));
    const bool written =
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
    const int reason = errno;
    ::close(descriptor);
    if (!written) return fault("cannot write " + fresh + ": " + std::strerror(reason));
    if (::rename(fresh.c_str(), file.c_str()) != 0)
        return fault("cannot rename " + fresh + ": " + std::strerror(errno));
    if (const int folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
    return {};
}

}  // namespace worker
