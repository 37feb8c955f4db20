#include "chain/crypto/vrf.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/sodium.hpp"

#include <sodium.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace crypto {

namespace {

using chain::ByteView;
using Point = std::array<std::uint8_t, crypto_core_ristretto255_BYTES>;
using Scalar = std::array<std::uint8_t, crypto_core_ristretto255_SCALARBYTES>;
using Wide = std::array<std::uint8_t, crypto_hash_sha512_BYTES>;

Wide sha512(std::string_view domain, std::initializer_list<ByteView> parts) {
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    const chain::Bytes tag{domain.begin(), domain.end()};
    crypto_hash_sha512_update(&state, tag.data(), tag.size());
    for (const ByteView part : parts) crypto_hash_sha512_update(&state, part.data(), part.size());
    Wide out{};
    crypto_hash_sha512_final(&state, out.data());
    sodium_memzero(&state, sizeof(state));
    return out;
}

Scalar reduce(Wide wide) {
    Scalar out{};
    crypto_core_ristretto255_scalar_reduce(out.data(), wide.data());
    sodium_memzero(wide.data(), wide.size());
    return out;
}

bool is_zero(const Scalar& scalar) { return sodium_is_zero(scalar.data(), scalar.size()) == 1; }

/// Below the group's order: there is no second way to write it.
bool is_canonical(const Scalar& scalar) {
    Wide wide{};
    std::ranges::copy(scalar, wide.begin());
    return reduce(wide) == scalar;
}

Point hash_to_group(const VrfPublic& key, ByteView input) {
    const Wide wide = sha512("tephra/vrf/1/input", {key.value, input});
    Point out{};
    chain::check(crypto_core_ristretto255_from_hash(out.data(), wide.data()) == 0);
    return out;
}

Scalar challenge(const VrfPublic& key, const Point& h, const VrfOutput& output, const Point& u, const Point& v) {
    return reduce(sha512("tephra/vrf/1/challenge", {key.value, h, output.value, u, v}));
}

/// s·p − c·q; nothing where a step gives the neutral point, which no honest proof does.
std::optional<Point> difference(const std::optional<Point>& sp, const Scalar& c, const Point& q) {
    Point cq{};
    Point out{};
    if (!sp || crypto_scalarmult_ristretto255(cq.data(), c.data(), q.data()) != 0) return std::nullopt;
    if (crypto_core_ristretto255_sub(out.data(), sp->data(), cq.data()) != 0) return std::nullopt;
    return out;
}

std::optional<Point> times_base(const Scalar& s) {
    Point out{};
    if (crypto_scalarmult_ristretto255_base(out.data(), s.data()) != 0) return std::nullopt;
    return out;
}

std::optional<Point> times(const Scalar& s, const Point& p) {
    Point out{};
    if (crypto_scalarmult_ristretto255(out.data(), s.data(), p.data()) != 0) return std::nullopt;
    return out;
}

/// An encoding of a point other than the neutral one, whose encoding is all zeros.
bool is_point(const Point& point) {
    return crypto_core_ristretto255_is_valid_point(point.data()) == 1 &&
           sodium_is_zero(point.data(), point.size()) == 0;
}

}  // namespace

VrfKey VrfKey::generate() {
    ensure_sodium();
    Seed seed{};
    randombytes_buf(seed.data(), seed.size());
    VrfKey key = from_seed(seed);
    sodium_memzero(seed.data(), seed.size());
    return key;
}

VrfKey VrfKey::from_seed(const Seed& seed) {
    ensure_sodium();
    VrfKey key;
    key.seed_ = seed;
    key.scalar_ = reduce(sha512("tephra/vrf/1/secret", {seed}));
    chain::check(!is_zero(key.scalar_));
    Wide nonce = sha512("tephra/vrf/1/nonce key", {seed});
    std::copy_n(nonce.begin(), key.nonce_key_.size(), key.nonce_key_.begin());
    sodium_memzero(nonce.data(), nonce.size());
    key.public_.value = times_base(key.scalar_).value();
    return key;
}

VrfKey::VrfKey(VrfKey&& other) noexcept
    : seed_(other.seed_), scalar_(other.scalar_), nonce_key_(other.nonce_key_), public_(other.public_) {
    other.wipe();
}

VrfKey& VrfKey::operator=(VrfKey&& other) noexcept {
    if (this != &other) {
        seed_ = other.seed_;
        scalar_ = other.scalar_;
        nonce_key_ = other.nonce_key_;
        public_ = other.public_;
        other.wipe();
    }
    return *this;
}

VrfKey::~VrfKey() { wipe(); }

void VrfKey::wipe() {
    sodium_memzero(seed_.data(), seed_.size());
    sodium_memzero(scalar_.data(), scalar_.size());
    sodium_memzero(nonce_key_.data(), nonce_key_.size());
}

VrfResult VrfKey::prove(ByteView input) const {
    const Point h = hash_to_group(public_, input);
    VrfResult out;
    out.output.value = times(scalar_, h).value();  // h is neutral with a chance of 2^-252
    Scalar k = reduce(sha512("tephra/vrf/1/nonce", {nonce_key_, public_.value, h}));
    const Scalar c = challenge(public_, h, out.output, times_base(k).value(), times(k, h).value());
    Scalar cx{};
    Scalar s{};
    crypto_core_ristretto255_scalar_mul(cx.data(), c.data(), scalar_.data());
    crypto_core_ristretto255_scalar_add(s.data(), k.data(), cx.data());
    sodium_memzero(k.data(), k.size());
    sodium_memzero(cx.data(), cx.size());
    std::ranges::copy(c, out.proof.value.begin());
    std::ranges::copy(s, out.proof.value.begin() + c.size());
    return out;
}

bool verify(const VrfPublic& key, ByteView input, const VrfOutput& output, const VrfProof& proof) {
    ensure_sodium();
    Scalar c{};
    Scalar s{};
    std::copy_n(proof.value.begin(), c.size(), c.begin());
    std::copy_n(proof.value.begin() + c.size(), s.size(), s.begin());
    if (!is_canonical(c) || !is_canonical(s) || is_zero(c) || is_zero(s)) return false;
    if (!is_point(key.value) || !is_point(output.value)) return false;
    const Point h = hash_to_group(key, input);
    const auto u = difference(times_base(s), c, key.value);
    const auto v = difference(times(s, h), c, output.value);
    return u && v && challenge(key, h, output, *u, *v) == c;
}

bool is_valid(const VrfPublic& key) {
    ensure_sodium();
    return is_point(key.value);
}

}  // namespace crypto
