#pragma once
// Header and block, byte for byte as Substrate has them: clients hash headers themselves.

#include "chain/base/bytes.hpp"
#include "chain/block/digest.hpp"
#include "chain/codec/scale.hpp"

#include <span>
#include <vector>

namespace chain {

struct Header {
    static constexpr std::string_view metadata_path = "sp_runtime::generic::header::Header";
    Hash parent_hash;
    scale::Compact<std::uint32_t> number;
    /// Of the state after this block.
    Hash state_root;
    Hash extrinsics_root;
    Digest digest;
    bool operator==(const Header&) const = default;
};

/// The name of a block: BLAKE2b-256 of its encoded header.
Hash hash_of(const Header& header);

struct Block {
    Header header;
    /// Each without its length prefix; the encoding of a byte vector puts it there.
    std::vector<Bytes> extrinsics;
    bool operator==(const Block&) const = default;
};

/// Of extrinsics without their length prefixes. The trie's values carry the prefixes; its layout is V0 (Substrate with
/// system version 1, which is what clients recompute).
Hash extrinsics_root(std::span<const Bytes> extrinsics);

/// The name of an extrinsic: BLAKE2b-256 of its whole encoding, including the length prefix that is not given here.
Hash extrinsic_hash(ByteView without_prefix);

}  // namespace chain
