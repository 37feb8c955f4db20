#pragma once
// What a machine key signs outside extrinsics, and what it answers to a probe. Pure: the worker, the command line and
// the runtime share it; committed vectors in tests/vectors/machine-messages.json pin the bytes.

#include "chain/crypto/signature.hpp"
#include "runtime/pallets/machines/records.hpp"

namespace machines {

/// blake2b-256 of the encoded claims: what registration, the machine record and probe answers refer to.
Hash hash_of(const Claims& claims);

/// What binds a machine to its owner. `counter` is the owner's next registration number, so a signature serves once.
struct Registration {
    Hash genesis;
    AccountId machine;
    AccountId owner;
    std::uint32_t counter{};
    Hash claims_hash;
    PublicKey tls_key{};
    PublicKey box_key{};
};

/// Keccak-256 of "tephra/machine/1" ‖ SCALE(registration). The machine key signs it for `register_machine` and for
/// `change_hardware`.
Hash registration_digest(const Registration& registration);

/// What moves a machine to another key.
struct Rotation {
    Hash genesis;
    AccountId machine;  ///< the machine's record, not its present key
    AccountId new_signer;
    AccountId owner;
    std::uint32_t counter{};
    PublicKey tls_key{};
    PublicKey box_key{};
};

/// Keccak-256 of "tephra/rotate/1" ‖ SCALE(rotation). The new key signs it.
Hash rotation_digest(const Rotation& rotation);

/// What an auditor's probe asks about.
struct ProbeQuestion {
    Hash genesis;
    AccountId machine;
    Hash seed;
    Hash claims_hash;  ///< of what the machine finds in itself now
};

/// blake2b-256 of "tephra/probe/1" ‖ SCALE(question). A worker hashes the claims that it measures at that moment, so a
/// machine that is not what was registered answers wrong.
Hash probe_answer(const ProbeQuestion& question);

}  // namespace machines
