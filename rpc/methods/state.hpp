#pragma once
// Bodies of state_*.

#include "chain/ledger/ledger.hpp"
#include "rpc/schema/state.hpp"
#include "rpc/schema/table.hpp"

namespace rpc {

class State {
public:
    explicit State(ledger::Ledger& ledger) : ledger_(ledger) {}

    Answer<GetStorage::Result> answer(const GetStorage::Params& params) const;
    Answer<GetStorageHash::Result> answer(const GetStorageHash::Params& params) const;
    Answer<GetStorageSize::Result> answer(const GetStorageSize::Params& params) const;
    Answer<GetKeysPaged::Result> answer(const GetKeysPaged::Params& params) const;
    Answer<QueryStorageAt::Result> answer(const QueryStorageAt::Params& params) const;
    Answer<GetReadProof::Result> answer(const GetReadProof::Params& params) const;
    Answer<HexBytes> answer(const StateCall::Params& params) const;
    Answer<HexBytes> answer(const GetMetadata::Params& params) const;
    Answer<RuntimeVersionView> answer(const GetRuntimeVersion::Params& params) const;

    Answer<Keep> follow(const SubscribeRuntimeVersion::Params& params, Sink<RuntimeVersionView> sink) const;
    Answer<Keep> follow(const SubscribeStorage::Params& params, Sink<StorageChanges> sink) const;

private:
    ledger::Ledger& ledger_;
};

}  // namespace rpc
