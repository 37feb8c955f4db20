// The hashes and signatures that everything else is measured against.

#include "chain/crypto/dev_keys.hpp"
#include "chain/crypto/ed25519.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/crypto/hash_many.hpp"
#include "chain/crypto/twox.hpp"
#include "tests/bench/bench.hpp"

#include <fmt/format.h>

namespace {

constexpr std::size_t repeats = 1'000;

void repeat(bench::Recorder& recorder, std::string name, std::string operation, auto&& body) {
    recorder.time(
        {.name = std::move(name), .operation = std::move(operation), .operations = repeats}, [] {},
        [&] {
            for (std::size_t i = 0; i < repeats; ++i) body();
        });
}

void hashes(bench::Recorder& recorder) {
    for (const std::size_t size : {32U, 67U, 532U}) {
        const chain::Bytes data(size, 7);
        repeat(recorder, fmt::format("crypto/blake2b_256/n={}", size), "hash",
               [&] { bench::keep(crypto::blake2b_256(data)); });
        repeat(recorder, fmt::format("crypto/keccak_256/n={}", size), "hash",
               [&] { bench::keep(crypto::keccak_256(data)); });
        repeat(recorder, fmt::format("crypto/twox128/n={}", size), "hash",
               [&] { bench::keep(crypto::twox128(chain::ByteView{data})); });
    }
}

/// Messages as a trie has them, as many lanes at a time as the processor has.
void hashes_side_by_side(bench::Recorder& recorder) {
    for (const std::size_t size : {32U, 67U, 532U}) {
        const std::vector<chain::Bytes> messages(repeats, chain::Bytes(size, 7));
        std::vector<chain::Hash> hashes(repeats);
        std::vector<crypto::HashJob> jobs;
        for (std::size_t i = 0; i < repeats; ++i) jobs.push_back({messages[i], hashes[i].value.data()});
        for (const crypto::Lanes lanes : {crypto::Lanes::One, crypto::Lanes::Four, crypto::Lanes::Eight}) {
            if (!crypto::has_lanes(lanes)) continue;
            recorder.time(
                {.name = fmt::format("crypto/blake2b_256/lanes={}/n={}", static_cast<int>(lanes), size),
                 .operation = "hash",
                 .operations = repeats},
                [] {}, [&] { crypto::blake2b_256(jobs, lanes); });
        }
    }
}

void signatures(bench::Recorder& recorder) {
    const auto key = *crypto::dev_key("Alith");
    const chain::Hash digest = crypto::keccak_256(chain::to_bytes("bench"));
    const crypto::Signature signature = key.sign(digest);
    repeat(recorder, "crypto/secp256k1_sign", "signature", [&] { bench::keep(key.sign(digest)); });
    repeat(recorder, "crypto/secp256k1_recover", "signature", [&] { bench::keep(crypto::recover(digest, signature)); });

    const auto voter = crypto::Ed25519Key::from_seed({1});
    const auto vote = voter.sign(digest.value);
    const auto public_key = voter.public_key();
    repeat(recorder, "crypto/ed25519_sign", "signature", [&] { bench::keep(voter.sign(digest.value)); });
    repeat(recorder, "crypto/ed25519_verify", "signature",
           [&] { bench::keep(crypto::verify(public_key, digest.value, vote)); });
}

const bench::Group hash_group{"crypto/hashes", hashes};
const bench::Group lane_group{"crypto/hashes/side by side", hashes_side_by_side};
const bench::Group signature_group{"crypto/signatures", signatures};

}  // namespace
