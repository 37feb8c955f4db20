#pragma once
// The final chain of a ledger, for peers that lack blocks.

#include "chain/ledger/ledger.hpp"
#include "chain/network/sync_messages.hpp"
#include "chain/sync/serve.hpp"

namespace node {

class ServedChain : public block_sync::Source {
public:
    explicit ServedChain(const ledger::Ledger& ledger) : ledger_(ledger) {}

    std::uint32_t finalized() const override { return ledger_.finalized().number; }
    std::optional<chain::Bytes> block(std::uint32_t number) const override;
    std::optional<chain::Header> header(std::uint32_t number) const override;
    chain::Bytes certificate(std::uint32_t number) const override;

    /// What a request on the wire gets. Headers instead of blocks, or a range that ends with a named block, alike.
    network::SyncResponse answer(const network::SyncRequest& request) const;

private:
    const ledger::Ledger& ledger_;
};

}  // namespace node
