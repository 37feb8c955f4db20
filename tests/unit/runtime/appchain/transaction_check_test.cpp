#include "runtime/appchain/transaction_check.hpp"

#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/leases/renting.hpp"
#include "runtime/pallets/leases/running.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/machines/probes.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "tests/support/blocks/signed_rig.hpp"
#include "tests/support/rig.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using chain::Era;
using chain::InvalidTransaction;

namespace {

const AccountId alith = dev_account("Alith");
const AccountId baltathar = dev_account("Baltathar");

SignedChain rich_chain() { return SignedChain{{.accounts = {{alith, 1'000 * tph}, {baltathar, 1'000 * tph}}}}; }

const frame_system::Remark remark{};

/// Pool and block must refuse it alike.
void check_refused(const SignedChain& chain, const chain::Bytes& extrinsic, InvalidTransaction reason) {
    const auto checked = chain.check(extrinsic);
    REQUIRE_FALSE(checked);
    CHECK(chain::is(checked.error(), reason));
    const auto offered = chain.offer(extrinsic);
    REQUIRE_FALSE(offered);
    CHECK(chain::is(offered.error(), reason));
}

/// A machine's call that is not due is refused by both, and says why by its number.
void check_undue(const SignedChain& chain, const chain::Bytes& extrinsic, machines::Undue why) {
    const auto refusal = chain::invalid(InvalidTransaction::Custom, static_cast<std::uint8_t>(why)).error();
    const auto checked = chain.check(extrinsic);
    REQUIRE_FALSE(checked);
    CHECK(checked.error() == refusal);
    const auto offered = chain.offer(extrinsic);
    REQUIRE_FALSE(offered);
    CHECK(offered.error() == refusal);
}

}  // namespace

TEST_CASE("a good transaction passes, with what the pool needs to know") {
    const auto chain = rich_chain();
    const auto checked = chain.check(chain.sign("Alith", remark, {.tip = 7}));
    REQUIRE(checked);
    CHECK(checked->sender == alith);
    CHECK(checked->nonce == 0);
    CHECK(checked->tip == 7);
    CHECK(checked->fee > 7);
    CHECK_FALSE(checked->is_future);
    CHECK(checked->requires_.empty());
    CHECK(checked->provides == std::vector<chain::Bytes>{runtime::nonce_tag(alith, 0)});
    CHECK(checked->longevity == ~std::uint64_t{0});
    CHECK(chain.offer(chain.sign("Alith", remark)));
}

TEST_CASE("what was signed for another chain, version or birth block has a bad signature") {
    const auto chain = rich_chain();
    const chain::Hash other{{1}};
    check_refused(chain, chain.sign("Alith", remark, {.spec_version = 99}), InvalidTransaction::BadProof);
    check_refused(chain, chain.sign("Alith", remark, {.transaction_version = 99}), InvalidTransaction::BadProof);
    check_refused(chain, chain.sign("Alith", remark, {.genesis = other}), InvalidTransaction::BadProof);
    check_refused(chain, chain.sign("Alith", remark, {.birth_block = other}), InvalidTransaction::BadProof);
}

TEST_CASE("a signature covers every byte: flip any and nothing passes as its signer's") {
    const auto chain = rich_chain();
    const auto good = chain.sign("Alith", frame_system::Remark{.remark = {{1, 2, 3}}});
    for (std::size_t i = 0; i < good.size(); ++i) {
        auto bad = good;
        bad[i] ^= 1;
        CHECK_FALSE(chain.check(bad));
    }
}

TEST_CASE("a signature with high s is refused: one transaction has one hash") {
    const auto chain = rich_chain();
    auto transaction = chain::decode_extrinsic(chain.sign("Alith", remark));
    REQUIRE(transaction);
    auto& bytes = transaction->signed_part->signature.value;
    // s -> order - s, v -> 1 - v: the same signature to a lax verifier.
    const auto order =
        chain::array_from_hex<32>("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141").value();
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
        const int digit = order[i] - bytes[32 + i] - borrow;
        borrow = digit < 0 ? 1 : 0;
        bytes[32 + i] = static_cast<std::uint8_t>(digit + 256 * borrow);
    }
    bytes[64] ^= 1;
    check_refused(chain, chain::encode_extrinsic(*transaction), InvalidTransaction::BadProof);
}

