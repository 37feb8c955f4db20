#include "gpu-worker/containers/tar.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace worker {
namespace {

using chain::Bytes;
using chain::ByteView;
using chain::Result;

constexpr std::size_t block = 512;
constexpr std::uint64_t octal_max = 077777777777ULL;
constexpr std::size_t pax_bytes_max = 65'536;

using Block = std::array<std::uint8_t, block>;

// Offsets and lengths of the ustar header's fields.
struct Field {
    std::size_t at, size;
};
constexpr Field name_field{0, 100}, mode_field{100, 8}, uid_field{108, 8}, gid_field{116, 8}, size_field{124, 12},
    time_field{136, 12}, sum_field{148, 8};
constexpr std::size_t kind_at = 156, magic_at = 257;

void put_text(Block& header, Field field, std::string_view text) {
    std::memcpy(header.data() + field.at, text.data(), std::min(text.size(), field.size));
}

void put_octal(Block& header, Field field, std::uint64_t value) {
    for (std::size_t i = field.size - 1; i-- > 0; value /= 8)
        header[field.at + i] = static_cast<std::uint8_t>('0' + value % 8);
}

std::uint64_t checksum(const Block& header) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < block; ++i)
        sum += i >= sum_field.at && i < sum_field.at + sum_field.size ? ' ' : header[i];
    return sum;
}

Block header_of(std::string_view path, std::uint64_t size, char kind) {
    Block header{};
    put_text(header, name_field, path);
    put_octal(header, mode_field, 0644);
    put_octal(header, uid_field, 0);
    put_octal(header, gid_field, 0);
    put_octal(header, size_field, std::min(size, octal_max));
    put_octal(header, time_field, 0);
    header[kind_at] = static_cast<std::uint8_t>(kind);
    std::memcpy(header.data() + magic_at,
                "ustar\0"
                "00",
                8);
    put_octal(header, {sum_field.at, 7}, checksum(header));
    header[sum_field.at + 7] = ' ';
    return header;
}

std::optional<std::uint64_t> octal_in(const Block& header, Field field) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < field.size; ++i) {
        const auto c = header[field.at + i];
        if (c == 0 || c == ' ') break;
        if (c < '0' || c > '7') return std::nullopt;
        value = value * 8 + (c - '0');
    }
    return value;
}

/// "LENGTH key=value\n", where LENGTH counts itself.
std::string pax_record(std::string_view key, std::string_view value) {
    const std::size_t rest = key.size() + value.size() + 3;
    std::size_t length = rest + 1;
    while (std::to_string(length).size() + rest != length) length = std::to_string(length).size() + rest;
    return std::to_string(length) + " " + std::string{key} + "=" + std::string{value} + "\n";
}

bool apply_pax(std::string_view records, std::optional<std::string>& path, std::optional<std::uint64_t>& size) {
    while (!records.empty()) {
        std::size_t length = 0;
        const auto [end, failed] = std::from_chars(records.data(), records.data() + records.size(), length);
        const auto digits = static_cast<std::size_t>(end - records.data());
        if (failed != std::errc{} || length <= digits + 1 || length > records.size()) return false;
        const auto record = records.substr(digits + 1, length - digits - 2);
        const auto equals = record.find('=');
        if (equals == std::string_view::npos) return false;
        const auto value = record.substr(equals + 1);
        if (record.substr(0, equals) == "path") path = std::string{value};
        if (record.substr(0, equals) == "size") {
            std::uint64_t number = 0;
            if (std::from_chars(value.data(), value.data() + value.size(), number).ec != std::errc{}) return false;
            size = number;
        }
        records.remove_prefix(length);
    }
    return true;
}

constexpr std::uint64_t padded(std::uint64_t size) { return (size + block - 1) / block * block; }

}  // namespace

Result<TarWriter> TarWriter::create(const std::filesystem::path& path) {
    Fd file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
    if (!file) return std::unexpected{errno_fault(path.string())};
    return TarWriter{std::move(file)};
}

Result<void> TarWriter::put(ByteView bytes) {
    bytes_ += bytes.size();
    return write_all(file_.get(), bytes);
}

Result<void> TarWriter::pad() { return put(Bytes(padded(bytes_) - bytes_)); }

Result<void> TarWriter::begin_file(const std::string& path, std::uint64_t size) {
    std::string records;
    if (path.size() > name_field.size) records += pax_record("path", path);
    if (size > octal_max) records += pax_record("size", std::to_string(size));
    if (!records.empty()) {
        TRY_VOID(put(header_of("pax", records.size(), 'x')));
        TRY_VOID(put(chain::to_bytes(records)));
        TRY_VOID(pad());
    }
    return put(header_of(path, size, '0'));
}

Result<void> TarWriter::write(ByteView bytes) { return put(bytes); }
Result<void> TarWriter::end_file() { return pad(); }

Result<std::uint64_t> TarWriter::finish() {
    TRY_VOID(put(Bytes(2 * block)));
    if (::fsync(file_.get()) != 0) return std::unexpected{errno_fault("results")};
    return bytes_;
}

Result<TarReader> TarReader::open(const std::filesystem::path& path) {
    Fd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file) return std::unexpected{errno_fault(path.string())};
    return TarReader{std::move(file)};
}

Result<Bytes> TarReader::take(std::size_t count) {
    Bytes bytes(count);
    std::size_t have = 0;
    while (have < count) {
        const auto got = ::read(file_.get(), bytes.data() + have, count - have);
        if (got < 0) return std::unexpected{errno_fault("archive")};
        if (got == 0) return chain::fault("the archive ends in the middle of a file");
        have += static_cast<std::size_t>(got);
    }
    at_ += count;
    return bytes;
}

Result<std::optional<TarEntry>> TarReader::next() {
    std::optional<std::string> path;
    std::optional<std::uint64_t> size;
    for (;;) {
        TRY_VOID(take(padded(at_) - at_));
        TRY(const auto bytes, take(block));
        if (std::ranges::all_of(bytes, [](std::uint8_t b) { return b == 0; })) return std::optional<TarEntry>{};
        Block header{};
        std::ranges::copy(bytes, header.begin());
        const auto plain_size = octal_in(header, size_field);
        if (!plain_size || octal_in(header, sum_field) != checksum(header))
            return chain::fault("the archive is damaged");
        const char kind = static_cast<char>(header[kind_at]);
        if (kind == 'x') {
            if (*plain_size > pax_bytes_max) return chain::fault("the archive has an oversized header");
            TRY(const auto records, take(*plain_size));
            if (!apply_pax(chain::as_text(records), path, size)) return chain::fault("the archive is damaged");
        } else if (kind == '0') {
            const auto* name = reinterpret_cast<const char*>(header.data());
            return std::optional{TarEntry{.path = path.value_or(std::string{name, strnlen(name, name_field.size)}),
                                          .size = size.value_or(*plain_size)}};
        } else {
            return chain::fault("the archive holds something that is not a plain file");
        }
    }
}

Result<Bytes> TarReader::read(std::uint64_t bytes_max) {
    return take(static_cast<std::size_t>(std::min<std::uint64_t>(bytes_max, 262'144)));
}

}  // namespace worker
