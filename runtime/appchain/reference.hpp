#pragma once
// The reference documents, written from the declarations themselves: what metadata tells a client, told to a person.

#include <string>

namespace runtime {

/// docs/reference/runtime.md: each pallet's calls, storage, events, errors and constants; runtime APIs; signed
/// extensions.
std::string runtime_reference();

/// docs/reference/constants.md: the numbers that must not change by accident, in one table: names and versions, indices
/// of pallets, calls and events, limits, prices, ports.
std::string constants_reference();

}  // namespace runtime
