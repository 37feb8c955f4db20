#pragma once
// What a peer has earned, and who is banned. Integers and time as an argument only.

#include "chain/base/bytes.hpp"
#include "chain/network/peer.hpp"

#include <cstdint>
#include <map>
#include <string_view>

namespace network {

/// What a peer did, with what it costs or earns.
enum class Conduct : std::uint8_t {
    UsefulBlock,       ///< +1
    SlowSync,          ///< −5: below the rate of its likes
    Unsolicited,       ///< −50: an answer that nobody asked for
    Oversize,          ///< −50
    Malformed,         ///< −100: not what its channel carries
    InvalidBlock,      ///< −100: a header that does not link, a body that does not match
    InvalidSignature,  ///< banned at once, validators too: no honest program does this
    Flood              ///< −1: came faster than allowed and was dropped
};
std::string_view text(Conduct conduct);
/// Whether it cannot happen without the peer's will, even to a validator on a bad day.
constexpr bool is_cryptographic(Conduct conduct) { return conduct == Conduct::InvalidSignature; }

/// From −100 (banned) to 100. Decays towards 0 by a tenth each minute.
class Score {
public:
    static constexpr std::int32_t banned_at = -100;
    static constexpr std::int32_t best = 100;

    /// The value afterwards.
    std::int32_t add(Conduct conduct, std::uint64_t now_ms);
    std::int32_t value(std::uint64_t now_ms) const;

private:
    /// In thousandths, so that small values decay too.
    std::int64_t thousandths_at(std::uint64_t now_ms) const;

    std::int64_t thousandths_ = 0;
    std::uint64_t since_ms_ = 0;
};

/// Who is banned and until when. Bounded: beyond, the ban that ends first goes.
class Bans {
public:
    static constexpr std::size_t peers_max = 4'096;

    void ban(const PeerId& peer, std::uint64_t until_ms);
    bool is_banned(const PeerId& peer, std::uint64_t now_ms) const;
    /// Forgets what is over.
    void tidy(std::uint64_t now_ms);
    std::size_t size() const { return until_.size(); }

    /// For a file: whom, and until when on the wall clock, since the other one starts anew with the machine.
    Bytes encode(std::uint64_t now_ms, std::uint64_t unix_ms) const;
    /// Adds the bans of a file; none longer than `ban_ms` from now, whatever the wall clock did. How many were added.
    std::size_t load(ByteView bytes, std::uint64_t now_ms, std::uint64_t unix_ms, std::uint64_t ban_ms);

private:
    std::map<PeerId, std::uint64_t> until_;
};

}  // namespace network
