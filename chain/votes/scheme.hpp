#pragma once
// How votes are signed and checked, behind an interface: Ed25519 in every node, a cheap keyed hash in a simulator that
// runs years of agreement, another curve some day. One chain has one scheme.

#include "chain/base/bytes.hpp"
#include "chain/crypto/ed25519.hpp"

#include <array>

namespace votes {

using Signature = std::array<std::uint8_t, 64>;

/// Checks signatures. Must be a pure function of its arguments, and safe to call from any thread.
class Scheme {
public:
    virtual ~Scheme() = default;
    virtual bool verify(const crypto::Ed25519Public& key, chain::ByteView message,
                        const Signature& signature) const = 0;

protected:
    Scheme() = default;
    Scheme(const Scheme&) = default;
    Scheme& operator=(const Scheme&) = default;
};

/// One validator's secret. Deterministic: the same message gives the same signature.
class Secret {
public:
    virtual ~Secret() = default;
    virtual crypto::Ed25519Public public_key() const = 0;
    virtual Signature sign(chain::ByteView message) const = 0;

protected:
    Secret() = default;
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
};

/// RFC 8032 by libsodium.
const Scheme& ed25519();

/// A key of that scheme.
class Ed25519Secret : public Secret {
public:
    explicit Ed25519Secret(crypto::Ed25519Key key) : key_(std::move(key)) {}
    crypto::Ed25519Public public_key() const override { return key_.public_key(); }
    Signature sign(chain::ByteView message) const override { return key_.sign(message).value; }

private:
    crypto::Ed25519Key key_;
};

}  // namespace votes
