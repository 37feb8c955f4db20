#pragma once
// A state with accounts, and the rules that must hold in it after every move of money.

#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/system/accounts.hpp"

#include <catch2/catch.hpp>

namespace balances::sample {

inline constexpr Balance ed = constants.existential_deposit.value;

inline AccountId account(std::uint8_t n) {
    AccountId out{};
    out.value[0] = n;
    return out;
}
inline const AccountId alith = account(1);
inline const AccountId baltathar = account(2);
inline const AccountId nobody = account(9);

/// The bytes under which an event stands in System.Events.
template <class E>
chain::Bytes encoded(const E& event) {
    chain::Bytes out{frame::PalletOf<E>::index, frame::index_in<E, typename frame::PalletOf<E>::Event>()};
    reflect::for_each_index<reflect::field_count<E>>([&](auto i) { scale::encode(reflect::field<i>(event), out); });
    return out;
}

using Events = std::vector<chain::Bytes>;

class World {
public:
    explicit World(const std::vector<std::pair<AccountId, Balance>>& accounts = {{alith, 100 * ed},
                                                                                 {baltathar, 100 * ed}}) {
        for (const auto& [who, amount] : accounts) endow_at_genesis(state, who, amount);
        genesis_ = total_issuance(state);
    }

    frame::Context context(frame::Origin origin = frame::Root{}) { return {state, events, block, origin}; }
    frame::Context as(const AccountId& who) { return context(frame::Signed{who}); }

    /// Runs a call as the executor does: wholly or not at all.
    template <class Call>
    DispatchResult apply(frame::Origin origin, const Call& call) {
        frame::Context outer = context(origin);
        return frame::with_layer(outer, [&](frame::Context& layer) { return call(layer); });
    }

    /// What happened since the last time that somebody asked.
    Events take_events() {
        std::vector<chain::Bytes> out;
        for (const auto& record : events.records()) out.push_back(record.event.encoded);
        events.truncate(0);
        return out;
    }

    Balance free(const AccountId& who) const { return free_balance(state, who); }
    frame_system::AccountInfo info(const AccountId& who) const { return frame_system::account(state, who); }

    /// The rules of balances.hpp, over the whole state.
    void check_invariants() const {
        Balance sum = 0;
        frame_system::storage.account.for_each(state, 1'000, [&](const AccountId& who, const auto& info) {
            sum += info.data.free + info.data.reserved;
            Balance holds = 0;
            for (const Hold& hold : storage.holds.get(state, who)) {
                CHECK(hold.amount != 0);
                holds += hold.amount;
            }
            CHECK(holds == info.data.reserved);
            CHECK(info.providers + info.sufficients > 0);
            CHECK((info.providers > 0) == (info.data.free >= ed));
            CHECK(info.consumers == (info.data.reserved != 0 ? 1 : 0));
            CHECK((info.data.free == 0 || info.data.free >= ed));
        });
        CHECK(sum == total_issuance(state));
        CHECK(sum == genesis_ + storage.total_minted.get(state) - storage.total_burned.get(state));
    }

    state::MapState below;
    state::Overlay state{below};
    frame::EventLog events;
    frame::BlockInfo block;

private:
    Balance genesis_ = 0;
};

}  // namespace balances::sample
