#include "tools/cli/quotes.hpp"

#include "tools/cli/support/quantity.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace cli {

using chain::fault;

namespace {

constexpr std::size_t quotes_max = 4'096;

}  // namespace

void add_order_options(CLI::App& command, OrderOptions& options) {
    command.add_option("--slots", options.slots, "Slots of one machine; with GPUs, one slot is one GPU")
        ->capture_default_str()
        ->check(CLI::Range(1, 16));
    command.add_option("--time", options.time, "For how long at most, such as 30m or 2h")->capture_default_str();
    auto* gpu = command.add_flag("--gpu", options.gpu, "Machines with GPUs only");
    command.add_flag("--no-gpu", options.no_gpu, "Machines without GPUs only")->excludes(gpu);
    command.add_option("--gpu-memory", options.gpu_memory, "At least so much memory on each GPU, such as 24G");
    command.add_option("--machine-memory", options.memory, "At least so much main memory on the machine");
    command.add_option("--region", options.region, "Where the machine claims to be");
    command.add_option("--max-price", options.max_price, "Most TPH for one slot and hour");
}

Result<leases::Order> order_from(const OrderOptions& options) {
    leases::Order order{.slots = options.slots};
    TRY(order.duration_ms, named("--time", parse_duration(options.time)));
    if (options.gpu) order.device_class = machines::DeviceClass::Gpu;
    if (options.no_gpu) order.device_class = machines::DeviceClass::Cpu;
    if (!options.gpu_memory.empty()) {
        TRY(order.gpu_memory_bytes_min, named("--gpu-memory", parse_size(options.gpu_memory)));
    }
    if (!options.memory.empty()) {
        TRY(order.memory_bytes_min, named("--machine-memory", parse_size(options.memory)));
    }
    if (!options.region.empty()) order.region = machines::Label{options.region};
    if (!options.max_price.empty()) {
        TRY(order.max_price, named("--max-price", parse_amount(options.max_price)));
    }
    return order;
}

Result<std::vector<leases::Quote>> ask_quotes(Session& session, const leases::Order& order) {
    TRY(Chain* const chain, session.chain());
    std::vector<leases::Quote> out;
    std::optional<crypto::AccountId> after;
    do {
        chain::Bytes arguments;
        scale::encode(order, arguments);
        scale::encode(after, arguments);
        scale::encode(leases::quote_page_max, arguments);
        TRY(const auto answer, chain->runtime_call("ComputeApi_quote", arguments));
        auto page = scale::decode<leases::QuotePage>(answer);
        if (!page)
            return fault("the node's quotes are not of this version of the runtime: use the node's own `tephra`");
        out.insert(out.end(), page->quotes.begin(), page->quotes.end());
        after = page->next;
    } while (after && out.size() < quotes_max);
    std::ranges::stable_sort(out, [](const leases::Quote& a, const leases::Quote& b) {
        if (a.offer.has_value() != b.offer.has_value()) return a.offer.has_value();
        return a.offer && a.offer->slot_hour < b.offer->slot_hour;
    });
    return out;
}

}  // namespace cli
