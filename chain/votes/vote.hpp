#pragma once
// What validators sign, and what a quorum of signatures proves. Consensus makes votes and certificates; the runtime
// verifies them where somebody is accused of contradicting himself; light clients verify them to know what is final.
//
// Signed bytes: "tephra/vote/1" ‖ genesis hash (32) ‖ kind (1) ‖ epoch (8) ‖ view (8) ‖ parent view (8) ‖ block hash
// (32), integers little-endian. A nullify vote leaves out the last two: it is about the view, whatever was proposed in
// it.

#include "chain/base/bytes.hpp"
#include "chain/codec/scale.hpp"
#include "chain/votes/scheme.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace votes {

using chain::Bytes;
using chain::Hash;

enum class Kind : std::uint8_t {
    Notarize,  ///< the block is in order
    Nullify,   ///< nothing good came in this view
    Finalize   ///< the block was executed and has the state root that its header says
};

/// What a vote says. For Nullify, parent_view and block are zero.
struct Statement {
    Kind kind{};
    std::uint64_t epoch = 0;
    std::uint64_t view = 0;
    std::uint64_t parent_view = 0;
    Hash block;
    auto operator<=>(const Statement&) const = default;
};

/// The bytes that a validator of the chain with this genesis block signs.
Bytes signing_bytes(const Statement& statement, const Hash& genesis);

/// The same bytes without an allocation.
class SigningText {
public:
    SigningText(const Statement& statement, const Hash& genesis);
    chain::ByteView view() const { return chain::ByteView{bytes_}.first(size_); }

private:
    static constexpr std::size_t size_max = 13 + 32 + 1 + 3 * 8 + 32;
    std::array<std::uint8_t, size_max> bytes_;
    std::size_t size_ = 0;
};

/// One validator's signature under a statement.
struct Vote {
    Statement statement;
    std::uint32_t validator = 0;  ///< index into the epoch's table
    Signature signature{};
    bool operator==(const Vote&) const = default;
};

Vote sign(const Statement& statement, const Hash& genesis, std::uint32_t validator, const crypto::Ed25519Key& key);
Vote sign(const Statement& statement, const Hash& genesis, std::uint32_t validator, const Secret& secret);

/// One validator of an epoch.
struct Validator {
    crypto::Ed25519Public key;
    std::uint64_t weight = 0;
    bool operator==(const Validator&) const = default;
};

/// The validators of one epoch, in the order that indices and bitmaps use.
class ValidatorTable {
public:
    explicit ValidatorTable(std::vector<Validator> validators);

    std::size_t size() const { return validators_.size(); }
    const Validator& operator[](std::size_t index) const { return validators_[index]; }
    /// ⌊2W/3⌋ + 1 of the whole weight W: two such groups share more than a third.
    chain::u128 quorum() const { return total_ * 2 / 3 + 1; }
    chain::u128 total() const { return total_; }

private:
    std::vector<Validator> validators_;
    chain::u128 total_ = 0;
};

/// Votes of a quorum under one statement.
struct Certificate {
    Statement statement;
    /// Bit i (from the lowest of byte 0) says that validator i signed.
    Bytes signers;
    /// In the order of the set bits.
    std::vector<Signature> signatures;
    bool operator==(const Certificate&) const = default;
};

enum class Fault : std::uint8_t {
    BadBitmap,  ///< not ⌈n/8⌉ bytes, bits beyond the table, or another number of signatures
    NoSuchValidator,
    BadSignature,
    NoQuorum,
    NoOffence  ///< of evidence: an honest validator may have done this
};

/// What a person reads.
std::string_view text(Fault fault);

chain::Result<void, Fault> verify(const Vote& vote, const Hash& genesis, const ValidatorTable& table,
                                  const Scheme& scheme = ed25519());
/// Signatures are checked only after the bitmap and the weight.
chain::Result<void, Fault> verify(const Certificate& certificate, const Hash& genesis, const ValidatorTable& table,
                                  const Scheme& scheme = ed25519());
/// Everything of the above but the signatures.
chain::Result<void, Fault> verify_form(const Certificate& certificate, const ValidatorTable& table);

/// A certificate of votes under one statement by different validators, which the caller has verified.
Certificate certify(std::vector<Vote> votes, const ValidatorTable& table);

}  // namespace votes
