#pragma once
// Why a call failed, in the encoding that Substrate clients read. A pallet's own error becomes {pallet index, error}.

#include "chain/base/result.hpp"
#include "chain/codec/scale.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

namespace frame {

/// An error of one pallet: which pallet, and its error in the first of four bytes.
struct ModuleError {
    std::uint8_t index{};
    std::array<std::uint8_t, 4> error{};

    static constexpr std::string_view metadata_path = "sp_runtime::ModuleError";
    bool operator==(const ModuleError&) const = default;
};

/// What can go wrong with a balance. polkadot-sdk's order.
enum class TokenError : std::uint8_t {
    FundsUnavailable,
    OnlyProvider,
    BelowMinimum,
    CannotCreate,
    UnknownAsset,
    Frozen,
    Unsupported,
    CannotCreateHold,
    NotExpendable,
    Blocked,
};
constexpr std::string_view metadata_path(TokenError) { return "sp_runtime::TokenError"; }

enum class ArithmeticError : std::uint8_t { Underflow, Overflow, DivisionByZero };
constexpr std::string_view metadata_path(ArithmeticError) { return "sp_arithmetic::ArithmeticError"; }

enum class TransactionalError : std::uint8_t { LimitReached, NoLayer };
constexpr std::string_view metadata_path(TransactionalError) { return "sp_runtime::TransactionalError"; }

enum class TrieError : std::uint8_t {
    InvalidStateRoot,
    IncompleteDatabase,
    ValueAtIncompleteKey,
    DecoderError,
    InvalidHash,
    DuplicateKey,
    ExtraneousNode,
    ExtraneousValue,
    ExtraneousHashReference,
    InvalidChildReference,
    ValueMismatch,
    IncompleteProof,
    RootMismatch,
    DecodeError,
};
constexpr std::string_view metadata_path(TrieError) { return "sp_runtime::proving_trie::TrieError"; }

/// The alternatives of DispatchError; the order is the encoding.
namespace failure {
struct Other {
    auto operator<=>(const Other&) const = default;
};
struct CannotLookup {
    auto operator<=>(const CannotLookup&) const = default;
};
struct BadOrigin {
    auto operator<=>(const BadOrigin&) const = default;
};
struct Module {
    ModuleError value;
    bool operator==(const Module&) const = default;
};
struct ConsumerRemaining {
    auto operator<=>(const ConsumerRemaining&) const = default;
};
struct NoProviders {
    auto operator<=>(const NoProviders&) const = default;
};
struct TooManyConsumers {
    auto operator<=>(const TooManyConsumers&) const = default;
};
struct Token {
    TokenError value{};
    bool operator==(const Token&) const = default;
};
struct Arithmetic {
    ArithmeticError value{};
    bool operator==(const Arithmetic&) const = default;
};
struct Transactional {
    TransactionalError value{};
    bool operator==(const Transactional&) const = default;
};
struct Exhausted {
    auto operator<=>(const Exhausted&) const = default;
};
struct Corruption {
    auto operator<=>(const Corruption&) const = default;
};
struct Unavailable {
    auto operator<=>(const Unavailable&) const = default;
};
struct RootNotAllowed {
    auto operator<=>(const RootNotAllowed&) const = default;
};
struct Trie {
    TrieError value{};
    bool operator==(const Trie&) const = default;
};
}  // namespace failure

/// The pallet that an error, event or call of a namespace belongs to, or the seat of one. The namespace says it with
/// one line: `template <class T> Pallet pallet_of(const T&);`
template <class T>
using PalletOf = decltype(pallet_of(std::declval<const T&>()));

template <class E>
concept PalletError = reflect::Enum<E> && requires { pallet_of(std::declval<const E&>()); };

/// Why a call failed. A pallet writes `return std::unexpected{Error::NotOwner};` and this carries it.
struct DispatchError {
    using Value = std::variant<failure::Other, failure::CannotLookup, failure::BadOrigin, failure::Module,
                               failure::ConsumerRemaining, failure::NoProviders, failure::TooManyConsumers,
                               failure::Token, failure::Arithmetic, failure::Transactional, failure::Exhausted,
                               failure::Corruption, failure::Unavailable, failure::RootNotAllowed, failure::Trie>;
    Value value;

    static constexpr std::string_view metadata_path = "sp_runtime::DispatchError";
    using metadata_shape = Value;

    DispatchError() = default;
    DispatchError(Value from) : value(from) {}
    DispatchError(TokenError error) : value(failure::Token{error}) {}
    DispatchError(ArithmeticError error) : value(failure::Arithmetic{error}) {}
    DispatchError(TransactionalError error) : value(failure::Transactional{error}) {}
    template <PalletError E>
    DispatchError(E error)
        : value(failure::Module{{PalletOf<E>::index, {static_cast<std::uint8_t>(error), 0, 0, 0}}}) {}
    /// One of the alternatives without data: `DispatchError{failure::BadOrigin{}}`.
    template <class F>
        requires(!PalletError<F> && std::constructible_from<Value, F>)
    DispatchError(F alternative) : value(alternative) {}

    bool operator==(const DispatchError& other) const;

    void encode_to(chain::Bytes& out) const;
    void decode_from(scale::Reader& in);
};

using DispatchResult = chain::Result<void, DispatchError>;

/// How a call ended, as a member of an event. Clients see Result<(), DispatchError>.
struct DispatchOutcome {
    DispatchResult value;

    using metadata_shape = DispatchResult;
    bool operator==(const DispatchOutcome&) const = default;
    void encode_to(chain::Bytes& out) const;
    void decode_from(scale::Reader& in);
};

}  // namespace frame
