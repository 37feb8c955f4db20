#include "chain/store/file_access.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace store {
namespace {

class PositionedFile : public leveldb::RandomAccessFile {
public:
    PositionedFile(std::string name, int descriptor) : name_(std::move(name)), descriptor_(descriptor) {}
    ~PositionedFile() override { ::close(descriptor_); }

    leveldb::Status Read(std::uint64_t offset, std::size_t n, leveldb::Slice* result, char* scratch) const override {
        std::size_t done = 0;
        while (done < n) {
            const ssize_t got = ::pread(descriptor_, scratch + done, n - done, static_cast<off_t>(offset + done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return leveldb::Status::IOError(name_, std::strerror(errno));
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        *result = leveldb::Slice(scratch, done);
        return leveldb::Status::OK();
    }

private:
    std::string name_;
    int descriptor_;
};

class UnmappedFiles : public leveldb::EnvWrapper {
public:
    UnmappedFiles() : EnvWrapper(leveldb::Env::Default()) {}

    leveldb::Status NewRandomAccessFile(const std::string& name, leveldb::RandomAccessFile** result) override {
        *result = nullptr;
        const int descriptor = ::open(name.c_str(), O_RDONLY | O_CLOEXEC);
        if (descriptor < 0) return leveldb::Status::IOError(name, std::strerror(errno));
        *result = new PositionedFile(name, descriptor);
        return leveldb::Status::OK();
    }
};

}  // namespace

leveldb::Env* unmapped_files() {
    static UnmappedFiles files;
    return &files;
}

}  // namespace store
