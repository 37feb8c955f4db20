#include "rpc/methods/views.hpp"

#include "chain/block/extrinsic.hpp"

namespace rpc {

namespace {

struct StatusView {
    WatchStatus operator()(const pool::Future&) const { return {"future"}; }
    WatchStatus operator()(const pool::Ready&) const { return {"ready"}; }
    WatchStatus operator()(const pool::Broadcast&) const { return {"broadcast"}; }
    WatchStatus operator()(const pool::InBlock& at) const { return {"inBlock", at.block}; }
    WatchStatus operator()(const pool::Retracted& from) const { return {"retracted", from.block}; }
    WatchStatus operator()(const pool::FinalityTimeout& at) const { return {"finalityTimeout", at.block}; }
    WatchStatus operator()(const pool::Finalized& at) const { return {"finalized", at.block}; }
    WatchStatus operator()(const pool::Usurped& by) const { return {"usurped", by.by}; }
    WatchStatus operator()(const pool::Dropped&) const { return {"dropped"}; }
    WatchStatus operator()(const pool::Invalid&) const { return {"invalid"}; }
};

}  // namespace

HeaderView view(const chain::Header& header) {
    HeaderView out{.parent_hash = header.parent_hash,
                   .number = {header.number.value},
                   .state_root = header.state_root,
                   .extrinsics_root = header.extrinsics_root};
    for (const chain::DigestItem& item : header.digest.logs) out.digest.logs.push_back({scale::encode(item)});
    return out;
}

GetBlock::SignedBlock view(const chain::Block& block) {
    GetBlock::SignedBlock out{.block = {.header = view(block.header)}};
    for (const Bytes& extrinsic : block.extrinsics)
        out.block.extrinsics.push_back({chain::with_length_prefix(extrinsic)});
    return out;
}

RuntimeVersionView view(const chain::RuntimeVersion& version) {
    RuntimeVersionView out{.spec_name = version.spec_name,
                           .impl_name = version.impl_name,
                           .authoring_version = version.authoring_version,
                           .spec_version = version.spec_version,
                           .impl_version = version.impl_version,
                           .transaction_version = version.transaction_version,
                           .state_version = version.state_version};
    for (const auto& [id, api_version] : version.apis)
        out.apis.emplace_back(HexBytes{chain::to_bytes(id)}, api_version);
    return out;
}

WatchStatus view(const pool::TransactionStatus& status) { return std::visit(StatusView{}, status); }

}  // namespace rpc
