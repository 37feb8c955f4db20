#include "runtime/pallets/machines/messages.hpp"

#include "chain/crypto/hash.hpp"

namespace machines {
namespace {

template <class Record>
chain::Bytes tagged(std::string_view tag, const Record& record) {
    chain::Bytes out = chain::to_bytes(tag);
    scale::encode(record, out);
    return out;
}

}  // namespace

Hash hash_of(const Claims& claims) { return crypto::blake2b_256(scale::encode(claims)); }

Hash registration_digest(const Registration& registration) {
    return crypto::keccak_256(tagged("tephra/machine/1", registration));
}

Hash rotation_digest(const Rotation& rotation) { return crypto::keccak_256(tagged("tephra/rotate/1", rotation)); }

Hash probe_answer(const ProbeQuestion& question) { return crypto::blake2b_256(tagged("tephra/probe/1", question)); }

}  // namespace machines
