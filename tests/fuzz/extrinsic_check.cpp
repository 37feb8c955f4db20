// Any call, properly signed by somebody rich: what the pool accepts a block takes, what a block holds verifies, and
// money adds up. The bytes as they are, unsigned, must be refused without harm.

#include "chain/base/check.hpp"
#include "chain/block/extrinsic.hpp"
#include "chain/crypto/dev_keys.hpp"
#include "runtime/appchain/executor.hpp"
#include "runtime/pallets/balances/balances.hpp"
#include "runtime/pallets/sudo/sudo.hpp"
#include "runtime/pallets/system/marker.hpp"
#include "runtime/pallets/system/system.hpp"
#include "runtime/pallets/validators/validators.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

const chain::Hash genesis{{1}};

const state::MapState& world() {
    static const state::MapState made = [] {
        state::MapState state;
        state::Overlay overlay{state};
        frame_system::put_code_marker(overlay);
        const auto alith = crypto::dev_key("Alith")->account();
        for (const auto& key : crypto::dev_keys())
            balances::endow_at_genesis(overlay, *crypto::account_from_string(key.account), 1'000'000 * chain::tph);
        sudo::storage.key.put(overlay, alith);
        validators::storage.authorities.put(overlay,
                                            {{.account = alith, .consensus_key = {}, .vrf_key = {}, .weight = 1}});
        state.apply(overlay.take());
        return state;
    }();
    return made;
}

void check_issuance(const state::StateView& state) {
    chain::Balance sum = 0;
    frame_system::storage.account.for_each(state, 1'000'000, [&](const auto&, const frame_system::AccountInfo& info) {
        sum += info.data.free + info.data.reserved;
    });
    chain::check(sum == balances::total_issuance(state));
}

void extrinsic_check(fuzz::Input input) {
    const runtime::Appchain executor;
    const auto source = chain::TransactionSource::External;
    chain::check(!executor.check(world(), genesis, input.rest(), source));

    const chain::SigningContext context{.spec_version = frame_system::spec_version,
                                        .transaction_version = frame_system::transaction_version,
                                        .genesis = genesis,
                                        .birth_block = genesis};
    static const auto alith = *crypto::dev_key("Alith");
    const auto extrinsic = chain::sign_extrinsic(alith, chain::to_bytes(input.rest()), {}, context);
    const auto checked = executor.check(world(), genesis, extrinsic, source);

    const auto builder = executor.build(
        world(), {.parent_hash = genesis, .number = 1, .digest = {{chain::to_digest({})}}, .timestamp_ms = 1'000});
    const auto applied = builder->apply(extrinsic);
    chain::check(checked.has_value() == applied.has_value());

    const auto built = builder->finish();
    const auto verified = executor.execute(world(), built.block);
    chain::check(verified && verified->diff == built.diff);
    state::MapState after = world();
    after.apply(built.diff);
    check_issuance(after);
}

const fuzz::Target target{"extrinsic_check", extrinsic_check};

}  // namespace
