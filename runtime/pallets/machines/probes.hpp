#pragma once
// Calls that ask a machine for proof and answer. The machine's is free, but only when due.

#include "runtime/pallets/machines/machines.hpp"
#include "runtime/pallets/machines/weights.hpp"

namespace machines {

struct OpenProbe {
    static constexpr std::uint8_t index = 11;
    static constexpr auto doc = "An auditor asks a machine that is not proven; the right answer brings it online.";
    static constexpr frame::Weight weight = weights::probe;

    AccountId machine;
    Hash seed;

    DispatchResult operator()(Context& context) const;
};

struct AnswerProbe {
    static constexpr std::uint8_t index = 10;
    static constexpr auto doc =
        "Answer the open probe: what follows from its seed, the machine and what it finds in itself.";
    static constexpr frame::Weight weight = weights::probe;
    static constexpr auto dispatch_class = frame::DispatchClass::Operational;
    static constexpr auto pays = frame::Pays::No;

    Hash answer;

    chain::Result<void, frame::NotDue> check_due(const state::StateView& state, const AccountId& signer) const;
    DispatchResult operator()(Context& context) const;
};

}  // namespace machines
