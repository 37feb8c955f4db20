#include "gpu-worker/containers/results.hpp"

#include "chain/base/check.hpp"
#include "chain/codec/scale.hpp"
#include "gpu-worker/containers/digest.hpp"
#include "gpu-worker/containers/files.hpp"
#include "gpu-worker/containers/tar.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

namespace worker {
namespace {

namespace fs = std::filesystem;

/// Walks the folder by descriptors only: a name is opened relative to its parent and never through a link.
class Packer {
public:
    Packer(TarWriter& tar, const PackBounds& bounds) : tar_(tar), bounds_(bounds) {}

    Result<void> folder(int parent, const char* name, const std::string& prefix, std::uint32_t depth) {
        Fd here{::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
        if (!here) return leave_out(prefix, "cannot be opened");
        if (depth > bounds_.depth_max) return leave_out(prefix, "lies too deep");
        const int fd = here.get();
        const std::unique_ptr<DIR, int (*)(DIR*)> entries{::fdopendir(here.release()), ::closedir};
        if (!entries) return std::unexpected{errno_fault("results")};
        std::vector<std::string> names;
        while (const dirent* entry = ::readdir(entries.get())) {
            const std::string_view found = entry->d_name;
            if (found == "." || found == "..") continue;
            if (names.size() >= bounds_.files_max) return leave_out(prefix, "holds too many entries");
            names.emplace_back(found);
        }
        std::ranges::sort(names);
        for (const auto& found : names) {
            struct stat info{};
            if (::fstatat(fd, found.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
            const auto path = prefix.empty() ? found : prefix + "/" + found;
            if (S_ISDIR(info.st_mode)) {
                TRY_VOID(folder(fd, found.c_str(), path, depth + 1));
            } else if (S_ISREG(info.st_mode)) {
                TRY_VOID(file(fd, found, path));
            } else {
                TRY_VOID(leave_out(path, "is not a file"));
            }
        }
        return {};
    }

    std::vector<ResultFile> take_files() { return std::move(files_); }
    std::vector<std::string> take_left_out() { return std::move(left_out_); }

private:
    Result<void> file(int parent, const std::string& name, const std::string& path) {
        const Fd in{::openat(parent, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
        struct stat info{};
        if (!in || ::fstat(in.get(), &info) != 0 || !S_ISREG(info.st_mode)) return leave_out(path, "cannot be read");
        const auto size = static_cast<std::uint64_t>(info.st_size);
        if (files_.size() >= bounds_.files_max) return leave_out(path, "is one file too many");
        if (size > bounds_.bytes_max - bytes_) return leave_out(path, "is too large");
        bytes_ += size;
        TRY_VOID(tar_.begin_file(path, size));
        Sha256 hasher;
        chain::Bytes buffer(262'144);
        for (std::uint64_t left = size; left != 0;) {
            const auto got = ::read(in.get(), buffer.data(), std::min<std::uint64_t>(buffer.size(), left));
            if (got <= 0) return chain::fault("a result changed while it was packed");
            const auto part = chain::ByteView{buffer}.first(static_cast<std::size_t>(got));
            hasher.update(part);
            TRY_VOID(tar_.write(part));
            left -= part.size();
        }
        TRY_VOID(tar_.end_file());
        files_.push_back({.path = path, .size = size, .content = hasher.finish()});
        return {};
    }

    Result<void> leave_out(const std::string& path, const char* why) {
        if (left_out_.size() < 8) left_out_.push_back((path.empty() ? "/results" : path) + " " + why);
        return {};
    }

    TarWriter& tar_;
    const PackBounds& bounds_;
    std::vector<ResultFile> files_;
    std::vector<std::string> left_out_;
    std::uint64_t bytes_ = 0;
};

/// Makes the folders of a path below `root`, one by one and never through a link; gives the last one.
Result<Fd> make_folders(const fs::path& root, const fs::path& relative) {
    Fd here{::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!here) return std::unexpected{errno_fault(root.string())};
    for (const auto& part : relative) {
        if (::mkdirat(here.get(), part.c_str(), 0755) != 0 && errno != EEXIST)
            return std::unexpected{errno_fault(part.string())};
        Fd next{::openat(here.get(), part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
        if (!next) return std::unexpected{errno_fault(part.string())};
        here = std::move(next);
    }
    return here;
}

bool stays_below(const fs::path& path) {
    return !path.empty() && path.is_relative() && path.native() == path.lexically_normal().native() &&
           *path.begin() != ".." && *path.begin() != "." && path.has_filename();
}

}  // namespace

chain::Hash leaf_of(const ResultFile& file) {
    chain::Bytes bytes{0};
    scale::encode(file, bytes);
    return sha256_of(bytes);
}

chain::Hash results_root(std::vector<ResultFile> files) {
    if (files.empty()) return {};
    std::ranges::sort(files, {}, &ResultFile::path);
    chain::check(std::ranges::adjacent_find(files, {}, &ResultFile::path) == files.end());
    std::vector<chain::Hash> row;
    for (const auto& file : files) row.push_back(leaf_of(file));
    while (row.size() > 1) {
        std::vector<chain::Hash> above;
        for (std::size_t i = 0; i + 1 < row.size(); i += 2) {
            chain::Bytes pair{1};
            chain::append(pair, row[i].value);
            chain::append(pair, row[i + 1].value);
            above.push_back(sha256_of(pair));
        }
        if (row.size() % 2 == 1) above.push_back(row.back());
        row = std::move(above);
    }
    return row.front();
}

Result<Packed> pack_results(const fs::path& folder, const fs::path& archive, const PackBounds& bounds) {
    TRY(auto tar, TarWriter::create(archive));
    Packer packer{tar, bounds};
    TRY_VOID(packer.folder(AT_FDCWD, folder.c_str(), "", 0));
    TRY(const auto bytes, tar.finish());
    auto files = packer.take_files();
    Packed packed{.left_out = packer.take_left_out()};
    packed.results.files = static_cast<std::uint32_t>(files.size());
    packed.results.bytes = bytes;
    packed.results.root = results_root(std::move(files));
    return packed;
}

Result<Results> unpack_results(const fs::path& archive, const fs::path& folder) {
    TRY(auto tar, TarReader::open(archive));
    std::vector<ResultFile> files;
    for (;;) {
        TRY(const auto entry, tar.next());
        if (!entry) break;
        const fs::path path{entry->path};
        if (!stays_below(path)) return chain::fault("the archive holds the path \"" + entry->path + "\"");
        TRY(const auto parent, make_folders(folder, path.parent_path()));
        const Fd out{::openat(parent.get(), path.filename().c_str(),
                              O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644)};
        if (!out) return std::unexpected{errno_fault((folder / path).string())};
        Sha256 hasher;
        for (std::uint64_t left = entry->size; left != 0;) {
            TRY(const auto part, tar.read(left));
            hasher.update(part);
            TRY_VOID(write_all(out.get(), part));
            left -= part.size();
        }
        files.push_back({.path = entry->path, .size = entry->size, .content = hasher.finish()});
    }
    Results results{.bytes = fs::file_size(archive), .files = static_cast<std::uint32_t>(files.size())};
    results.root = results_root(std::move(files));
    return results;
}

}  // namespace worker
