#include "tests/bench/filled_store.hpp"

#include "chain/base/check.hpp"
#include "chain/crypto/hash.hpp"
#include "chain/crypto/twox.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace bench {
namespace {

/// frame_system::AccountInfo: nonce, consumers, providers, sufficients, then free, reserved, frozen, flags.
chain::Bytes account_value() {
    chain::Bytes value;
    for (const std::uint32_t counter : {0U, 0U, 1U, 0U}) scale::encode(counter, value);
    for (const chain::u128 amount : {chain::tph, chain::u128{0}, chain::u128{0}, chain::u128{1} << 127})
        scale::encode(amount, value);
    return value;
}

}  // namespace

crypto::AccountId filled_account(std::uint64_t i) {
    const chain::Hash hash = crypto::blake2b_256(scale::encode(i));
    crypto::AccountId account;
    std::copy_n(hash.value.begin(), account.value.size(), account.value.begin());
    return account;
}

chain::Bytes account_key(const crypto::AccountId& account) {
    chain::Bytes key;
    chain::append(key, crypto::twox128(std::string_view{"System"}));
    chain::append(key, crypto::twox128(std::string_view{"Account"}));
    chain::append(key, crypto::blake2b_128(account.value));
    chain::append(key, account.value);
    return key;
}

void fill_store(const std::filesystem::path& folder, std::size_t accounts) {
    const pid_t child = ::fork();
    if (child == 0) {
        auto genesis = genesis::load(TEPHRA_SOURCE_DIR "/genesis/dev.json").value();
        const auto value = account_value();
        for (std::size_t i = 0; i < accounts; ++i) genesis.state.entries[account_key(filled_account(i))] = value;
        const auto store = store::Store::open(folder).value();
        const bool done = store->begin(genesis.hash, genesis.block, genesis.state).has_value();
        ::_exit(done ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    chain::check(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
}

}  // namespace bench
