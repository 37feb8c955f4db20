#pragma once
// The other side of block sync: an answer out of what is final here, within bounds.

#include "chain/sync/messages.hpp"

#include <optional>

namespace block_sync {

/// The final chain of this node.
class Source {
public:
    virtual ~Source() = default;
    virtual std::uint32_t finalized() const = 0;
    /// SCALE of the final block with this number.
    virtual std::optional<Bytes> block(std::uint32_t number) const = 0;
    virtual std::optional<chain::Header> header(std::uint32_t number) const = 0;
    /// SCALE of its certificate; empty where it became final by a later one.
    virtual Bytes certificate(std::uint32_t number) const = 0;

protected:
    Source() = default;
    Source(const Source&) = default;
    Source& operator=(const Source&) = default;
};

/// How far above its last block an answer looks for a certificate. An epoch's last block always has one.
inline constexpr std::uint32_t certificate_distance_max = 4'096;

/// Ends with a certified block where the range has one: who asked can then check the whole answer by itself. Never goes
/// beyond the last block of an epoch, whose certificate its own validators signed.
Response serve(const Source& source, const Request& request);

}  // namespace block_sync
