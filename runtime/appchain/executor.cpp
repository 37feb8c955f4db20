#include "runtime/appchain/executor.hpp"

#include "runtime/appchain/apis.hpp"
#include "runtime/appchain/block_execution.hpp"
#include "runtime/appchain/inherents.hpp"
#include "runtime/appchain/runtime_metadata.hpp"
#include "runtime/pallets/system/accounts.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "runtime/pallets/validators/validators.hpp"

#include <fmt/format.h>

namespace runtime {

using chain::Bytes;
using chain::ByteView;
using chain::DispatchOutcome;
using chain::invalid;
using chain::InvalidTransaction;
using chain::Result;
using chain::ValidityError;

namespace {

class Builder final : public chain::BlockBuilder {
public:
    Builder(const state::StateView& parent, const chain::BlockStart& start,
            std::shared_ptr<chain::SignatureCache> cache)
        : signatures_(std::move(cache)),
          execution_(parent, {start.parent_hash, start.number, start.digest}, *signatures_) {
        header_ = {.parent_hash = start.parent_hash, .number = {start.number}, .digest = start.digest};
        // A clock that was set back does not stop the chain: the block is then just later than its parent.
        const auto time = std::max(start.timestamp_ms, timestamp::now(parent) + 1);
        Bytes inherent = timestamp_inherent(time);
        chain::check(execution_.apply_inherent(inherent).has_value());
        extrinsics_.push_back(std::move(inherent));
    }

    Result<DispatchOutcome, ValidityError> apply(ByteView extrinsic) override {
        TRY(const auto outcome, execution_.apply(extrinsic));
        extrinsics_.push_back(chain::to_bytes(extrinsic));
        return outcome;
    }

    bool has_room() const override { return execution_.has_room(); }

