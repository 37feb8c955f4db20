// No bytes but the owner's own prove an output for an input: a verifier survives anything and believes nothing else.

#include "chain/base/check.hpp"
#include "chain/crypto/vrf.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

template <std::size_t Size>
void change(std::array<std::uint8_t, Size>& value, fuzz::Input& input) {
    for (std::size_t changes = input.below(4); changes > 0; --changes) value[input.below(Size)] ^= input.byte();
}

void vrf_proof(fuzz::Input input) {
    static const auto key = crypto::VrfKey::from_seed({1});
    const auto message = chain::to_bytes(input.bytes(input.below(16)));
    const auto own = key.prove(message);

    auto changed = own;
    auto owner = key.public_key();
    change(changed.output.value, input);
    change(changed.proof.value, input);
    change(owner.value, input);
    const bool is_own = changed == own && owner == key.public_key();
    chain::check(crypto::verify(owner, message, changed.output, changed.proof) == is_own);

    crypto::VrfPublic any_key;
    crypto::VrfResult any;
    std::ranges::copy(input.bytes(any_key.value.size()), any_key.value.begin());
    std::ranges::copy(input.bytes(any.output.value.size()), any.output.value.begin());
    std::ranges::copy(input.bytes(any.proof.value.size()), any.proof.value.begin());
    if (crypto::verify(any_key, message, any.output, any.proof))
        chain::check(crypto::is_valid(any_key) && any_key != key.public_key());
}

const fuzz::Target target{"vrf_proof", vrf_proof};

}  // namespace