TEST_CASE("a used nonce is stale; a later one waits in the pool and not in a block") {
    auto chain = rich_chain();
    const auto first = chain.sign("Alith", remark);
    chain.block({first});
    check_refused(chain, first, InvalidTransaction::Stale);

    const auto later = chain.sign("Alith", remark, {.nonce = 5});
    const auto checked = chain.check(later);
    REQUIRE(checked);
    CHECK(checked->is_future);
    CHECK(checked->account_nonce == 1);
    CHECK(checked->requires_ == std::vector<chain::Bytes>{runtime::nonce_tag(alith, 4)});
    const auto offered = chain.offer(later);
    REQUIRE_FALSE(offered);
    CHECK(chain::is(offered.error(), InvalidTransaction::Future));
    check_refused(chain, chain.sign("Alith", remark, {.nonce = ~std::uint32_t{0}}), InvalidTransaction::Stale);
}

TEST_CASE("who does not exist or cannot pay is refused") {
    const auto chain = rich_chain();
    check_refused(chain, chain.sign("Charleth", remark), InvalidTransaction::Payment);
    check_refused(chain, chain.sign("Alith", remark, {.tip = 1'000 * tph}), InvalidTransaction::Payment);
    check_refused(chain, chain.sign("Alith", remark, {.tip = chain::u128_max}), InvalidTransaction::Payment);
}

TEST_CASE("mortality: anchored at a known block, over in time, never at one that nobody knew") {
    auto chain = rich_chain();
    std::vector<chain::Hash> hashes{chain.genesis()};
    while (chain.number() < 20) hashes.push_back(chain.block({}).hash);

    // The best block's own hash is not in its state; wallets anchor at it all the same.
    const Era at_best = Era::mortal(64, 20);
    const auto checked = chain.check(chain.sign("Alith", remark, {.era = at_best, .birth_block = hashes[20]}));
    REQUIRE(checked);
    CHECK(checked->longevity == 63);
    CHECK(chain.offer(chain.sign("Alith", remark, {.era = at_best, .birth_block = hashes[20]})));

    const Era earlier = Era::mortal(16, 8);
    CHECK(chain.check(chain.sign("Alith", remark, {.era = earlier, .birth_block = hashes[8]})));
    check_refused(chain, chain.sign("Alith", remark, {.era = earlier, .birth_block = hashes[9]}),
                  InvalidTransaction::BadProof);

    // A window that was over and begins anew with another hash: the old signature does not fit it.
    const Era over = Era::mortal(8, 6);
    check_refused(chain, chain.sign("Alith", remark, {.era = over, .birth_block = hashes[6]}),
                  InvalidTransaction::BadProof);
    // A window that begins with the very block being made.
    check_refused(chain, chain.sign("Alith", remark, {.era = Era::mortal(4, 21)}),
                  InvalidTransaction::AncientBirthBlock);
}

TEST_CASE("on top of genesis transactions are checked too") {
    const auto chain = rich_chain();
    CHECK(chain.number() == 0);
    CHECK(chain.check(chain.sign("Alith", remark)));
    CHECK(chain.check(chain.sign("Alith", remark, {.era = Era::mortal(64, 0), .birth_block = chain.genesis()})));
}

TEST_CASE("a metadata hash cannot be checked here, and is refused as Substrate refuses it") {
    const auto chain = rich_chain();
    const auto checked = chain.check(chain.sign("Alith", remark, {.metadata_hash_mode = 1}));
    REQUIRE_FALSE(checked);
    CHECK(checked.error() == chain::ValidityError{chain::Unknown{chain::UnknownTransaction::CannotLookup}});
}

TEST_CASE("nobody signs for the zero account") {
    const auto chain = rich_chain();
    auto transaction = chain::decode_extrinsic(chain.sign("Alith", remark));
    transaction->signed_part->signer = {};
    check_refused(chain, chain::encode_extrinsic(*transaction), InvalidTransaction::BadSigner);
}

TEST_CASE("inherents are the chain's own: neither bare nor signed ones come from outside") {
    const auto chain = rich_chain();
    const timestamp::Set set{.now = {1}};
    check_refused(chain, chain.sign("Alith", set), InvalidTransaction::BadMandatory);
    const auto bare = chain::encode_extrinsic({.signed_part = std::nullopt, .call = frame::to_call(set).encoded});
    const auto checked = chain.check(bare);
    REQUIRE_FALSE(checked);
    CHECK(checked.error() == chain::ValidityError{chain::Unknown{chain::UnknownTransaction::NoUnsignedValidator}});
}

TEST_CASE("bytes that are no transaction are no call") {
    const auto chain = rich_chain();
    check_refused(chain, {}, InvalidTransaction::Call);
    check_refused(chain, {0x84}, InvalidTransaction::Call);
    check_refused(chain, chain.sign_call(dev_key("Alith"), {{0xfe, 0}}, {}), InvalidTransaction::Call);
    check_refused(chain, chain.sign_call(dev_key("Alith"), {{0, 0, 0, 0}}, {}), InvalidTransaction::Call);
}

TEST_CASE("each signature is recovered once, however often the transaction is looked at") {
    auto chain = rich_chain();
    const auto extrinsic = chain.sign("Alith", remark);
    CHECK(chain.signatures_known() == 0);
    REQUIRE(chain.check(extrinsic));
    CHECK(chain.signatures_known() == 1);
    REQUIRE(chain.check(extrinsic));
    chain.block({extrinsic});
    CHECK(chain.signatures_known() == 1);
}

TEST_CASE("a machine's calls cost nothing when they are due, and enter neither pool nor block when they are not") {
    using machines::Undue;
    SignedChain chain{rig_world()};
    const SignedRig rig{chain};

    SECTION("a heartbeat: one for each interval, of this interval, by a machine") {
        check_undue(chain, rig.heartbeat(1), Undue::WrongInterval);
        const auto stranger = chain.sign("Baltathar", machines::AnswerProbe{});
        check_undue(chain, stranger, Undue::UnknownSigner);
        const auto checked = chain.check(rig.heartbeat());
        REQUIRE(checked);
        CHECK(checked->fee == 0);
        const auto block = chain.block({rig.heartbeat()});
        CHECK(block.outcome(1));
        CHECK(block.all<frame_system::ExtrinsicSuccess>(1).at(0).dispatch_info.pays_fee == frame::Pays::No);
        CHECK(chain.free(rig.id()) == 0);
        check_undue(chain, rig.heartbeat(), Undue::HeartbeatSent);
    }
    SECTION("an answer without a question") {
        check_undue(chain, rig.sign(machines::AnswerProbe{}), Undue::NoOpenProbe);
    }
    SECTION("a lease: confirmed or rejected while it starts, reported while it runs a job") {
        check_undue(chain, rig.sign(leases::ConfirmStart{.lease = {0}, .start_proof = {}}), Undue::NoSuchLease);
        chain.block({rig.heartbeat()});
        const leases::Rent order{
            .machine = rig.id(), .slots = 1, .duration_ms = hour_ms, .max_price = 10 * tph, .card_version = 1};
        const auto rented = chain.block({chain.sign("Baltathar", order)});
        REQUIRE(rented.outcome(1));
        const auto lease = rented.all<leases::LeaseOpened>(1).at(0).lease;
        check_undue(chain, rig.sign(leases::ReportExit{.lease = lease}), Undue::LeaseNotActive);
        CHECK(chain.block({rig.sign(leases::ConfirmStart{.lease = lease, .start_proof = {}})}).outcome(1));
        check_undue(chain, rig.sign(leases::ConfirmStart{.lease = lease, .start_proof = {}}), Undue::LeaseNotStarting);
        check_undue(chain, rig.sign(leases::RejectStart{.lease = lease}), Undue::LeaseNotStarting);
        check_undue(chain, rig.sign(leases::ReportExit{.lease = lease}), Undue::NotAJob);
    }
}
