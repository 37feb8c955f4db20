#include "gpu-worker/door/nonces.hpp"

#include "chain/codec/scale.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

namespace worker {

namespace {

using chain::fault;

/// As it stands in the file, one after the other.
struct Record {
    crypto::AccountId renter;
    escrow::LeaseId lease;
    std::uint64_t nonce{};
    std::uint64_t expiry_ms{};
};
constexpr std::size_t record_bytes = 20 + 8 + 8 + 8;

Result<void> write_all(int descriptor, const chain::Bytes& bytes, const std::filesystem::path& file) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written != static_cast<ssize_t>(bytes.size()) || ::fdatasync(descriptor) != 0)
        return fault("cannot write " + file.string() + ": " + std::strerror(errno));
    return {};
}

}  // namespace

Result<NonceBook> NonceBook::open(std::filesystem::path file, std::uint64_t now_ms) {
    chain::Bytes bytes;
    if (std::ifstream in{file, std::ios::binary}; in) bytes.assign(std::istreambuf_iterator<char>{in}, {});
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) return fault("cannot open " + file.string() + ": " + std::strerror(errno));
    NonceBook book{std::move(file), descriptor};
    // A crash may have cut the last record: it was not answered, so its loss forgets nothing.
    for (std::size_t at = 0; at + record_bytes <= bytes.size(); at += record_bytes) {
        const auto record = scale::decode<Record>(chain::ByteView{bytes}.subspan(at, record_bytes));
        if (!record || record->expiry_ms < now_ms) continue;
        const Key key{record->renter, record->lease, record->nonce};
        book.keys_.insert(key);
        book.by_expiry_.emplace(record->expiry_ms, key);
    }
    TRY_VOID(book.compact());
    return book;
}

NonceBook::NonceBook(NonceBook&& other) noexcept
    : file_(std::move(other.file_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      written_(other.written_),
      keys_(std::move(other.keys_)),
      by_expiry_(std::move(other.by_expiry_)) {}

NonceBook::~NonceBook() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Result<NonceBook::Verdict> NonceBook::admit(const crypto::AccountId& renter, escrow::LeaseId lease, std::uint64_t nonce,
                                            std::uint64_t expiry_ms, std::uint64_t now_ms) {
    forget_expired(now_ms);
    const Key key{renter, lease, nonce};
    if (keys_.contains(key)) return Verdict::Replayed;
    if (keys_.size() >= entries_max) return Verdict::Full;
    if (written_ >= 2 * entries_max) TRY_VOID(compact());
    TRY_VOID(write_all(descriptor_, scale::encode(Record{renter, lease, nonce, expiry_ms}), file_));
    ++written_;
    keys_.insert(key);
    by_expiry_.emplace(expiry_ms, key);
    return Verdict::Fresh;
}

void NonceBook::forget_expired(std::uint64_t now_ms) {
    while (!by_expiry_.empty() && by_expiry_.begin()->first < now_ms) {
        keys_.erase(by_expiry_.begin()->second);
        by_expiry_.erase(by_expiry_.begin());
    }
}

Result<void> NonceBook::compact() {
    chain::Bytes bytes;
    for (const auto& [expiry_ms, key] : by_expiry_)
        scale::encode(Record{std::get<0>(key), std::get<1>(key), std::get<2>(key), expiry_ms}, bytes);
    const std::filesystem::path fresh = file_.string() + ".new";
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) return fault("cannot make " + fresh.string() + ": " + std::strerror(errno));
    ::close(std::exchange(descriptor_, descriptor));
    TRY_VOID(write_all(descriptor_, bytes, fresh));
    if (::rename(fresh.c_str(), file_.c_str()) != 0)
        return fault("cannot rename " + fresh.string() + ": " + std::strerror(errno));
    written_ = by_expiry_.size();
    return {};
}

}  // namespace worker
