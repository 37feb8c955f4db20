#pragma once
// A provider's machine in a tests::SignedChain: its calls are whole signed extrinsics, as a worker sends them.
//
//   SignedChain chain{rig_world()};
//   SignedRig rig{chain};                     // Alith's, registered and proven
//   chain.block({rig.heartbeat()});

#include "tests/support/blocks/signed_chain.hpp"

namespace tests {

/// Alith, Baltathar and Faith own a hundred thousand TPH each; Faith may open probes.
Chain::World rig_world();

class SignedRig {
public:
    explicit SignedRig(SignedChain& chain);

    const AccountId& id() const { return id_; }
    const crypto::SecretKey& key() const { return key_; }
    /// A call signed by the machine's key.
    template <class C>
    chain::Bytes sign(const C& call, const Bend& bend = {}) const {
        return chain_.sign_call(key_, frame::to_call(call), bend);
    }
    /// The heartbeat of the interval `ahead` of the present one.
    chain::Bytes heartbeat(std::uint64_t ahead = 0, const Bend& bend = {}) const;

private:
    SignedChain& chain_;
    crypto::SecretKey key_;
    AccountId id_;
};

}  // namespace tests
