#pragma once
// Amounts of money as people write them.

#include "chain/base/numbers.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace genesis {

/// "1000 TPH" and "0.25 TPH" in whole tokens, "250000" in base units. Nothing for anything else, for more digits behind
/// the point than the token has, and for more than u128.
std::optional<chain::Balance> parse_amount(std::string_view text);

}  // namespace genesis
