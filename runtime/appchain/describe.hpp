#pragma once
// What happened, in words: events, errors, calls and stored values as names and JSON, for explorers and command lines.

#include "runtime/frame/dispatch_error.hpp"

#include <optional>
#include <string>
#include <vector>

namespace runtime {

struct EventText {
    std::optional<std::uint32_t> extrinsic;  ///< its index in the block; none for what hooks did
    std::string pallet;                      ///< "Balances"
    std::string name;                        ///< "Transfer"
    std::string fields;                      ///< a JSON object
    std::string doc;
};

/// The value of System.Events. Nothing where the bytes are no events of this runtime.
std::optional<std::vector<EventText>> describe_events(chain::ByteView stored);

struct ErrorText {
    std::string name;  ///< "Balances.InsufficientBalance", "Token.FundsUnavailable", "BadOrigin"
    std::string doc;   ///< a sentence
};

/// Never fails: an error of a pallet that this runtime does not have is named by its numbers.
ErrorText describe_error(const frame::DispatchError& error);

struct CallText {
    std::string pallet;     ///< "Leases"
    std::string name;       ///< "rent"
    std::string arguments;  ///< a JSON object; nested calls are objects too
    std::string doc;
};

/// Nothing where the bytes are no call of this runtime.
std::optional<CallText> describe_call(chain::ByteView encoded);

/// A stored value as JSON: `describe_storage("System", "Number", bytes)`. Nothing for an unknown item or bad bytes.
std::optional<std::string> describe_storage(std::string_view pallet, std::string_view item, chain::ByteView stored);

}  // namespace runtime
