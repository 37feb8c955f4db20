// A message between validators that decodes encodes to the same bytes, keeps its bounds, and has one form.

#include "chain/base/check.hpp"
#include "consensus/types/message.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>

namespace {

using namespace consensus;

void consensus_message(fuzz::Input input) {
    constexpr MessageLimits limits{.block_bytes_max = 64, .validators_max = 16};
    const auto decoded = decode(input.rest(), limits);
    if (!decoded) return;
    chain::check(std::ranges::equal(encode(**decoded), input.rest()));
    static_cast<void>(epoch_of(**decoded));
    if (const auto* certificate = std::get_if<CertificatePtr>(decoded->get()))
        chain::check((*certificate)->signers.size() <= 2 && (*certificate)->signatures.size() <= 16);
    if (const auto* proposal = std::get_if<Proposal>(decoded->get())) {
        chain::check(!proposal->block || proposal->block->size() <= 64);
        chain::check(proposal->certificates.size() <= Proposal::nullifications_max + 1);
    }
    if (const auto* proposal = std::get_if<ShortProposal>(decoded->get())) {
        chain::check(proposal->shortened && proposal->shortened->size() <= 64);
        chain::check(proposal->certificates.size() <= Proposal::nullifications_max + 1);
    }
    if (const auto* request = std::get_if<PartsRequest>(decoded->get()))
        chain::check(!request->places.empty() && request->places.size() <= PartsRequest::places_max);
}

const fuzz::Target target{"consensus_message", consensus_message};

}  // namespace
