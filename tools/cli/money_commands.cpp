// tephra balance, transfer.

#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/system/system.hpp"
#include "tools/cli/commands.hpp"
#include "tools/cli/support/quantity.hpp"
#include "tools/cli/support/table.hpp"
#include "tools/cli/words.hpp"

#include <CLI/CLI.hpp>

#include <memory>

namespace cli {

namespace {

using chain::fault;

struct MoneyOptions {
    std::string who;
    std::string from;
    std::string amount;
};

Result<void> balance(Session& session, const MoneyOptions& options) {
    TRY(const auto who, parse_account(session, options.who));
    TRY(Chain* const chain, session.chain());
    TRY(const auto info, chain->read([&](const auto& state) { return frame_system::storage.account.get(state, who); }));
    if (session.globals.json) {
        session.print(text_of(boost::json::object{{"account", crypto::to_string(who)},
                                                  {"free", chain::to_decimal(info.data.free)},
                                                  {"held", chain::to_decimal(info.data.reserved)},
                                                  {"nonce", info.nonce}}));
        return {};
    }
    session.print(fields({{"account", crypto::to_string(who)},
                          {"free", format_amount(info.data.free)},
                          {"held", format_amount(info.data.reserved)},
                          {"transactions", std::to_string(info.nonce)}}));
    return {};
}

Result<void> transfer(Session& session, const MoneyOptions& options) {
    TRY(const auto to, parse_account(session, options.who));
    const auto amount = parse_amount(options.amount);
    if (!amount) return fault(amount.error());
    TRY(const auto key, session.key(options.from));
    TRY(Chain* const chain, session.chain());
    const balances::TransferKeepAlive call{.dest = to, .value = {*amount}};
    TRY(const Done done, chain->submit(key, frame::to_call(call)));
    if (session.globals.json)
        session.print(
            text_of(boost::json::object{{"extrinsic", chain::to_hex(done.extrinsic)}, {"block", done.block_number}}));
    else
        session.print("sent " + format_amount(*amount) + " to " + crypto::to_string(to) + " in block " +
                      std::to_string(done.block_number) + "\n");
    return {};
}

}  // namespace

void add_money_commands(CLI::App& app, Session& session, Run& run) {
    const auto options = std::make_shared<MoneyOptions>();
    auto* show = app.add_subcommand("balance", "What an account has");
    show->add_option("account", options->who, "A key's name or an address")->required();
    show->callback([&, options] { run = [&, options] { return balance(session, *options); }; });
    auto* send = app.add_subcommand("transfer", "Send TPH");
    send->add_option("to", options->who, "A key's name or an address")->required();
    send->add_option("amount", options->amount, "TPH, such as 2.5")->required();
    send->add_option("--from", options->from, "Key of the sender")->required();
    send->callback([&, options] { run = [&, options] { return transfer(session, *options); }; });
}

}  // namespace cli
