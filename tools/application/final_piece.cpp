#include "tools/application/final_piece.hpp"

#include "chain/base/check.hpp"
#include "tools/application/ledger_application.hpp"

namespace node {

block_sync::Local local_of(const ledger::Ledger& ledger) {
    const auto head = ledger.finalized();
    const auto state = ledger.state_at(head.hash);
    chain::check(state != nullptr);
    const auto epoch = next_epoch_in(*state, {.hash = head.hash, .number = head.number});
    chain::check(epoch != nullptr);
    return {.number = head.number,
            .hash = head.hash,
            .epoch = epoch->epoch,
            .boundary = epoch->length == 0 ? ~std::uint32_t{0} : epoch->boundary(),
            .table = epoch->table};
}

chain::Result<void> store_proved(ledger::Ledger& ledger, const block_sync::Proved& proved) {
    for (const chain::Block& block : proved.blocks) {
        const chain::Hash hash = chain::hash_of(block.header);
        const auto is_final = [&] { return block.header.number.value <= ledger.finalized().number; };
        ledger.keep(block);
        if (is_final()) continue;
        const auto ran = ledger.execute(hash);
        if (is_final()) continue;  // agreement was faster
        if (!ran) return std::unexpected{ran.error()};
        if (!ran->is_good)
            return chain::fault("block " + chain::to_hex(hash) + " is final, but this node finds it bad: " + ran->why);
    }
    TRY(const auto done, ledger.finalize(proved.last, scale::encode(proved.certificate)));
    chain::check(done == ledger::Finality::Done);
    return {};
}

}  // namespace node
