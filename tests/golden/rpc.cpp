// The reference of the JSON-RPC methods follows from their declarations.

#include "rpc/schema/all.hpp"
#include "tests/support/golden.hpp"

TEST_CASE("golden: JSON-RPC reference") {
    tests::check_golden("../../docs/reference/rpc.md", rpc::reference_page(rpc::all_methods()));
}
