#pragma once
// What signs: an Ed25519 key in a node, a keyed hash in the simulator, a device elsewhere.

#include "chain/crypto/ed25519.hpp"

#include <array>
#include <cstdint>
#include <utility>

namespace consensus::safety {

class SigningKey {
public:
    virtual ~SigningKey() = default;
    virtual crypto::Ed25519Public public_key() const = 0;
    /// The same message has the same signature every time.
    virtual std::array<std::uint8_t, 64> sign(chain::ByteView message) const = 0;

protected:
    SigningKey() = default;
    SigningKey(const SigningKey&) = default;
    SigningKey& operator=(const SigningKey&) = default;
};

class Ed25519SigningKey : public SigningKey {
public:
    explicit Ed25519SigningKey(crypto::Ed25519Key key) : key_(std::move(key)) {}
    crypto::Ed25519Public public_key() const override { return key_.public_key(); }
    std::array<std::uint8_t, 64> sign(chain::ByteView message) const override { return key_.sign(message).value; }

private:
    crypto::Ed25519Key key_;
};

}  // namespace consensus::safety
