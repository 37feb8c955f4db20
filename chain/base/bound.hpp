#pragma once
// Everything that grows has a bound. Whoever owns such a thing says how full it is, so that the metric of a bound and
// the bound itself cannot come apart.

#include <cstdint>
#include <string_view>
#include <vector>

namespace chain {

struct Bound {
    std::string_view what;  ///< a name of tools/metrics/bounds.hpp
    std::uint64_t held = 0;
    std::uint64_t max = 0;
};
using Bounds = std::vector<Bound>;

}  // namespace chain
