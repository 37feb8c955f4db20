#include "chain/ledger/known_state.hpp"

#include "chain/codec/scale.hpp"
#include "chain/crypto/twox.hpp"

#include <algorithm>

namespace ledger {
namespace {

chain::Bytes storage_key(std::string_view pallet, std::string_view item) {
    chain::Bytes key;
    chain::append(key, crypto::twox128(pallet));
    chain::append(key, crypto::twox128(item));
    return key;
}

}  // namespace

std::uint64_t timestamp_in(const state::StateView& state) {
    static const chain::Bytes key = storage_key("Timestamp", "Now");
    const auto bytes = state.get(key);
    return bytes ? scale::decode<std::uint64_t>(*bytes).value_or(0) : 0;
}

std::vector<crypto::AccountId> touched_accounts(const state::StateDiff& diff) {
    static const chain::Bytes prefix = storage_key("System", "Account");
    constexpr std::size_t hash_bytes = 16;  // Blake2_128Concat: the account stands behind its hash
    std::vector<crypto::AccountId> out;
    for (auto at = diff.lower_bound(prefix); at != diff.end(); ++at) {
        const chain::Bytes& key = at->first;
        if (!std::equal(prefix.begin(), prefix.end(), key.begin(), key.begin() + std::min(prefix.size(), key.size())))
            break;
        crypto::AccountId account;
        if (key.size() != prefix.size() + hash_bytes + account.value.size()) continue;
        std::copy_n(key.end() - static_cast<std::ptrdiff_t>(account.value.size()), account.value.size(),
                    account.value.begin());
        out.push_back(account);
    }
    return out;
}

}  // namespace ledger
