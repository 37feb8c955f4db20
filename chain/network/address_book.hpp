#pragma once
// The address records that a node knows. Validators' records are always kept; of the others, those that came by hearsay
// ("new") and those whose peer answered ("tried") are bounded apart, so that hearsay cannot push out what was seen.

#include "chain/network/address.hpp"

#include <map>
#include <set>
#include <vector>

namespace network {

class AddressBook {
public:
    static constexpr std::size_t new_max = 1'024;
    static constexpr std::size_t tried_max = 256;
    /// New ones that one region (a /16) may have told.
    static constexpr std::size_t new_per_source_max = 64;

    AddressBook(const PeerId& self, std::uint64_t seed);

    /// Whose records are validators': this and the next epoch's.
    void set_validators(const std::vector<crypto::Ed25519Public>& validators);

    enum class Added : std::uint8_t { New, Known, Refused };
    /// A record that decode_record has accepted, told by somebody at `source`.
    Added add(const AddressRecord& record, const Ip& source);
    /// The peer of this signer's record answered at one of its addresses.
    void answered(const crypto::Ed25519Public& signer, std::uint64_t unix_ms);
    void failed(const crypto::Ed25519Public& signer);
    /// Forgets records that have expired, but for those whose peer answered within a month: they are not told to
    /// others, and are better than nothing for a node that was off for long.
    void expire(std::uint64_t unix_ms);

    const AddressRecord* find(const crypto::Ed25519Public& signer) const;
    /// Peers to dial, best first: tried before new, fewer failures first; of each region only the best.
    std::vector<AddressRecord> candidates() const;
    /// For an answer to a stranger: validators' records before others, chosen by chance.
    std::vector<AddressRecord> sample(std::size_t most, std::uint64_t unix_ms);

    std::size_t size() const { return entries_.size(); }
    std::size_t tried() const;

    /// Validators' and tried records, for a file.
    Bytes encode() const;
    /// Adds the records of a file whose signatures hold. How many were added.
    std::size_t load(ByteView bytes, const Hash& genesis);

private:
    struct Entry {
        AddressRecord record;
        Ip source_region;
        std::uint64_t answered_ms = 0;  // unix time; 0: never
        std::uint32_t failures = 0;     // since it answered
    };
    using Entries = std::map<crypto::Ed25519Public, Entry>;

    bool is_kept(const Entry& entry) const { return validators_.contains(entry.record.body.signer); }
    bool makes_room(const Ip& source_region);
    void bound_tried();
    std::uint64_t random();

    PeerId self_;
    std::uint64_t random_;
    std::set<crypto::Ed25519Public> validators_;
    Entries entries_;
};

}  // namespace network
