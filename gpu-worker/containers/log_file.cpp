#include "gpu-worker/containers/log_file.hpp"

#include "chain/codec/scale.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace worker {
namespace {

constexpr std::size_t record_bytes_max = 65'536;

struct RecordHead {
    std::uint64_t time_ms = 0;
    std::uint32_t length = 0;
    std::uint8_t stream = 0;
    std::array<std::uint8_t, 3> zero{};
};
constexpr std::size_t head_bytes = 16;

}  // namespace

Result<LogWriter> LogWriter::open(const std::filesystem::path& path, std::uint64_t bytes_max,
                                  std::uint64_t bytes_per_second) {
    Fd file{::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)};
    if (!file) return std::unexpected{errno_fault(path.string())};
    return LogWriter{std::move(file), bytes_max, bytes_per_second};
}

std::size_t LogWriter::allowance(std::uint64_t now_ms) {
    if (filled_ms_ == 0) filled_ms_ = now_ms;
    const auto earned = (now_ms - std::min(now_ms, filled_ms_)) * bytes_per_second_ / 1'000;
    if (earned != 0) {
        tokens_ = std::min(bytes_per_second_, tokens_ + earned);
        filled_ms_ = now_ms;
    }
    // Once the log is full everything is read and dropped, so that the job does not hang on its own output.
    return full_ ? record_bytes_max : std::min<std::size_t>(tokens_, record_bytes_max);
}

void LogWriter::write(LogStream stream, std::uint64_t now_ms, chain::ByteView bytes) {
    tokens_ -= std::min<std::uint64_t>(tokens_, bytes.size());
    if (full_) return;
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), bytes_max_ - bytes_));
    if (room != 0) append(stream, now_ms, bytes.first(room));
    bytes_ += room;
    if (room == bytes.size()) return;
    full_ = true;
    const auto remark = "log limit of " + std::to_string(bytes_max_) + " bytes reached; what follows is dropped\n";
    append(LogStream::Worker, now_ms, chain::to_bytes(remark));
}

void LogWriter::append(LogStream stream, std::uint64_t now_ms, chain::ByteView bytes) {
    chain::Bytes record = scale::encode(RecordHead{.time_ms = now_ms,
                                                   .length = static_cast<std::uint32_t>(bytes.size()),
                                                   .stream = static_cast<std::uint8_t>(stream)});
    chain::append(record, bytes);
    struct stat before{};
    ::fstat(file_.get(), &before);
    // A record that did not fit on the host's disk is taken back: readers must never meet half of one.
    if (!write_all(file_.get(), record)) static_cast<void>(::ftruncate(file_.get(), before.st_size));
}

Result<LogPage> read_log_page(const std::filesystem::path& path, std::uint64_t cursor, std::size_t bytes_max) {
    LogPage page{.next = cursor};
    const Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file && errno == ENOENT) return page;
    if (!file) return std::unexpected{errno_fault("the job's log")};
    chain::Bytes bytes(std::max(bytes_max, head_bytes + record_bytes_max));
    const auto got = ::pread(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(cursor));
    if (got < 0) return std::unexpected{errno_fault("the job's log")};
    chain::ByteView rest{bytes.data(), static_cast<std::size_t>(got)};
    while (rest.size() >= head_bytes) {
        const auto head = scale::decode<RecordHead>(rest.first(head_bytes));
        const bool sound =
            head && head->length <= record_bytes_max && head->stream <= 2 && head->zero == decltype(head->zero){};
        if (!sound) return chain::fault("the cursor is not at the start of a log record");
        if (rest.size() < head_bytes + head->length) break;
        const auto text = chain::as_text(rest.subspan(head_bytes, head->length));
        page.chunks.push_back({head->time_ms, static_cast<LogStream>(head->stream), std::string{text}});
        page.next += head_bytes + head->length;
        rest = rest.subspan(head_bytes + head->length);
    }
    return page;
}

}  // namespace worker
