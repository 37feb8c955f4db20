#pragma once
// A table of what no call accepts: for each call of a pallet, arguments of zero, at their most, beyond what can be
// counted, somebody else's, and the same call once more. Every row gets its own error and changes nothing.
//
//   Refusals table{chain};
//   table.row(With::Foreign, bob, machines::Freeze{rig.id()}, Error::NotOwner);
//   table.repeated(alice, machines::Freeze{rig.id()}, Error::AlreadyFrozen);
//   table.none<machines::Freeze>(With::Overflow, "it takes no amount");
//   table.is_complete<machines::Pallet>();

#include "tests/support/chain.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

namespace tests {

enum class With : std::uint8_t {
    Zero,      ///< an argument of zero or nothing
    Maximum,   ///< an argument at the end of its type
    Overflow,  ///< an amount or a time that sums or products cannot hold, or that nobody owns
    Foreign,   ///< somebody else's machine, lease, key or right
    Replay,    ///< the same call a second time
};

class Refusals {
public:
    explicit Refusals(Chain& chain) : chain_(chain) {}

    /// The signer's call gets this error, and the state is as before to the last byte. A call that is free only when
    /// due is not due either, so that no pool takes it.
    template <class C, class E>
    void row(With with, const AccountId& signer, const C& call, const E& error) {
        INFO(name_of<C>() << " with " << name_of(with));
        check<C>(with, [&] { return chain_.apply(signer, call); }, error);
        if constexpr (frame::FreeWhenDue<C>) CHECK_FALSE(call.check_due(chain_.state(), signer).has_value());
    }
    /// The same for a call of root.
    template <class C, class E>
    void row_of_root(With with, const C& call, const E& error) {
        INFO(name_of<C>() << " with " << name_of(with));
        check<C>(with, [&] { return chain_.as_root(call); }, error);
    }
    /// The call goes well once and is refused the second time.
    template <class C, class E>
    void repeated(const AccountId& signer, const C& call, const E& error) {
        INFO(name_of<C>() << " the first time");
        REQUIRE(chain_.apply(signer, call).ok());
        row(With::Replay, signer, call, error);
    }
    template <class C, class E>
    void repeated_by_root(const C& call, const E& error) {
        INFO(name_of<C>() << " the first time");
        REQUIRE(chain_.as_root(call).ok());
        row_of_root(With::Replay, call, error);
    }
    /// This call has no such argument, or a right to it.
    template <class C>
    void none(With with, std::string_view) {
        tried_[C::index].insert(with);
    }

    /// Every call of the pallet has a row, or a reason for none, under each heading; each call asks for its origin.
    template <class P>
    void is_complete() const {
        reflect::for_each_index<std::variant_size_v<typename P::Call>>([&](auto i) {
            using C = std::variant_alternative_t<i, typename P::Call>;
            for (const With with : {With::Zero, With::Maximum, With::Overflow, With::Foreign, With::Replay}) {
                INFO(name_of<C>() << " was not tried with " << name_of(with));
                const auto tried = tried_.find(C::index);
                CHECK((tried != tried_.end() && tried->second.contains(with)));
            }
            INFO(name_of<C>() << " without an origin");
            const auto before = chain_.fingerprint();
            CHECK(chain_.unsigned_call(C{}) == frame::failure::BadOrigin{});
            CHECK(chain_.fingerprint() == before);
        });
    }

private:
    template <class C, class E>
    void check(With with, const auto& send, const E& error) {
        const auto before = chain_.fingerprint();
        const Outcome outcome = send();
        CHECK(outcome == error);
        CHECK(outcome.events.empty());
        CHECK(chain_.fingerprint() == before);
        tried_[C::index].insert(with);
    }

    template <class C>
    static std::string name_of() {
        return std::string{reflect::type_name<C>};
    }
    static std::string_view name_of(With with) {
        constexpr std::string_view names[] = {"zero", "the maximum", "an overflow", "what is foreign", "a replay"};
        return names[static_cast<std::size_t>(with)];
    }

    Chain& chain_;
    std::map<std::uint8_t, std::set<With>> tried_;
};

}  // namespace tests
