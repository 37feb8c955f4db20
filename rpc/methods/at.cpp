#include "rpc/methods/at.hpp"

#include <fmt/format.h>

namespace rpc {

Error client_error(std::string_view what) { return {code::state_client, fmt::format("Client error: {}", what)}; }

Hash block_at(const ledger::Ledger& ledger, const std::optional<Hash>& at) { return at ? *at : ledger.best().hash; }

Answer<std::shared_ptr<const state::StateView>> state_at(const ledger::Ledger& ledger, const std::optional<Hash>& at) {
    const Hash block = block_at(ledger, at);
    if (auto state = ledger.state_at(block)) return state;
    // Only an explicit hash can miss: the best block's state is always there.
    if (!ledger.header(block))
        return std::unexpected{
            client_error(fmt::format("UnknownBlock: Header was not found in the database: {}", chain::to_hex(block)))};
    return std::unexpected{
        client_error(fmt::format("UnknownBlock: State already discarded for {}", chain::to_hex(block)))};
}

Answer<Bytes> runtime_call(const ledger::Ledger& ledger, const std::optional<Hash>& at, std::string_view method,
                           ByteView arguments) {
    const Hash block = block_at(ledger, at);
    TRY_VOID(state_at(ledger, block));
    auto result = ledger.runtime_call(block, method, arguments);
    if (!result) return std::unexpected{client_error(fmt::format("Execution failed: {}", result.error()))};
    return *std::move(result);
}

}  // namespace rpc
