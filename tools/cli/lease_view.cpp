#include "tools/cli/lease_view.hpp"

#include "runtime/appchain/describe.hpp"
#include "tools/cli/support/quantity.hpp"
#include "tools/cli/support/table.hpp"
#include "tools/cli/words.hpp"

namespace cli {

using chain::Balance;

Result<LeaseFacts> find_lease(Session& session, std::uint64_t id) {
    TRY(Chain* const chain, session.chain());
    TRY(const auto lease, chain->read([&](const auto& state) { return leases::storage.leases.get(state, {id}); }));
    if (!lease)
        return chain::fault("there is no lease " + std::to_string(id) +
                            ", or it closed so long ago that its record is gone: list leases with `tephra leases`");
    return LeaseFacts{.id = {id}, .lease = *lease};
}

boost::json::value as_json(const LeaseFacts& facts) {
    boost::json::object out;
    out["lease"] = facts.id.value;
    boost::system::error_code ignored;  // describe_storage writes JSON
    if (const auto text = runtime::describe_storage("Leases", "Leases", scale::encode(facts.lease)))
        out["record"] = boost::json::parse(*text, ignored);
    return out;
}

namespace {

/// What is still in the lease's hold.
Balance held(const leases::Ledger& money) {
    return money.deposited - money.burned - money.frontend - money.owner - money.refunded;
}

}  // namespace

std::string money_table(const LeaseFacts& facts) {
    const auto& money = facts.lease.ledger;
    Table table{{{"MONEY OF LEASE " + std::to_string(facts.id.value)}, {"TPH", Align::Right}}};
    table.row({"paid in", format_tph(money.deposited)});
    table.row({"burned", format_tph(money.burned)});
    table.row({"to the owner", format_tph(money.owner)});
    if (money.frontend != 0) table.row({"to the frontend", format_tph(money.frontend)});
    table.row({"refunded", format_tph(money.refunded)});
    if (held(money) != 0) table.row({"still held", format_tph(held(money))});
    std::string out = table.text();
    const Balance sum = money.burned + money.owner + money.frontend + money.refunded + held(money);
    out += sum == money.deposited ? "the parts sum to what was paid in, to the last unit\n"
                                  : "THE PARTS DO NOT SUM TO WHAT WAS PAID IN\n";
    if (money.penalty != 0)
        out += "of this the owner's penalty: " + format_amount(money.penalty) + ", half refunded, half burned\n";
    return out;
}

boost::json::value money_json(const LeaseFacts& facts) {
    const auto& money = facts.lease.ledger;
    const auto text = [](Balance amount) { return boost::json::string{chain::to_decimal(amount)}; };
    return boost::json::object{
        {"lease", facts.id.value},          {"state", state_text(facts.lease)}, {"paid", text(money.deposited)},
        {"burned", text(money.burned)},     {"owner", text(money.owner)},       {"frontend", text(money.frontend)},
        {"refunded", text(money.refunded)}, {"held", text(held(money))},        {"penalty", text(money.penalty)}};
}

std::string state_text(const leases::Lease& lease) {
    const std::string state = word(lease.state);
    return lease.closed ? state + ": " + word(lease.closed->reason) : state;
}

}  // namespace cli
