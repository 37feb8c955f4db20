// The reference of the metrics follows from their declarations.

#include "tests/support/golden.hpp"
#include "tools/metrics/node_metrics.hpp"

TEST_CASE("golden: metrics reference") {
    tests::check_golden("../../docs/reference/metrics.md", metrics::reference_page());
}
