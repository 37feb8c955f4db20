#include "tests/simulation/ledger/real_application.hpp"

#include "chain/block/extrinsic.hpp"
#include "chain/crypto/dev_keys.hpp"
#include "genesis/builder/development.hpp"
#include "runtime/pallets/balances/calls.hpp"
#include "runtime/pallets/system/version.hpp"

#include <algorithm>
#include <array>

namespace simulation {

namespace {

// Development accounts with money.
constexpr std::array<std::string_view, 6> senders{"Alith", "Baltathar", "Charleth", "Dorothy", "Ethan", "Faith"};

}  // namespace

RealApplication::RealApplication(RealChain& chain, Checker& checker, const Seat& seat)
    : chain_(chain),
      checker_(checker),
      seat_(seat),
      sender_(*crypto::dev_key(senders[seat.node % senders.size()])),
      executor_(std::make_unique<runtime::Appchain>(chain.verdicts())) {
    open();
}

void RealApplication::open() {
    // A small buffer stays in the processor's caches, and goes to disk often enough for a run to see it.
    constexpr store::Limits limits{.write_buffer_bytes = 256 << 10};
    auto opened = store::Store::open(folder_.path() / "chain", limits);
    chain::check(opened.has_value());
    store_ = *std::move(opened);
    if (!store_->head())
        chain::check(store_->begin(chain_.genesis(), chain_.origin().block, chain_.origin().state).has_value());
    ledger_ = std::make_unique<ledger::Ledger>(*store_, *executor_, pool::Limits{}, seat_.wall_ms);
    application_ = std::make_unique<node::LedgerApplication>(
        *ledger_, seat_.validator ? genesis::dev_vrf_key(genesis::dev_validator_name(*seat_.validator)) : std::nullopt);
    served_.emplace(*ledger_);
}

void RealApplication::crash() {
    served_.reset();
    application_.reset();
    ledger_.reset();
    store_.reset();
    submitted_.clear();
    open();
}

void RealApplication::learn(const chain::Hash& hash, const Payload& payload, bool executes,
                            const consensus::Position& position) {
    const auto block = scale::decode<chain::Block>(*payload);
    chain::check(block.has_value());
    chain_.blocks().try_emplace(
        hash, RealChain::Known{block->header.parent_hash, block->header.number.value, payload, position});
    checker_.block(hash, {.parent = block->header.parent_hash,
                          .number = block->header.number.value,
                          .executes = executes,
                          .maker = position.proposer,
                          .epoch = position.epoch,
                          .view = position.view});
}

Built RealApplication::propose(const consensus::Position& position, const Tip& parent, bool must_be_empty,
                               std::uint64_t) {
    auto proposed = application_->propose(position, parent, must_be_empty);
    // A liar's agreement takes his own blocks for executed; his ledger does not.
    chain::check(proposed.has_value() || seat_.is_liar);
    if (!proposed) return {};
    if (seat_.is_liar) {
        auto block = *scale::decode<chain::Block>(*proposed->payload);
        block.header.state_root.value[0] ^= 1;
        proposed->block = chain::hash_of(block.header);
        proposed->payload = std::make_shared<const chain::Bytes>(scale::encode(block));
        ledger_->keep(std::move(block));
    }
    learn(proposed->block, proposed->payload, !seat_.is_liar, position);
    return {proposed->block, proposed->payload, proposed->is_empty};
}

consensus::event::BlockChecked RealApplication::check(const consensus::Position& position, const Tip& parent,
                                                      const chain::Hash& hash, const Payload& payload, std::uint64_t) {
    const auto checked = application_->check(position, parent, hash, payload);
    return {.view = position.view,
            .block = hash,
            .verdict = checked.verdict,
            .is_empty = checked.is_empty,
            .due_in_ms = checked.due_in_ms};
}

Executed RealApplication::execute(const chain::Hash& hash, const chain::Hash& parent) {
    const auto executed = application_->execute(hash, Tip{.hash = parent});
    chain::check(executed.has_value());
    return {executed->is_good, executed->is_empty, executed->is_lost};
}

void RealApplication::keep(const chain::Hash&, const Payload& payload) {
    if (auto block = scale::decode<chain::Block>(*payload)) ledger_->keep(*std::move(block));
}

Payload RealApplication::payload(const chain::Hash& hash) const {
    const auto known = chain_.blocks().find(hash);
    return known == chain_.blocks().end() || !has(hash) ? nullptr : known->second.payload;
}

std::vector<chain::Hash> RealApplication::path_to(const chain::Hash& hash) const {
    std::vector<chain::Hash> path;
    const auto final = ledger_->finalized();
    for (chain::Hash at = hash; at != final.hash;) {
        const auto known = chain_.blocks().find(at);
        if (known == chain_.blocks().end() || known->second.number <= final.number) return {};
        path.push_back(at);
        at = known->second.parent;
    }
    std::ranges::reverse(path);
    return path;
}

bool RealApplication::finalize(const chain::Hash& hash, const consensus::CertificatePtr& certificate) {
    const auto done = application_->finalize(hash, certificate);
    chain::check(done.has_value());
    forget_final();
    return done->has_value();
}

void RealApplication::apply(const block_sync::Proved& proved) {
    chain::check(node::store_proved(*ledger_, proved).has_value());
    forget_final();
}

std::string RealApplication::damage() const {
    const auto verified = store_->verify_state();
    return verified ? std::string{} : verified.error().text;
}

void RealApplication::forget_final() {
    std::erase_if(submitted_, [&](std::uint64_t transaction) { return is_final(transaction); });
}

std::optional<chain::Hash> RealApplication::final_at(std::uint32_t number) const {
    return number <= final_number() ? ledger_->hash_of(number) : std::nullopt;
}

std::uint32_t RealApplication::number_of(const chain::Hash& hash) const {
    const auto known = chain_.blocks().find(hash);
    return known == chain_.blocks().end() ? 0 : known->second.number;
}

chain::Hash RealApplication::state_root(const chain::Hash& hash) const {
    const auto block = ledger_->find(hash);
    return block == nullptr ? chain::Hash{} : block->header.state_root;
}

void RealApplication::set_best(const chain::Hash& hash) {
    // A liar's own block is never executed.
    if (is_executed(hash) && hash != final_hash()) application_->certified(Tip{.hash = hash});
}

RealChain::Transfer RealApplication::sign(std::uint32_t nonce) const {
    const auto version = executor_->version();
    chain::Bytes call{2, 3};  // Balances, transfer_keep_alive
    static const crypto::AccountId recipient = crypto::dev_key("Baltathar")->account();
    scale::encode(balances::TransferKeepAlive{recipient, {chain::tph}}, call);
    chain::Extra extra;
    extra.nonce = {nonce};
    const auto genesis = chain_.genesis();
    return {account_, nonce,
            chain::sign_extrinsic(sender_, call, extra,
                                  {version.spec_version, version.transaction_version, genesis, genesis})};
}

std::optional<std::pair<chain::Hash, Payload>> RealApplication::variant(const Payload& block) {
    const auto decoded = scale::decode<chain::Block>(*block);
    if (!decoded) return std::nullopt;
    const auto known = chain_.blocks().find(chain::hash_of(decoded->header));
    if (known == chain_.blocks().end()) return std::nullopt;
    auto other = child_of(known->second.parent, known->second.position);
    return other && other->first != known->first ? other : std::nullopt;
}

std::optional<std::pair<chain::Hash, Payload>> RealApplication::child_of(const chain::Hash& parent,
                                                                         const consensus::Position& position) {
    const auto stands = ledger_->find(parent);
    if (stands == nullptr || ledger_->state_at(parent) == nullptr) return std::nullopt;
    // Empty, and a moment later than what an honest one would have made.
    const auto made = application_->propose(position, Tip{.hash = parent, .number = stands->header.number.value}, true);
    if (!made) return std::nullopt;
    learn(made->block, made->payload, true, position);
    return std::pair{made->block, made->payload};
}

bool RealApplication::submit(std::uint64_t transaction) {
    auto known = chain_.transfers().find(transaction);
    if (known == chain_.transfers().end())
        known = chain_.transfers().emplace(transaction, sign(ledger_->next_nonce(account_))).first;
    if (!ledger_->submit(known->second.extrinsic, chain::TransactionSource::External)) return false;
    submitted_.push_back(transaction);
    return true;
}

std::vector<std::uint64_t> RealApplication::pending() const {
    constexpr std::size_t forwarded_max = 64;
    return {submitted_.begin(),
            submitted_.begin() + static_cast<std::ptrdiff_t>(std::min(submitted_.size(), forwarded_max))};
}

std::uint32_t RealApplication::final_nonce(const crypto::AccountId& sender) const {
    const auto nonce = ledger_->runtime_call(final_hash(), "AccountNonceApi_account_nonce", scale::encode(sender));
    return nonce ? scale::decode<std::uint32_t>(*nonce).value_or(0) : 0;
}

bool RealApplication::is_final(std::uint64_t transaction) const {
    const auto known = chain_.transfers().find(transaction);
    return known != chain_.transfers().end() && final_nonce(known->second.sender) > known->second.nonce;
}

}  // namespace simulation
