#include "tools/metrics/bounds.hpp"

#include "tools/metrics/node_metrics.hpp"

#include <algorithm>

namespace metrics {

bool is_declared(std::string_view what) {
    return std::ranges::find(bounded_things, what, &BoundedThing::what) != bounded_things.end();
}

void show(NodeMetrics& metrics, const chain::Bounds& bounds) {
    for (const chain::Bound& bound : bounds) {
        const std::string what{bound.what};
        metrics.held.with({what}).set(static_cast<double>(bound.held));
        metrics.held_max.with({what}).set(static_cast<double>(bound.max));
    }
}

}  // namespace metrics
