// tephra quote: who would take an order, at what price, and for the others why not.

#include "runtime/pallets/leases/quote.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/quotes.hpp"
#include "tools/cli/support/quantity.hpp"
#include "tools/cli/support/table.hpp"
#include "tools/cli/words.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace cli {

namespace {

std::string reasons_of(const leases::Quote& quote) {
    std::string out;
    for (const auto reason : quote.why_not) out += (out.empty() ? "" : ", ") + word(reason);
    return out;
}

boost::json::value as_json(const leases::Quote& quote) {
    boost::json::object out{{"machine", crypto::to_string(quote.machine)},
                            {"class", word(quote.device_class)},
                            {"free_slots", quote.free_slots},
                            {"takes_it", quote.offer.has_value()}};
    if (quote.offer) {
        out["card_version"] = quote.offer->card_version;
        out["slot_hour"] = chain::to_decimal(quote.offer->slot_hour);
        out["deposit"] = chain::to_decimal(quote.offer->deposit);
        out["burn_ppm"] = quote.offer->burn_ppm;
        out["score"] = quote.offer->score;
    }
    boost::json::array why;
    for (const auto reason : quote.why_not) why.emplace_back(word(reason));
    out["why_not"] = why;
    return out;
}

Result<void> quote(Session& session, const OrderOptions& options) {
    TRY(const leases::Order order, order_from(options));
    TRY(const auto quotes, ask_quotes(session, order));
    if (session.globals.json) {
        boost::json::array out;
        for (const auto& one : quotes) out.push_back(as_json(one));
        session.print(text_of(out));
        return {};
    }
    Table table{{{"MACHINE"},
                 {"CLASS"},
                 {"FREE", Align::Right},
                 {"TPH/SLOT-HOUR", Align::Right},
                 {"DEPOSIT", Align::Right},
                 {"BURNED", Align::Right},
                 {"WHY NOT"}}};
    for (const auto& one : quotes) {
        if (!one.offer) {
            table.row({crypto::to_string(one.machine), word(one.device_class), std::to_string(one.free_slots), "", "",
                       "", reasons_of(one)});
            continue;
        }
        table.row({crypto::to_string(one.machine), word(one.device_class), std::to_string(one.free_slots),
                   format_tph(one.offer->slot_hour), format_tph(one.offer->deposit),
                   std::to_string(one.offer->burn_ppm / 10'000) + " %", ""});
    }
    session.print(table.text());
    if (table.empty()) session.progress("no machine is registered");
    return {};
}

}  // namespace

void add_quote_command(CLI::App& app, Session& session, Run& run) {
    const auto options = std::make_shared<OrderOptions>();
    auto* command = app.add_subcommand("quote", "Which machines would take an order, at what price, and why not");
    add_order_options(*command, *options);
    command->callback([&, options] { run = [&, options] { return quote(session, *options); }; });
}

}  // namespace cli
