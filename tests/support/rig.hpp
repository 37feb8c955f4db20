#pragma once
// A provider's machine in a tests::Chain: its keys, its claims, and the calls that bring it online and keep it there.
//
//   Chain chain{compute_world()};
//   Rig rig{chain, alice};              // registered, probed, online: four GPUs at 10 TPH for a slot-hour
//   const auto lease = rig.rent_started(bob, {.slots = 2});

#include "chain/crypto/signature.hpp"
#include "runtime/pallets/leases/leases.hpp"
#include "runtime/pallets/machines/machines.hpp"
#include "tests/support/chain.hpp"

namespace leases {
struct Rent;
}
namespace machines {
struct RegisterMachine;
}

namespace tests {

inline constexpr std::uint64_t second_ms = 1'000;
inline constexpr std::uint64_t minute_ms = 60 * second_ms;
inline constexpr std::uint64_t hour_ms = 60 * minute_ms;
inline constexpr std::uint64_t day_ms = 24 * hour_ms;

/// May open probes in `compute_world`.
inline const AccountId auditor = account(0xa0d1);

/// alice, bob, carol and dave own a million TPH each; `auditor` is listed.
Chain::World compute_world();

/// What must hold of machines, leases and escrow, asked after every block from now on.
void check_compute_invariants(Chain& chain);

/// A key that every run makes anew from the same number.
crypto::SecretKey key_of(std::uint32_t number);

/// Claims of a machine with so many GPUs; none makes it a Cpu machine with two slots.
machines::Claims claims_with(std::uint8_t gpus);

/// 10 TPH for a slot-hour, one minute to one day, 5 % for a frontend.
machines::CardTerms usual_terms();

/// What a test asks for when it rents; the rest is the machine's present card.
struct Wish {
    std::uint8_t slots = 1;
    std::uint64_t duration_ms = hour_ms;
    std::optional<leases::Workload> workload = {};
    std::optional<AccountId> sponsor = {};
    std::optional<AccountId> frontend = {};
    std::optional<Balance> deposit = {};
};

/// A job that runs to completion.
leases::Workload job();

struct RigOptions {
    std::uint8_t gpus = 4;
    std::uint32_t key_number = 1;
    bool online = true;  ///< otherwise only made, not registered
};

class Rig {
public:
    Rig(Chain& chain, const AccountId& owner, RigOptions options = {});

    /// The registration call as owner and key agree on it now.
    machines::RegisterMachine registration() const;
    Outcome register_machine();
    Outcome open_probe(std::uint8_t seed = 1);
    /// The right answer to the open probe.
    Outcome answer_probe();
    Outcome heartbeat();
    /// Registers, asks, answers, and beats.
    void bring_online();
    /// So much live-clock time with a heartbeat in every interval.
    void live(std::uint64_t ms);

    leases::Rent order(const Wish& wish) const;
    /// Rents, if it may.
    Outcome try_rent(const AccountId& renter, const Wish& wish = {});
    /// Rents; the lease is starting. The rent must succeed.
    leases::LeaseId rent(const AccountId& renter, const Wish& wish = {});
    Outcome confirm(leases::LeaseId lease);
    /// Rents and confirms.
    leases::LeaseId rent_started(const AccountId& renter, const Wish& wish = {});

    machines::Machine machine() const;
    machines::MachineState state() const { return machine().state; }
    const AccountId& id() const { return id_; }
    const AccountId& owner() const { return owner_; }
    const machines::Claims& claims() const { return claims_; }
    const crypto::SecretKey& key() const { return key_; }

private:
    Chain& chain_;
    AccountId owner_;
    crypto::SecretKey key_;
    AccountId id_;
    machines::Claims claims_;
};

/// The record of a lease.
leases::Lease lease_of(const Chain& chain, leases::LeaseId id);

}  // namespace tests
