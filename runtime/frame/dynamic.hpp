#pragma once
// SCALE values of any registered type as JSON text, by the metadata that clients use: for explorers, command lines and
// the reference documents.
//
// Numbers of up to 32 bits are JSON numbers, larger ones decimal strings. Accounts are EIP-55, other bytes "0x…". A
// struct is an object, or its only member where that has no name; a case without members is its name, one with members
// {"Name": members}; an absent optional is null.

#include "runtime/frame/metadata.hpp"

namespace metadata {

/// Reads one value of this type from `in`; the text is worth nothing once `in.error()` is set.
std::string to_json(const std::vector<PortableType>& types, TypeId type, scale::Reader& in);

/// The whole input as one value of this type; nothing where it does not decode.
std::optional<std::string> to_json(const std::vector<PortableType>& types, TypeId type, chain::ByteView bytes);

/// How people write the type: "Option<AccountId20>", "Vec<u8>", "Compact<u128>".
std::string type_text(const std::vector<PortableType>& types, TypeId type);

/// A JSON string with its quotes.
std::string json_string(std::string_view text);

}  // namespace metadata
