#pragma once
// What an owner needs to register this machine: claims, public keys, and the machine's signature over them. It travels
// as a JSON file from the machine to wherever the owner's key is: `tephra-worker register` writes it, `tephra machines
// register` reads it.

#include "chain/base/result.hpp"
#include "chain/crypto/signature.hpp"
#include "runtime/pallets/machines/messages.hpp"

#include <string>
#include <string_view>

namespace worker {

struct RegistrationBundle {
    machines::Registration registration;
    machines::Claims claims;
    crypto::Signature signature;
};

/// Signs with the machine key.
RegistrationBundle make_bundle(const crypto::SecretKey& machine, machines::Registration registration,
                               machines::Claims claims);

std::string to_json(const RegistrationBundle& bundle);
/// Checks that the signature is the machine's over exactly these claims and keys. Fault: what is wrong with the file.
chain::Result<RegistrationBundle> bundle_from_json(std::string_view text);

}  // namespace worker
