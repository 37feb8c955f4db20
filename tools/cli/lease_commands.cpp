// tephra leases, end, money: what is rented, ending it, and where the money went.

#include "runtime/pallets/leases/running.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/lease_view.hpp"
#include "tools/cli/support/quantity.hpp"
#include "tools/cli/support/table.hpp"
#include "tools/cli/words.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace cli {

namespace {

constexpr std::size_t leases_listed_max = 1'000;

struct LeaseOptions {
    std::uint64_t lease = 0;
    std::string of;
    std::string from;
    bool all = false;
};

Result<std::vector<LeaseFacts>> collect(Session& session, const LeaseOptions& options) {
    TRY(Chain* const chain, session.chain());
    std::vector<LeaseFacts> out;
    const auto take = [&](leases::LeaseId id, const leases::Lease& lease) {
        if (options.all || lease.state != leases::LeaseState::Closed) out.push_back({id, lease});
    };
    if (options.of.empty()) {
        leases::storage.leases.for_each(chain->state(), leases_listed_max, take);
    } else {
        TRY(const auto renter, parse_account(session, options.of));
        leases::storage.leases_of_renter.for_each(
            chain->state(), renter, leases_listed_max, [&](leases::LeaseId id, const auto&) {
                if (const auto lease = leases::storage.leases.get(chain->state(), id)) take(id, *lease);
            });
    }
    TRY_VOID(chain->failure());
    std::ranges::sort(out, {}, &LeaseFacts::id);
    return out;
}

Result<void> list(Session& session, const LeaseOptions& options) {
    TRY(const auto all, collect(session, options));
    if (session.globals.json) {
        boost::json::array out;
        for (const auto& one : all) out.push_back(as_json(one));
        session.print(text_of(out));
        return {};
    }
    Table table{{{"LEASE", Align::Right},
                 {"STATE"},
                 {"MACHINE"},
                 {"SLOTS", Align::Right},
                 {"PAID TPH", Align::Right},
                 {"RENTER"}}};
    for (const auto& [id, lease] : all)
        table.row({std::to_string(id.value), state_text(lease), crypto::to_string(lease.machine),
                   std::to_string(lease.slots.value.size()), format_tph(lease.ledger.deposited),
                   crypto::to_string(lease.renter)});
    session.print(table.text());
    if (table.empty()) session.progress(options.all ? "no leases" : "no open leases; --all shows closed ones, too");
    return {};
}

Result<void> end(Session& session, const LeaseOptions& options) {
    TRY(const auto key, session.key(options.from));
    TRY(Chain* const chain, session.chain());
    TRY(const Done done, chain->submit(key, frame::to_call(leases::EndLease{.lease = {options.lease}})));
    TRY(const auto facts, find_lease(session, options.lease));
    if (session.globals.json) session.print(text_of(money_json(facts)));
    else
        session.print("lease " + std::to_string(options.lease) + " ended in block " +
                      std::to_string(done.block_number) + "\n" + money_table(facts));
    return {};
}

Result<void> money(Session& session, const LeaseOptions& options) {
    TRY(const auto facts, find_lease(session, options.lease));
    if (session.globals.json) session.print(text_of(money_json(facts)));
    else session.print(state_text(facts.lease) + "\n" + money_table(facts));
    return {};
}

}  // namespace

void add_lease_commands(CLI::App& app, Session& session, Run& run) {
    const auto options = std::make_shared<LeaseOptions>();
    auto* all = app.add_subcommand("leases", "Open leases");
    all->add_option("--of", options->of, "Of this renter: a key's name or an address");
    all->add_flag("--all", options->all, "Closed ones, too");
    all->callback([&, options] { run = [&, options] { return list(session, *options); }; });

    auto* stop = app.add_subcommand("end", "End a lease; what is not used comes back at once");
    stop->add_option("lease", options->lease, "Its number")->required();
    stop->add_option("--from", options->from, "Key of the renter")->required();
    stop->callback([&, options] { run = [&, options] { return end(session, *options); }; });

    auto* sums = app.add_subcommand("money", "Where a lease's money went: paid, burned, to the owner, refunded");
    sums->add_option("lease", options->lease, "Its number")->required();
    sums->callback([&, options] { run = [&, options] { return money(session, *options); }; });
}

}  // namespace cli
