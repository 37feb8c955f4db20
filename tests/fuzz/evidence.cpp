// Evidence that decodes encodes to the same bytes and keeps its bounds; and it convicts nobody who did not sign.

#include "chain/votes/evidence.hpp"

#include "chain/base/check.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

void evidence(fuzz::Input input) {
    constexpr std::size_t validators_max = 16;
    const auto decoded = votes::decode_evidence(input.rest(), validators_max);
    if (!decoded) return;
    chain::check(std::ranges::equal(votes::encode(*decoded), input.rest()));
    chain::check(!votes::name(*decoded).empty());
    if (const auto* skipped = std::get_if<votes::FinalViewSkipped>(&*decoded)) {
        chain::check(skipped->skipped.signers.size() <= 2 && skipped->skipped.signatures.size() <= validators_max);
        chain::check(votes::votes_of(skipped->skipped).size() <= skipped->skipped.signatures.size());
    }
    // Validators whose keys nobody has: no signature is theirs.
    std::vector<votes::Validator> validators;
    for (std::uint8_t i = 1; i < 5; ++i)
        validators.push_back({crypto::Ed25519Key::from_seed({i, 77, i}).public_key(), i});
    const votes::ValidatorTable table{std::move(validators)};
    if (!std::holds_alternative<votes::VoteFromOutside>(*decoded))
        chain::check(!votes::verify(*decoded, chain::Hash{{1}}, table, 0));
    else static_cast<void>(votes::verify(*decoded, chain::Hash{{1}}, table, 0));
}

const fuzz::Target target{"evidence", evidence};

}  // namespace
