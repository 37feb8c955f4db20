#pragma once
// A chain for pallet tests: set the world, make calls, state the whole outcome.
//
//   Chain chain{{.accounts = {{alice, 100 * tph}, {bob, 100 * tph}}}};
//   const auto job = chain.apply(alice, jobs::Submit{.image = "ubuntu"}).event<jobs::Submitted>().job;
//   CHECK(chain.apply(bob, jobs::Cancel{job}) == jobs::Error::NotOwner);
//   CHECK(chain.events().empty());
//
// Calls run as the executor runs them (encoded, decoded, in a layer), without signature and fee; the runtime's hooks
// run around every block. tests/support/blocks/signed_chain.hpp has whole blocks of signed extrinsics.

#include "runtime/frame/call.hpp"
#include "runtime/pallets/system/system.hpp"
#include "tests/support/accounts.hpp"
#include "tests/support/invariants.hpp"

#include <memory>

namespace tests {

using chain::Balance;
using chain::tph;

/// How a call ended, and the events that it left.
struct Outcome {
    frame::DispatchResult result;
    std::vector<frame::RuntimeEvent> events;

    bool ok() const { return result.has_value(); }
    /// Compares with a pallet's error, a TokenError, failure::BadOrigin{}, … or any DispatchError.
    template <class E>
        requires std::constructible_from<frame::DispatchError, E>
    bool operator==(const E& error) const {
        return !result && result.error() == frame::DispatchError{error};
    }

    /// All events of this type, in order.
    template <class E>
    std::vector<E> all() const {
        return events_of<E>(events);
    }
    /// The only event of this type; a test that asks for a missing or a repeated one is wrong.
    template <class E>
    E event() const {
        auto found = all<E>();
        chain::check(found.size() == 1);
        return found.front();
    }
    template <class E>
    bool has() const {
        return !all<E>().empty();
    }

    template <class E>
    static std::vector<E> events_of(const std::vector<frame::RuntimeEvent>& from) {
        using P = frame::PalletOf<E>;
        constexpr auto index = frame::index_in<E, typename P::Event>();
        std::vector<E> found;
        for (const auto& event : from) {
            const chain::ByteView bytes = event.encoded;
            if (bytes.size() >= 2 && bytes[0] == P::index && bytes[1] == index) {
                auto decoded = scale::decode<E>(bytes.subspan(2));
                chain::check(decoded.has_value());
                found.push_back(*std::move(decoded));
            }
        }
        return found;
    }
};

class Chain {
public:
    struct World {
        std::vector<std::pair<AccountId, Balance>> accounts;
        std::uint64_t time_ms = 1'800'000'000'000;          ///< of the first block
        std::function<void(state::Overlay&)> genesis = {};  ///< writes what else the test's genesis holds
    };
    /// Stands inside block 1, whose author is `author`; `sudo_key` is sudo and owns nothing.
    explicit Chain(const World& world);
    Chain();
    Chain(const Chain&) = delete;
    Chain& operator=(const Chain&) = delete;
    ~Chain();

    // ---- calls: inside the open block

    template <class C>
    Outcome apply(const AccountId& signer, const C& call) {
        return dispatch(frame::Signed{signer}, frame::to_call(call));
    }
    template <class C>
    Outcome as_root(const C& call) {
        return dispatch(frame::Root{}, frame::to_call(call));
    }
    template <class C>
    Outcome unsigned_call(const C& call) {
        return dispatch(frame::None{}, frame::to_call(call));
    }
    Outcome dispatch(frame::Origin origin, const frame::Call& call);
    /// Runs a pallet's function, `chain.run([&](frame::Context& c) { return balances::hold(c, …); })`, as a call would.
    Outcome run(const std::function<frame::DispatchResult(frame::Context&)>& function);

    // ---- time

    /// Ends the open block and opens the next, `ms` later. The live clock follows by at most 10 s.
    void next_block(std::uint64_t ms = 1'000);
    /// Blocks of at most `step_ms` until the live clock has advanced by `ms`.
    void advance(std::uint64_t ms, std::uint64_t step_ms = 10'000);
    std::uint64_t now_ms() const;
    std::uint64_t live_ms() const;
    std::uint32_t number() const;

    // ---- looking

    /// The state inside the open block.
    const state::StateView& state() const;
    /// For a test that must put the state where no call leads.
    state::Overlay& state_for_writing();
    /// Events of the last call, or of the hooks since (`next_block`, `advance`); oldest first.
    const std::vector<frame::RuntimeEvent>& events() const;
    template <class E>
    std::vector<E> all() const {
        return Outcome::events_of<E>(events());
    }
    Balance free(const AccountId& who) const;
    /// A digest of everything stored, for "and nothing changed".
    chain::Hash fingerprint() const;

    // ---- invariants

    /// `standard_invariants` and these are asked after every block; a broken one fails the test.
    void check_after_each_block(Invariant invariant);
    /// Asks them now.
    void check_invariants() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// The genesis of a world: `:code`, the accounts, `sudo_key`, the one validator `author`, and what the world adds.
void write_genesis(state::Overlay& state, const Chain::World& world);

}  // namespace tests
