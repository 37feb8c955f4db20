#pragma once
// What a call runs in: the state it may change, on whose behalf, and the events it leaves.

#include "chain/crypto/account.hpp"
#include "chain/state/overlay.hpp"
#include "runtime/frame/dispatch_error.hpp"
#include "runtime/frame/weight.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace frame {

using crypto::AccountId;

/// Nobody signed: inherents.
struct None {
    bool operator==(const None&) const = default;
};
/// The account whose signature the extrinsic carries.
struct Signed {
    AccountId account;
    bool operator==(const Signed&) const = default;
};
/// The chain itself: hooks, and what Sudo runs.
struct Root {
    bool operator==(const Root&) const = default;
};
using Origin = std::variant<None, Signed, Root>;

/// When an event happened. polkadot-sdk's order.
struct ApplyExtrinsic {
    std::uint32_t value{};
    bool operator==(const ApplyExtrinsic&) const = default;
};
struct Finalization {
    bool operator==(const Finalization&) const = default;
};
struct Initialization {
    bool operator==(const Initialization&) const = default;
};
struct Phase {
    std::variant<ApplyExtrinsic, Finalization, Initialization> value;
    static constexpr std::string_view metadata_path = "frame_system::Phase";
    bool operator==(const Phase&) const = default;
};

/// An event as a pallet encoded it: pallet index, event index, members. Clients see the sum of all pallets' events.
struct RuntimeEvent {
    chain::Bytes encoded;
    bool operator==(const RuntimeEvent&) const = default;
    void encode_to(chain::Bytes& out) const { chain::append(out, encoded); }
    /// Finds where the event ends; defined by runtime/appchain, which knows every pallet.
    void decode_from(scale::Reader& in);
};

struct EventRecord {
    Phase phase;
    RuntimeEvent event;
    std::vector<chain::Hash> topics;
    static constexpr std::string_view metadata_path = "frame_system::EventRecord";
    bool operator==(const EventRecord&) const = default;
};

/// The events of one block so far. They reach the state (System.Events) when the block ends.
class EventLog {
public:
    void enter(Phase phase) { phase_ = phase; }
    void add(chain::Bytes encoded) { records_.push_back({phase_, {std::move(encoded)}, {}}); }
    std::size_t size() const { return records_.size(); }
    /// Forgets everything after the first `size` events: their call failed.
    void truncate(std::size_t size) { records_.resize(size); }
    const std::vector<EventRecord>& records() const { return records_; }

private:
    Phase phase_{Initialization{}};
    std::vector<EventRecord> records_;
};

/// The block in which a call runs.
struct BlockInfo {
    std::uint32_t number{};
    chain::Hash parent_hash;
    std::optional<AccountId> author;  ///< the proposer's account; none where the digest names none
};

/// The position of E among the alternatives of V.
template <class E, class V>
consteval std::uint8_t index_in() {
    std::uint8_t found = 0xff;
    reflect::for_each_index<std::variant_size_v<V>>([&](auto i) {
        using Alternative = std::variant_alternative_t<i, V>;
        if constexpr (std::same_as<E, Alternative>) found = scale::variant_index<Alternative, i>();
    });
    return found;
}

struct Context {
    state::Overlay& state;
    EventLog& events;
    const BlockInfo& block;
    Origin origin;
    /// What the call promised to use and did not; the executor gives it back to block and fee.
    Weight unused{};
    /// A call may waive its own fee while it runs; a call that waives nothing keeps what it declared.
    Pays pays = Pays::Yes;

    /// The same place on behalf of somebody else.
    Context on_behalf_of(Origin other) const { return {state, events, block, other}; }

    /// Leaves an event of the pallet in whose namespace E stands.
    template <class E>
    void emit(const E& event) {
        using P = PalletOf<E>;
        constexpr auto index = index_in<E, typename P::Event>();
        static_assert(index != 0xff, "the pallet's Event does not list this type");
        chain::Bytes encoded{P::index, index};
        reflect::for_each_index<reflect::field_count<E>>(
            [&](auto i) { scale::encode(reflect::field<i>(event), encoded); });
        events.add(std::move(encoded));
    }
};

/// The signer, or BadOrigin.
chain::Result<AccountId, DispatchError> ensure_signed(const Context& context);
/// BadOrigin unless the chain itself acts.
DispatchResult ensure_root(const Context& context);
/// BadOrigin unless this is an inherent.
DispatchResult ensure_none(const Context& context);

/// Runs `f(context)` so that it happens wholly or not at all: an error takes back its state changes and its events.
/// Returns f's own Result.
template <class F>
auto with_layer(Context& context, F&& f) {
    const std::size_t events_before = context.events.size();
    context.state.begin();
    auto result = std::forward<F>(f)(context);
    if (result) {
        context.state.commit();
    } else {
        context.state.rollback();
        context.events.truncate(events_before);
    }
    return result;
}

}  // namespace frame