    chain::Built finish() override {
        header_.extrinsics_root = chain::extrinsics_root(extrinsics_);
        auto [diff, digest] = execution_.finish();
        header_.digest = std::move(digest);
        return {.block = {.header = std::move(header_), .extrinsics = std::move(extrinsics_)}, .diff = std::move(diff)};
    }

private:
    std::shared_ptr<chain::SignatureCache> signatures_;
    BlockExecution execution_;
    chain::Header header_;
    std::vector<Bytes> extrinsics_;
};

std::unexpected<std::string> broken(std::string rule) { return std::unexpected{std::move(rule)}; }

/// What a proposer may put into a digest; the rest is what the block's execution adds.
chain::Digest opening_digest(const chain::Digest& digest) {
    chain::Digest out;
    for (const auto& item : digest.logs)
        if (std::holds_alternative<chain::digest::PreRuntime>(item)) out.logs.push_back(item);
    return out;
}

/// What was found true is remembered beside the signatures, by the hash of all that the proof is about.
bool vrf_holds(const crypto::VrfPublic& key, ByteView input, const crypto::VrfOutput& output,
               const crypto::VrfProof& proof, chain::SignatureCache& known) {
    // Where an extrinsic has what it was signed for. No chain begins with this block.
    static constexpr chain::SigningContext is_vrf{.genesis = {{'v', 'r', 'f'}}};
    Bytes all = scale::encode(key.value);
    for (const ByteView part : {ByteView{output.value}, ByteView{proof.value}, input})
        all.insert(all.end(), part.begin(), part.end());
    const chain::Hash name = crypto::blake2b_256(all);
    if (known.find(name, is_vrf)) return true;
    if (!crypto::verify(key, input, output, proof)) return false;
    known.remember(name, is_vrf, {});
    return true;
}

}  // namespace

Appchain::Appchain(std::shared_ptr<chain::SignatureCache> signatures) : signatures_(std::move(signatures)) {}

Result<chain::CheckedTransaction, ValidityError> Appchain::check(const state::StateView& state,
                                                                 const chain::Hash& parent, ByteView extrinsic,
                                                                 chain::TransactionSource) const {
    // The transaction would run in the block after `parent`.
    state::Overlay inside{state};
    const std::uint32_t number = frame_system::storage.number.get(state) + 1;
    frame_system::note_parent(inside, number, parent);

    TRY(const auto transaction,
        check_signed(inside, {number, frame_system::genesis_hash(inside)}, extrinsic, *signatures_));
    TRY(const auto nonce, check_nonce(inside, transaction));
    const auto& info = transaction.call.info();
    TRY_VOID(check_size(info, transaction.length));
    if (!nonce.is_future) TRY_VOID(check_due(inside, transaction));

    const auto fee = transaction_payment::inclusion_fee(inside, transaction.length, info);
    const chain::Balance tip = transaction.extra.tip.value;
    if (!transaction_payment::can_pay(inside, transaction.signer, fee, tip))
        return invalid(InvalidTransaction::Payment);

    const std::uint32_t own = transaction.extra.nonce.value;
    const auto weight = info.weight + frame_system::block_weights.per_class.of(info.class_).base_extrinsic;
    chain::CheckedTransaction checked{
        .hash = transaction.hash,
        .sender = transaction.signer,
        .is_signed = true,
        .nonce = own,
        .account_nonce = nonce.sender.info.nonce,
        .tip = tip,
        .fee = chain::saturating_add(fee, tip),
        .weight = {weight.ref_time, weight.proof_size},
        .length = transaction.length,
        .priority = transaction_payment::priority(tip, weight, transaction.length, info.class_),
        .longevity = transaction.blocks_left,
        .is_future = nonce.is_future,
        .requires_ = {},
        .provides = {nonce_tag(transaction.signer, own)}};
    if (nonce.is_future) checked.requires_.push_back(nonce_tag(transaction.signer, own - 1));
    return checked;
}

std::unique_ptr<chain::BlockBuilder> Appchain::build(const state::StateView& parent,
                                                     const chain::BlockStart& start) const {
    return std::make_unique<Builder>(parent, start, signatures_);
}

std::optional<std::uint64_t> Appchain::timestamp_of(const chain::Block& block) const {
    return runtime::timestamp_of(block);
}

Result<void, std::string> Appchain::check_block(const state::StateView& parent, const chain::Block& block,
                                                const chain::ForEach& for_each) const {
    const auto& header = block.header;
    const std::uint32_t number = header.number.value;
    const std::uint32_t parent_number = frame_system::storage.number.get(parent);
    if (number != parent_number + 1)
        return broken(fmt::format("block {} does not follow block {}", number, parent_number));
    const auto time = runtime::timestamp_of(block);
    if (!time) return broken("extrinsic 0 is not a valid timestamp");
    if (*time <= timestamp::now(parent)) return broken("its time is not later than its parent's");
    std::size_t length = 0;
    for (const Bytes& extrinsic : block.extrinsics) length += chain::with_length_prefix(extrinsic).size();
    if (length > frame_system::max_block_length) return broken("its extrinsics are longer than a block may be");
    TRY_VOID(validators::check_digest(parent, number, header.digest,
                                      [&](const auto& key, ByteView input, const auto& output, const auto& proof) {
                                          return vrf_holds(key, input, output, proof, *signatures_);
                                      }));

    // A mortal transaction may be anchored at the parent, which the parent's own state does not know.
    state::Overlay inside{parent};
    frame_system::note_parent(inside, number, header.parent_hash);
    const Anchor anchor{number, frame_system::genesis_hash(inside)};
    std::vector<std::optional<ValidityError>> errors(block.extrinsics.size());
    for_each(block.extrinsics.size() - 1, [&](std::size_t i) {
        const auto checked = check_signed(inside, anchor, block.extrinsics[i + 1], *signatures_);
        if (!checked) errors[i + 1] = checked.error();
    });
    for (std::size_t i = 1; i < errors.size(); ++i)
        if (errors[i]) return broken(fmt::format("extrinsic {}: {}", i, chain::text(*errors[i])));
    return {};
}

Result<chain::Executed, std::string> Appchain::execute(const state::StateView& parent,
                                                       const chain::Block& block) const {
    const auto& header = block.header;
    const std::uint32_t parent_number = frame_system::storage.number.get(parent);
    if (header.number.value != parent_number + 1)
        return broken(fmt::format("block {} does not follow block {}", header.number.value, parent_number));
    if (chain::extrinsics_root(block.extrinsics) != header.extrinsics_root)
        return broken("the extrinsics root does not match the extrinsics");
    if (block.extrinsics.empty()) return broken("the block lacks its timestamp");

    BlockExecution execution{
        parent, {header.parent_hash, header.number.value, opening_digest(header.digest)}, *signatures_};
    if (const auto applied = execution.apply_inherent(block.extrinsics.front()); !applied)
        return broken("extrinsic 0 is not a valid timestamp");
    for (std::size_t i = 1; i < block.extrinsics.size(); ++i)
        if (const auto applied = execution.apply(block.extrinsics[i]); !applied)
            return broken(fmt::format("extrinsic {}: {}", i, chain::text(applied.error())));
    auto [diff, digest] = execution.finish();
    if (digest != header.digest) return broken("its digest is not the one that executing it leaves");
    return chain::Executed{.diff = std::move(diff)};
}

Result<Bytes, std::string> Appchain::call(const state::StateView& state, std::string_view api_method,
                                          ByteView arguments) const {
    return call_api({state, *this}, api_method, arguments);
}

chain::RuntimeVersion Appchain::version() const { return frame_system::runtime_version(); }

Bytes Appchain::metadata(std::uint32_t version) const {
    return version == 14 ? metadata_v14() : version == 15 ? metadata_v15() : Bytes{};
}

std::unique_ptr<chain::Executor> make_executor() { return std::make_unique<Appchain>(); }

}  // namespace runtime
