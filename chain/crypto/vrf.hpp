#pragma once
// A verifiable random function over ristretto255 (libsodium): for one key and one input there is exactly one output,
// nobody can tell it before its owner shows it, and the proof convinces everybody. Leaders are drawn by it, so a
// signature would not do: who signs may try nonces until he likes the result.
//
//   x = secret, Y = x·B, H = hash to the group ("tephra/vrf/1/input" ‖ Y ‖ input), output Γ = x·H.
//   The proof (c, s) shows that Γ to H is as Y to B (Chaum-Pedersen, made non-interactive by Fiat-Shamir):
//   U = k·B, V = k·H, c = scalar("tephra/vrf/1/challenge" ‖ Y ‖ H ‖ Γ ‖ U ‖ V), s = k + c·x.
//   The nonce k = scalar("tephra/vrf/1/nonce" ‖ nonce key ‖ Y ‖ H) depends on the secret and the input alone.
// Scalars come from SHA-512, reduced modulo the group's order.

#include "chain/base/bytes.hpp"

#include <array>
#include <compare>
#include <optional>

namespace crypto {

struct VrfPublic {
    std::array<std::uint8_t, 32> value{};
    auto operator<=>(const VrfPublic&) const = default;
};

/// The point Γ in its one encoding. Hash it before using it as randomness.
struct VrfOutput {
    std::array<std::uint8_t, 32> value{};
    auto operator<=>(const VrfOutput&) const = default;
};

/// c ‖ s, both little-endian and below the group's order.
struct VrfProof {
    std::array<std::uint8_t, 64> value{};
    auto operator<=>(const VrfProof&) const = default;
};

struct VrfResult {
    VrfOutput output;
    VrfProof proof;
    bool operator==(const VrfResult&) const = default;
};

/// A private key; its bytes are wiped when it goes.
class VrfKey {
public:
    using Seed = std::array<std::uint8_t, 32>;

    /// A new key from the system's randomness.
    static VrfKey generate();
    /// The key that belongs to 32 secret bytes.
    static VrfKey from_seed(const Seed& seed);

    VrfKey(VrfKey&& other) noexcept;
    VrfKey& operator=(VrfKey&& other) noexcept;
    ~VrfKey();

    VrfPublic public_key() const { return public_; }
    /// The output for `input` and its proof: the same bytes every time.
    VrfResult prove(chain::ByteView input) const;
    /// For writing a key file.
    Seed seed() const { return seed_; }

private:
    VrfKey() = default;
    void wipe();
    Seed seed_{};
    std::array<std::uint8_t, 32> scalar_{};
    std::array<std::uint8_t, 32> nonce_key_{};
    VrfPublic public_;
};

/// Whether `output` is what the owner of `key` gets for `input`. Refuses encodings that are not the shortest way to say
/// a point or a scalar, and the neutral point as key or output.
bool verify(const VrfPublic& key, chain::ByteView input, const VrfOutput& output, const VrfProof& proof);

/// Whether the bytes are a key that outputs can be verified under.
bool is_valid(const VrfPublic& key);

}  // namespace crypto
