#include "gpu-worker/host/book.hpp"

#include "chain/files/whole_file.hpp"

#include <charconv>
#include <string>

namespace worker {

using chain::fault;
using chain::Result;

Result<LeaseBook> LeaseBook::open(const std::filesystem::path& data) {
    LeaseBook book{data / "leases"};
    std::error_code error;
    std::filesystem::create_directories(book.folder_, error);
    if (error) return fault("cannot make " + book.folder_.string() + ": " + error.message());
    for (const auto& file : std::filesystem::directory_iterator{book.folder_, error}) {
        const std::string name = file.path().filename().string();
        leases::LeaseId id;
        const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), id.value);
        if (bad != std::errc{} || end != name.data() + name.size()) continue;  // a ".new" that a crash left
        TRY(const std::string text, chain::read_private(file.path()));
        const auto bytes = chain::from_hex(text);
        auto entry = bytes ? scale::decode<BookEntry>(*bytes) : std::unexpected{scale::Error::InputTooShort};
        if (!entry) return fault(file.path().string() + " is damaged: remove it if lease " + name + " has ended");
        book.entries_.emplace(id, *std::move(entry));
    }
    if (error) return fault("cannot list " + book.folder_.string() + ": " + error.message());
    return book;
}

std::filesystem::path LeaseBook::file_of(leases::LeaseId id) const { return folder_ / std::to_string(id.value); }

Result<void> LeaseBook::put(leases::LeaseId id, BookEntry entry) {
    const auto known = entries_.find(id);
    if (known != entries_.end() && known->second == entry) return {};
    TRY_VOID(chain::write_whole(file_of(id), chain::to_hex(scale::encode(entry)) + "\n", chain::Readers::Owner));
    entries_.insert_or_assign(id, std::move(entry));
    return {};
}

void LeaseBook::remove(leases::LeaseId id) {
    std::error_code ignored;  // what stays is removed after the next start: its lease is gone
    std::filesystem::remove(file_of(id), ignored);
    entries_.erase(id);
}

}  // namespace worker
