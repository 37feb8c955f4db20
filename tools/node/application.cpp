#include "tools/node/application.hpp"

#include "chain/base/check.hpp"
#include "chain/base/log.hpp"
#include "chain/block/digest.hpp"

#include <chrono>

namespace node {
namespace {

constexpr chain::log::Channel chain_log{"chain"};

chain::ConsensusDigest digest_of(const consensus::Position& p) {
    return {.epoch = p.epoch,
            .view = p.view,
            .parent_view = p.parent_view,
            .proposer = p.proposer,
            .vrf_output = {},
            .vrf_proof = {}};
}

}  // namespace

consensus::Tip LedgerApplication::finalized() const {
    const auto block = ledger_.finalized();
    if (block.number == 0) return {.hash = block.hash};
    const auto header = ledger_.header(block.hash);
    chain::check(header.has_value());
    const auto place = chain::consensus_digest(header->digest);
    chain::check(place.has_value());  // propose and verify let nothing else in
    return {block.hash, block.number, place->epoch, place->view};
}

consensus::Result<chain::Hash> LedgerApplication::propose(const consensus::Tip& parent,
                                                          const consensus::Position& position) {
    const auto start = std::chrono::steady_clock::now();
    TRY(const auto built, ledger_.build(parent.hash, chain::to_digest(digest_of(position))));
    TRY_VOID(ledger_.import(built.block));
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    chain_log.debug("block {} {} extrinsics {} built in {:.1f} ms", parent.number + 1, chain::to_hex(built.hash),
                    built.block.extrinsics.size(), took.count());
    return built.hash;
}

consensus::Result<chain::Hash> LedgerApplication::verify(const consensus::Tip& parent,
                                                         const consensus::Position& position,
                                                         const chain::Bytes& encoded_block) {
    auto block = scale::decode<chain::Block>(encoded_block);
    if (!block) return chain::fault("a proposal is no block: " + std::string{scale::text(block.error())});
    if (block->header.parent_hash != parent.hash)
        return chain::fault("a proposal stands on another block than it says");
    if (chain::consensus_digest(block->header.digest) != digest_of(position))
        return chain::fault("a proposal's header names another view or proposer than the proposal");
    const chain::Hash hash = chain::hash_of(block->header);
    TRY_VOID(ledger_.import(*std::move(block)));
    return hash;
}

consensus::Result<void> LedgerApplication::finalize(const chain::Hash& block, const chain::Bytes& certificate) {
    TRY(const auto done, ledger_.finalize(block, certificate));
    if (done != ledger::Finality::Done)
        return chain::fault("block " + chain::to_hex(block) + " cannot become final: it is not here");
    return {};
}

}  // namespace node
