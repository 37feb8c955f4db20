#pragma once
// Bodies of chain_*.

#include "chain/ledger/ledger.hpp"
#include "rpc/schema/chain.hpp"
#include "rpc/schema/table.hpp"

namespace rpc {

class Chain {
public:
    explicit Chain(ledger::Ledger& ledger) : ledger_(ledger) {}

    Answer<GetHeader::Result> answer(const GetHeader::Params& params) const;
    Answer<GetBlock::Result> answer(const GetBlock::Params& params) const;
    Answer<BlockHashes> answer(const GetBlockHash::Params& params) const;
    Answer<Hash> answer(const GetFinalizedHead::Params& params) const;

    Answer<Keep> follow(const SubscribeNewHeads::Params& params, Sink<HeaderView> sink) const;
    Answer<Keep> follow(const SubscribeAllHeads::Params& params, Sink<HeaderView> sink) const;
    Answer<Keep> follow(const SubscribeFinalizedHeads::Params& params, Sink<HeaderView> sink) const;

private:
    enum class Which : std::uint8_t { Best, All };
    Keep follow_heads(Which which, Sink<HeaderView> sink) const;

    ledger::Ledger& ledger_;
};

}  // namespace rpc
