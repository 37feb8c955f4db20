#include "runtime/pallets/sudo/sudo.hpp"

#include "runtime/pallets/balances/calls.hpp"
#include "tests/support/chain.hpp"

#include <catch2/catch.hpp>

using namespace tests;

namespace {

frame::Call set_balance(const AccountId& who, Balance amount) {
    return frame::to_call(balances::ForceSetBalance{.who = who, .new_free = {amount}});
}

}  // namespace

TEST_CASE("the sudo key acts as root and its event says how the call ended") {
    Chain chain{{.accounts = {{alice, 1 * tph}}}};
    const auto outcome = chain.apply(sudo_key, sudo::Sudo{.call = set_balance(alice, 5 * tph)});
    REQUIRE(outcome.ok());
    CHECK(outcome.event<sudo::Sudid>().sudo_result.value.has_value());
    CHECK(chain.free(alice) == 5 * tph);
}

TEST_CASE("a call that fails under sudo is reported inside the event and changes nothing") {
    Chain chain{{.accounts = {{alice, 1 * tph}}}};
    const auto before = chain.fingerprint();
    const auto call = frame::to_call(balances::TransferKeepAlive{.dest = alice, .value = {1 * tph}});
    const auto outcome = chain.apply(sudo_key, sudo::Sudo{.call = call});
    REQUIRE(outcome.ok());
    const auto sudid = outcome.event<sudo::Sudid>();
    REQUIRE_FALSE(sudid.sudo_result.value);
    CHECK(sudid.sudo_result.value.error() == frame::failure::BadOrigin{});  // root is not a signer
    CHECK(chain.fingerprint() == before);
}

TEST_CASE("sudo_as acts for another account") {
    Chain chain{{.accounts = {{alice, 9 * tph}, {bob, 1 * tph}}}};
    const auto call = frame::to_call(balances::TransferKeepAlive{.dest = bob, .value = {2 * tph}});
    REQUIRE(chain.apply(sudo_key, sudo::SudoAs{.who = alice, .call = call}).has<sudo::SudoAsDone>());
    CHECK(chain.free(bob) == 3 * tph);
}

TEST_CASE("strangers, the chain's inherents and root itself cannot use the sudo key") {
    Chain chain{{.accounts = {{alice, 1 * tph}}}};
    const auto before = chain.fingerprint();
    CHECK(chain.apply(alice, sudo::Sudo{.call = set_balance(alice, 5 * tph)}) == sudo::Error::RequireSudo);
    CHECK(chain.apply(alice, sudo::SudoAs{.who = bob, .call = set_balance(alice, 5 * tph)}) ==
          sudo::Error::RequireSudo);
    CHECK(chain.apply(alice, sudo::SetKey{.new_ = alice}) == sudo::Error::RequireSudo);
    CHECK(chain.apply(alice, sudo::RemoveKey{}) == sudo::Error::RequireSudo);
    CHECK(chain.unsigned_call(sudo::Sudo{.call = set_balance(alice, 5 * tph)}) == frame::failure::BadOrigin{});
    CHECK(chain.as_root(sudo::Sudo{.call = set_balance(alice, 5 * tph)}) == frame::failure::BadOrigin{});
    CHECK(chain.fingerprint() == before);
}

TEST_CASE("the key changes hands and can be given up for good") {
    Chain chain{{.accounts = {{alice, 1 * tph}}}};
    const auto changed = chain.apply(sudo_key, sudo::SetKey{.new_ = alice}).event<sudo::KeyChanged>();
    CHECK(changed.old == sudo_key);
    CHECK(changed.new_ == alice);
    CHECK(chain.apply(sudo_key, sudo::RemoveKey{}) == sudo::Error::RequireSudo);
    CHECK(chain.apply(alice, sudo::RemoveKey{}).has<sudo::KeyRemoved>());
    CHECK(chain.apply(alice, sudo::SetKey{.new_ = alice}) == sudo::Error::RequireSudo);
}
