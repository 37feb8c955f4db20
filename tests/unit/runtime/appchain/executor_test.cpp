#include "runtime/appchain/executor.hpp"

#include "runtime/appchain/inherents.hpp"
#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/sudo/sudo.hpp"
#include "runtime/pallets/system/block.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "runtime/pallets/transaction_payment/transaction_payment.hpp"
#include "runtime/pallets/utility/utility.hpp"
#include "runtime/pallets/validators/validators.hpp"
#include "tests/support/blocks/signed_rig.hpp"

#include <catch2/catch.hpp>

using namespace tests;

namespace {

const AccountId alith = dev_account("Alith");
const AccountId baltathar = dev_account("Baltathar");

SignedChain rich_chain() {
    return SignedChain{{.accounts = {{alith, 1'000 * tph}, {baltathar, 1'000 * tph}, {author, 1 * tph}}}};
}

balances::TransferKeepAlive pay(const AccountId& to, Balance amount) { return {.dest = to, .value = {amount}}; }

}  // namespace

TEST_CASE("a transfer moves the money, costs its fee and ends in ExtrinsicSuccess") {
    auto chain = rich_chain();
    const auto block = chain.block({chain.sign("Alith", pay(baltathar, 5 * tph))});
    REQUIRE(block.outcome(1));
    CHECK(chain.free(baltathar) == 1'005 * tph);
    CHECK(chain.free(alith) < 995 * tph);
    CHECK(chain.nonce(alith) == 1);
    const auto paid = block.all<transaction_payment::TransactionFeePaid>(1);
    REQUIRE(paid.size() == 1);
    CHECK(chain.free(alith) == 995 * tph - paid[0].actual_fee);
}

TEST_CASE("a failed call pays its fee, uses its nonce, and ends in ExtrinsicFailed") {
    auto chain = rich_chain();
    const auto block = chain.block({chain.sign("Alith", pay(baltathar, 5'000 * tph))});
    CHECK(block.outcome(1).error() == frame::TokenError::FundsUnavailable);
    CHECK(block.all<balances::Transfer>(1).empty());
    CHECK(block.all<transaction_payment::TransactionFeePaid>(1).size() == 1);
    CHECK(chain.free(baltathar) == 1'000 * tph);
    CHECK(chain.free(alith) < 1'000 * tph);
    CHECK(chain.nonce(alith) == 1);
}

TEST_CASE("the last event of every extrinsic is its outcome, and nothing follows it") {
    auto chain = rich_chain();
    const auto batch =
        utility::Batch{.calls = {frame::to_call(pay(baltathar, 1)), frame::to_call(pay(baltathar, 5'000 * tph))}};
    const auto block =
        chain.block({chain.sign("Alith", pay(baltathar, 5 * tph), {.tip = 3}),
                     chain.sign("Baltathar", pay(alith, 5'000 * tph)), chain.sign("Alith", batch, {.nonce = 1})});
    for (std::uint32_t i = 0; i < 4; ++i) {
        const auto events = block.of(i);
        REQUIRE_FALSE(events.empty());
        const auto outcomes = Outcome::events_of<frame_system::ExtrinsicSuccess>(events).size() +
                              Outcome::events_of<frame_system::ExtrinsicFailed>(events).size();
        CHECK(outcomes == 1);
        CHECK(events.back().encoded[0] == frame_system::index);
        CHECK(events.back().encoded[1] <= 1);
    }
}

TEST_CASE("the tip and half of the fee go to the author, the other half burns") {
    auto chain = rich_chain();
    const auto before = balances::total_issuance(chain.state());
    const auto author_before = chain.free(author);
    const auto block = chain.block({chain.sign("Alith", pay(baltathar, 5 * tph), {.tip = 1 * tph})});
    const auto paid = block.all<transaction_payment::TransactionFeePaid>(1).at(0);
    CHECK(paid.tip == 1 * tph);
    const auto fee = paid.actual_fee - paid.tip;
    const auto burned = before - balances::total_issuance(chain.state());
    CHECK(burned == fee / 2);
    CHECK(chain.free(author) - author_before == fee - burned + paid.tip);
}

TEST_CASE("extrinsic 0 is the time, and the header is what clients recompute") {
    auto chain = rich_chain();
    const auto made = chain.block({chain.sign("Alith", pay(baltathar, 1))}, 1'000);
    const auto& block = made.block;
    CHECK(runtime::timestamp_of(block) == timestamp::now(chain.state()));
    CHECK(block.extrinsics.size() == 2);
    CHECK(block.extrinsics[0][0] == 0x04);
    CHECK(block.header.extrinsics_root == chain::extrinsics_root(block.extrinsics));
    CHECK(frame_system::storage.digest.get(chain.state()) == block.header.digest);
    CHECK(frame_system::storage.number.get(chain.state()) == block.header.number.value);
}

TEST_CASE("a clock that was set back makes the next block just later than its parent") {
    auto chain = rich_chain();
    chain.block({}, 1'000);
    const auto before = timestamp::now(chain.state());
    const auto building =
        chain.executor().build(chain.state(), {.parent_hash = chain.best(), .number = 2, .timestamp_ms = 5});
    CHECK(runtime::timestamp_of(building->finish().block) == before + 1);
}

TEST_CASE("a foreign block is refused for each rule that it breaks") {
    auto chain = rich_chain();
    const auto transfer = chain.sign("Alith", pay(baltathar, 1));
    const auto building = chain.builder();
    REQUIRE(building->apply(transfer));
    const auto good = building->finish().block;
    const auto refusal = [&](auto&& damage) {
        chain::Block bad = good;
        damage(bad);
        const auto result = chain.executor().execute(chain.state(), bad);
        return result ? std::string{} : result.error();
    };
    const auto reroot = [](chain::Block& block) {
        block.header.extrinsics_root = chain::extrinsics_root(block.extrinsics);
    };

    CHECK(refusal([](chain::Block&) {}).empty());
    CHECK(refusal([](chain::Block& b) { ++b.header.number.value; }) == "block 2 does not follow block 0");
    CHECK(refusal([](chain::Block& b) { b.header.extrinsics_root = {}; }) ==
          "the extrinsics root does not match the extrinsics");
    CHECK(refusal([&](chain::Block& b) { b.extrinsics.clear(), reroot(b); }) == "the block lacks its timestamp");
    CHECK(refusal([&](chain::Block& b) { b.extrinsics.erase(b.extrinsics.begin()), reroot(b); }) ==
          "extrinsic 0 is not a valid timestamp");
    CHECK(refusal([&](chain::Block& b) { b.extrinsics.push_back(b.extrinsics[0]), reroot(b); }) != "");
    CHECK(refusal([&](chain::Block& b) { b.extrinsics.push_back(transfer), reroot(b); }) ==
          "extrinsic 2: Transaction is outdated");
    CHECK(refusal([&](chain::Block& b) { b.extrinsics[1].back() ^= 8, reroot(b); }) ==
          "extrinsic 1: Transaction has a bad signature");
    CHECK(refusal([&](chain::Block& b) { b.extrinsics[0] = runtime::timestamp_inherent(0), reroot(b); }) ==
          "extrinsic 0 is not a valid timestamp");
}

TEST_CASE("a refused extrinsic leaves no trace in the block") {
    auto chain = rich_chain();
    const auto clean = chain.builder()->finish();
    const auto building = chain.builder();
    CHECK_FALSE(building->apply(chain.sign("Charleth", pay(baltathar, 1))));
    CHECK_FALSE(building->apply(chain.sign("Alith", pay(baltathar, 1), {.nonce = 9})));
    CHECK_FALSE(building->apply(chain::Bytes{1, 2, 3}));
    const auto built = building->finish();
    CHECK(built.block == clean.block);
    CHECK(built.diff == clean.diff);
}

TEST_CASE("a block takes so many bytes and no more; the next one takes the rest") {
    auto chain = rich_chain();
    // 16 KiB each: bytes run out long before time does.
    std::vector<chain::Bytes> many;
    for (std::uint32_t i = 0; i < 260; ++i)
        many.push_back(chain.sign("Alith", frame_system::Remark{.remark = {chain::Bytes(16'000)}}, {.nonce = i}));
    const auto building = chain.builder();
    std::size_t taken = 0;
    while (taken < many.size() && building->apply(many[taken])) ++taken;
    CHECK(taken < many.size());
    CHECK(taken > 200);
    const auto refused = building->apply(many[taken]);
    REQUIRE_FALSE(refused);
    CHECK(chain::is(refused.error(), chain::InvalidTransaction::ExhaustsResources));
    CHECK(chain.check(many[taken]));  // the pool keeps it
    CHECK(building->finish().block.extrinsics.size() == taken + 1);
}

TEST_CASE("sudo pays no fee when it succeeds") {
    SignedChain chain{{.accounts = {{alith, 1'000 * tph}},
                       .genesis = [](state::Overlay& state) { sudo::storage.key.put(state, alith); }}};
    const auto remark = frame::to_call(frame_system::Remark{});
    const auto block = chain.block({chain.sign("Alith", sudo::Sudo{.call = remark})});
    REQUIRE(block.outcome(1));
    CHECK(chain.free(alith) == 1'000 * tph);
    CHECK(block.all<frame_system::ExtrinsicSuccess>(1).at(0).dispatch_info.pays_fee == frame::Pays::No);
}

TEST_CASE("weights that were not used are given back to block and payer") {
    auto chain = rich_chain();
    const auto failing = frame::to_call(pay(baltathar, 5'000 * tph));
    const utility::Batch batch{.calls = {failing, failing, failing, failing}};
    const auto declared = frame::info_of(frame::to_call(batch)).weight;
    const auto block = chain.block({chain.sign("Alith", batch)});
    const auto actual = block.all<frame_system::ExtrinsicSuccess>(1).at(0).dispatch_info.weight;
    CHECK(frame::fits(actual, declared));
    CHECK(actual.ref_time < declared.ref_time);
    const auto used = frame_system::storage.block_weight.get(chain.state());
    CHECK(used.normal == actual);
    CHECK(used.mandatory.ref_time > 0);
}

TEST_CASE("however full users make a block, a machine's call that is due gets in") {
    SignedChain chain{rig_world()};
    const SignedRig rig{chain};
    const auto building = chain.builder();
    std::size_t taken = 0;
    /// As often as it fits; why it then does not.
    const auto fill = [&](std::string_view signer, std::uint32_t& nonce, const auto& call) {
        for (;; ++nonce, ++taken) {
            const auto applied = building->apply(chain.sign(signer, call, {.nonce = nonce}));
            if (!applied) return applied.error();
        }
    };
    std::uint32_t nonce = chain.nonce(alith);
    SECTION("by weight") {
        const auto one = frame::to_call(pay(baltathar, 1));
        fill("Alith", nonce, utility::BatchAll{.calls = std::vector<frame::Call>(200, one)});
        fill("Alith", nonce, utility::BatchAll{.calls = {one}});
    }
    SECTION("by bytes") {
        fill("Alith", nonce, frame_system::Remark{.remark = {chain::Bytes(60'000)}});
        fill("Alith", nonce, frame_system::Remark{.remark = {chain::Bytes(1'000)}});
    }
    CHECK(taken > 10);
    std::uint32_t others_nonce = 0;
    const auto refusal = fill("Baltathar", others_nonce, frame_system::Remark{});
    CHECK(chain::is(refusal, chain::InvalidTransaction::ExhaustsResources));
    CHECK(building->apply(rig.heartbeat()));
    CHECK(building->finish().block.extrinsics.size() == taken + 2);
}

TEST_CASE("a VRF proof that held is remembered, and no other proof is believed for it") {
    const auto chain = rich_chain();
    const auto key = crypto::VrfKey::from_seed({7});
    state::Overlay state{chain.state()};
    const auto seed = validators::storage.current_epoch.get(state).seed;
    validators::storage.authorities.put(state, {{author, {1}, key.public_key().value, 1}});
    const auto vrf = key.prove(chain::vrf_input(seed, 0, 1));
    chain::ConsensusDigest place{.view = 1, .vrf_output = vrf.output, .vrf_proof = vrf.proof};
    const auto known = std::make_shared<chain::SignatureCache>();
    const runtime::Appchain executor{known};
    const auto one_after_another = [](std::size_t count, const auto& task) {
        for (std::size_t i = 0; i < count; ++i) task(i);
    };
    const auto is_accepted = [&] {
        const auto building = executor.build(
            state,
            {.parent_hash = chain.best(), .number = 1, .digest = {{chain::to_digest(place)}}, .timestamp_ms = 5});
        return executor.check_block(state, building->finish().block, one_after_another).has_value();
    };
    CHECK(is_accepted());
    CHECK(known->size() == 1);
    CHECK(is_accepted());
    CHECK(known->size() == 1);
    place.vrf_proof.value[40] ^= 1;
    CHECK_FALSE(is_accepted());
    place.vrf_proof = vrf.proof;
    place.view = 2;
    CHECK_FALSE(is_accepted());
    CHECK(known->size() == 1);
}
