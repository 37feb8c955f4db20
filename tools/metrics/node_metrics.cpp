#include "tools/metrics/node_metrics.hpp"

#include "tools/metrics/bounds.hpp"

namespace metrics {

std::string reference_page() {
    Registry registry;
    const NodeMetrics declared{registry};
    std::string out = reference_page(declared.registry.describe());
    out +=
        "\n## Bounds\n\nEverything that grows has a bound: `tephra_held{what=…}` beside "
        "`tephra_held_max{what=…}`.\n\n| what | holds | beyond the bound |\n| --- | --- | --- |\n";
    for (const BoundedThing& thing : bounded_things)
        out += "| `" + std::string{thing.what} + "` | " + std::string{thing.holds} + " | " + std::string{thing.beyond} +
               " |\n";
    return out;
}

}  // namespace metrics
