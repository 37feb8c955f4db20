#pragma once
// Tephra's rules behind the chain's port Executor.

#include "chain/execution/executor.hpp"
#include "chain/execution/signature_cache.hpp"

namespace runtime {

class Appchain final : public chain::Executor {
public:
    /// The cache is shared by checking, building and executing, so that each signature is recovered once.
    explicit Appchain(std::shared_ptr<chain::SignatureCache> signatures = std::make_shared<chain::SignatureCache>());

    chain::Result<chain::CheckedTransaction, chain::ValidityError> check(
        const state::StateView& state, const chain::Hash& parent, chain::ByteView extrinsic,
        chain::TransactionSource source) const override;
    std::unique_ptr<chain::BlockBuilder> build(const state::StateView& parent,
                                               const chain::BlockStart& start) const override;
    std::optional<std::uint64_t> timestamp_of(const chain::Block& block) const override;
    chain::Result<void, std::string> check_block(const state::StateView& parent, const chain::Block& block,
                                                 const chain::ForEach& for_each) const override;
    /// Checks number, parent's number, extrinsics root, the inherent, every extrinsic and the digest.
    chain::Result<chain::Executed, std::string> execute(const state::StateView& parent,
                                                        const chain::Block& block) const override;
    chain::Result<chain::Bytes, std::string> call(const state::StateView& state, std::string_view api_method,
                                                  chain::ByteView arguments) const override;
    chain::RuntimeVersion version() const override;
    /// Versions 14 and 15.
    chain::Bytes metadata(std::uint32_t version) const override;

private:
    std::shared_ptr<chain::SignatureCache> signatures_;
};

std::unique_ptr<chain::Executor> make_executor();

}  // namespace runtime
