#pragma once
// Validators: who agrees on blocks, and who proposed the one being executed. Genesis writes the set.

#include "chain/block/digest.hpp"
#include "runtime/frame/pallet.hpp"

namespace validators {

inline constexpr std::string_view name = "Validators";
inline constexpr std::uint8_t index = 6;

struct Pallet;
template <class T>
Pallet pallet_of(const T&);

using frame::AccountId;

/// One validator. Its place in the list is its number in votes, certificates and digests.
struct Authority {
    AccountId account;                           ///< receives fees and tips of the blocks that it proposes
    std::array<std::uint8_t, 32> consensus_key;  ///< Ed25519, signs votes
    std::uint64_t weight{};                      ///< its share of the votes
    bool operator==(const Authority&) const = default;
};

/// More than this are refused at genesis: certificates name voters by a bit each.
inline constexpr std::uint32_t max_authorities = 1'024;

struct Constants {
    frame::Constant<std::uint32_t> max_authorities{validators::max_authorities, "Most validators of one set."};
};
inline constexpr Constants constants;

struct Storage {
    frame::Value<std::vector<Authority>> authorities{
        "The validators, in the order by which votes and digests name them."};
};
inline constexpr Storage storage = frame::declare_storage<Storage>(name);

struct Pallet {
    static constexpr auto name = validators::name;
    static constexpr auto index = validators::index;
    static constexpr auto doc = "The validator set.";
    using Constants = validators::Constants;
    using Storage = validators::Storage;
    static constexpr const auto& storage = validators::storage;
    using Error = frame::NoError;
    using Event = std::variant<>;
    using Call = std::variant<>;
};

/// The account of the validator that the digest names as proposer. Nothing for a digest without a consensus item or
/// with a proposer outside of the set.
std::optional<AccountId> author_of(const state::StateView& state, const chain::Digest& digest);

}  // namespace validators
