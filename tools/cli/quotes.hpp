#pragma once
// Orders from options, and the runtime's quotes for them.

#include "runtime/pallets/leases/quote.hpp"
#include "tools/cli/session.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cli {

struct OrderOptions {
    std::uint8_t slots = 1;
    std::string time = "1h";
    bool gpu = false;
    bool no_gpu = false;
    std::string gpu_memory;
    std::string memory;
    std::string region;
    std::string max_price;
};

/// Adds --slots, --time and the filters.
void add_order_options(CLI::App& command, OrderOptions& options);
Result<leases::Order> order_from(const OrderOptions& options);
/// Every page of ComputeApi_quote, cheapest offers first, refusals last.
Result<std::vector<leases::Quote>> ask_quotes(Session& session, const leases::Order& order);

}  // namespace cli
