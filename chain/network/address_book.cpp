#include "chain/network/address_book.hpp"

#include <algorithm>

namespace network {

namespace {

constexpr std::uint64_t month_ms = 30ull * 24 * 3'600'000;

/// What a file holds.
struct SavedRecord {
    AddressRecord record;
    std::uint64_t answered_ms = 0;
};
struct Saved {
    std::vector<SavedRecord> records;
};

}  // namespace

AddressBook::AddressBook(const PeerId& self, std::uint64_t seed) : self_(self), random_(seed | 1) {}

std::uint64_t AddressBook::random() {
    // xorshift64 (Marsaglia 2003)
    random_ ^= random_ << 13;
    random_ ^= random_ >> 7;
    random_ ^= random_ << 17;
    return random_;
}

void AddressBook::set_validators(const std::vector<crypto::Ed25519Public>& validators) {
    validators_ = {validators.begin(), validators.end()};
}

/// Whether one more new record fits; the one that failed most gives way.
bool AddressBook::makes_room(const Ip& source_region) {
    std::size_t fresh = 0;
    std::size_t of_source = 0;
    auto worst = entries_.end();
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
        if (is_kept(entry->second) || entry->second.answered_ms != 0) continue;
        ++fresh;
        of_source += entry->second.source_region == source_region;
        if (worst == entries_.end() || entry->second.failures > worst->second.failures) worst = entry;
    }
    if (of_source >= new_per_source_max) return false;
    if (fresh < new_max) return true;
    if (worst->second.failures == 0) return false;
    entries_.erase(worst);
    return true;
}

AddressBook::Added AddressBook::add(const AddressRecord& record, const Ip& source) {
    const AddressRecord::Body& body = record.body;
    const auto is_usable = [](const SocketAddress& address) { return address.port != 0 && !is_unusable(address.ip); };
    if (body.peer == self_ || body.addresses.value.empty() || !std::ranges::all_of(body.addresses.value, is_usable))
        return Added::Refused;
    if (const auto known = entries_.find(body.signer); known != entries_.end()) {
        if (known->second.record.body.sequence >= body.sequence) return Added::Known;
        const bool has_moved = known->second.record.body.addresses.value != body.addresses.value;
        known->second.record = record;
        if (has_moved) known->second.failures = 0;
        return Added::New;
    }
    const Ip source_region = region(source);
    if (!validators_.contains(body.signer) && !makes_room(source_region)) return Added::Refused;
    entries_.emplace(body.signer, Entry{record, source_region});
    return Added::New;
}

void AddressBook::answered(const crypto::Ed25519Public& signer, std::uint64_t unix_ms) {
    const auto entry = entries_.find(signer);
    if (entry == entries_.end()) return;
    entry->second.answered_ms = std::max<std::uint64_t>(unix_ms, 1);
    entry->second.failures = 0;
    bound_tried();
}

/// Of too many tried records those go that answered longest ago.
void AddressBook::bound_tried() {
    for (std::size_t count = tried(); count > tried_max; --count) {
        auto oldest = entries_.end();
        for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
            if (is_kept(entry->second) || entry->second.answered_ms == 0) continue;
            if (oldest == entries_.end() || entry->second.answered_ms < oldest->second.answered_ms) oldest = entry;
        }
        entries_.erase(oldest);
    }
}

void AddressBook::failed(const crypto::Ed25519Public& signer) {
    if (const auto entry = entries_.find(signer); entry != entries_.end()) ++entry->second.failures;
}

void AddressBook::expire(std::uint64_t unix_ms) {
    std::erase_if(entries_, [&](const auto& entry) {
        return entry.second.record.body.expires_ms <= unix_ms && entry.second.answered_ms + month_ms <= unix_ms;
    });
}

const AddressRecord* AddressBook::find(const crypto::Ed25519Public& signer) const {
    const auto entry = entries_.find(signer);
    return entry == entries_.end() ? nullptr : &entry->second.record;
}

std::size_t AddressBook::tried() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        entries_, [&](const auto& entry) { return !is_kept(entry.second) && entry.second.answered_ms != 0; }));
}

std::vector<AddressRecord> AddressBook::candidates() const {
    std::vector<const Entry*> all;
    for (const auto& [signer, entry] : entries_) all.push_back(&entry);
    std::ranges::stable_sort(all, {},
                             [](const Entry* entry) { return std::pair{entry->failures, entry->answered_ms == 0}; });
    std::vector<AddressRecord> out;
    std::set<Ip> regions;
    for (const Entry* entry : all) {
        const Ip& ip = entry->record.body.addresses.value.front().ip;
        // One owner has many addresses of one region: he shall not be all the peers of a node. Private networks are
        // one.
        if (is_private(ip) || regions.insert(region(ip)).second) out.push_back(entry->record);
    }
    return out;
}

std::vector<AddressRecord> AddressBook::sample(std::size_t most, std::uint64_t unix_ms) {
    std::vector<const Entry*> all;
    for (const auto& [signer, entry] : entries_)
        if (entry.record.body.expires_ms > unix_ms) all.push_back(&entry);
    for (std::size_t i = 1; i < all.size(); ++i) std::swap(all[i], all[random() % (i + 1)]);
    std::ranges::stable_partition(all, [&](const Entry* entry) { return is_kept(*entry); });
    std::vector<AddressRecord> out;
    for (const Entry* entry : all)
        if (out.size() < most) out.push_back(entry->record);
    return out;
}

Bytes AddressBook::encode() const {
    Saved saved;
    for (const auto& [signer, entry] : entries_)
        if (is_kept(entry) || entry.answered_ms != 0) saved.records.push_back({entry.record, entry.answered_ms});
    return scale::encode(saved);
}

std::size_t AddressBook::load(ByteView bytes, const Hash& genesis) {
    const auto saved = scale::decode<Saved>(bytes);
    if (!saved) return 0;
    std::size_t added = 0;
    for (const auto& [record, answered_ms] : saved->records) {
        if (added == new_max) break;
        if (record.body.addresses.value.empty()) continue;
        if (!crypto::verify(record.body.signer, signing_bytes(record.body, genesis), record.signature)) continue;
        // It is its own source: in the file stands nothing by hearsay.
        if (add(record, record.body.addresses.value[0].ip) != Added::New) continue;
        entries_.at(record.body.signer).answered_ms = answered_ms;
        ++added;
    }
    bound_tried();
    return added;
}

}  // namespace network
