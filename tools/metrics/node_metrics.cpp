#include "tools/metrics/node_metrics.hpp"

namespace metrics {

std::string reference_page() {
    Registry registry;
    const NodeMetrics declared{registry};
    return reference_page(declared.registry.describe());
}

}  // namespace metrics
