// tephra-reference: prints what the declarations of runtime and JSON-RPC say, for docs/reference and for tools that
// read metadata.

#include "rpc/schema/all.hpp"
#include "runtime/appchain/reference.hpp"
#include "runtime/appchain/runtime_metadata.hpp"
#include "tools/metrics/node_metrics.hpp"

#include <fmt/core.h>

#include <string_view>

namespace {

constexpr std::string_view usage =
    "usage: tephra-reference WHAT\n"
    "  runtime      every pallet's calls, storage, events, errors and constants (docs/reference/runtime.md)\n"
    "  rpc          every JSON-RPC method (docs/reference/rpc.md)\n"
    "  constants    the numbers that must not change by accident (docs/reference/constants.md)\n"
    "  metrics      every metric of a node (docs/reference/metrics.md)\n"
    "  metadata-14  the runtime's metadata, version 14, in hexadecimal\n"
    "  metadata-15  the runtime's metadata, version 15, in hexadecimal\n"
    "example: tephra-reference metadata-15 > metadata.hex\n";

}  // namespace

int main(int count, char** arguments) {
    const std::string_view what = count == 2 ? arguments[1] : "";
    if (what == "runtime") fmt::print("{}", runtime::runtime_reference());
    else if (what == "rpc") fmt::print("{}", rpc::reference_page(rpc::all_methods()));
    else if (what == "constants") fmt::print("{}", runtime::constants_reference());
    else if (what == "metrics") fmt::print("{}", metrics::reference_page());
    else if (what == "metadata-14") fmt::print("{}\n", chain::to_hex(runtime::metadata_v14()));
    else if (what == "metadata-15") fmt::print("{}\n", chain::to_hex(runtime::metadata_v15()));
    else {
        fmt::print(stderr, "{}", usage);
        return what == "--help" || what == "-h" ? 0 : 2;
    }
    return 0;
}
