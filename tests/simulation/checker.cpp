#include "tests/simulation/checker.hpp"

#include <fmt/format.h>

#include <array>
#include <numeric>
#include <tuple>

namespace simulation {

namespace {

constexpr std::array<std::string_view, 15> names{"agreement",      "no-double-sign", "lemma-1",        "lemma-2",
                                                 "lemma-3",        "lemma-4",        "executed-first", "equal-roots",
                                                 "honest-accused", "bounded-memory", "rules-kept",     "no-crash",
                                                 "liveness",       "pace",           "accountability"};

std::string where(std::uint32_t validator, const votes::Statement& statement) {
    return fmt::format("validator {} in epoch {} view {} (parent view {}, block {:.10})", validator, statement.epoch,
                       statement.view, statement.parent_view, chain::to_hex(statement.block));
}

}  // namespace

std::string_view name(Promise promise) { return names[static_cast<std::size_t>(promise)]; }

void Checker::break_promise(Promise promise, std::string text) {
    // What follows the first broken promise is its consequence.
    if (!violation_) violation_ = Violation{promise, std::move(text)};
}

void Checker::set_epoch(std::uint64_t epoch, Weights weights, Hash root) {
    Epoch entry{.weights = std::move(weights), .root = root};
    const std::uint64_t total = std::accumulate(entry.weights.begin(), entry.weights.end(), std::uint64_t{0});
    entry.quorum = total * 2 / 3 + 1;
    for (std::size_t i = 0; i < entry.weights.size(); ++i)
        if (!honest_[i]) entry.byzantine_weight += entry.weights[i];
    epochs_.emplace(epoch, std::move(entry));
}

const KnownBlock* Checker::find(const Hash& hash) const {
    const auto found = blocks_.find(hash);
    return found == blocks_.end() ? nullptr : &found->second;
}

Checker::View& Checker::view(Epoch& epoch, std::uint64_t number) {
    if (epoch.views.size() <= number) epoch.views.resize(number + 1);
    View& view = epoch.views[number];
    if (view.notarized.empty()) {
        const std::size_t count = epoch.weights.size();
        view.notarized.resize(count);
        view.finalized.resize(count);
        view.nullified.resize(count);
    }
    return view;
}

std::uint8_t Checker::content_of(View& view, const votes::Statement& statement) {
    for (std::size_t i = 0; i < view.contents.size(); ++i) {
        const Content& content = view.contents[i];
        if (content.block == statement.block && content.parent_view == statement.parent_view)
            return static_cast<std::uint8_t>(i + 1);
    }
    view.contents.push_back({statement.parent_view, statement.block});
    return static_cast<std::uint8_t>(view.contents.size());
}

bool Checker::could_be_notarized(const Epoch& epoch, std::uint64_t number, const Hash& block) const {
    if (number == 0) return block == epoch.root;
    if (number >= epoch.views.size()) return false;
    for (const Content& content : epoch.views[number].contents)
        if (content.block == block && could_be(epoch, content.notarized_weight)) return true;
    return false;
}

bool Checker::could_be_nullified(const Epoch& epoch, std::uint64_t number) const {
    return number < epoch.views.size() && could_be(epoch, epoch.views[number].nullified_weight);
}

bool Checker::may_be_notarized(std::uint64_t epoch, std::uint64_t view, const Hash& block) const {
    const auto found = epochs_.find(epoch);
    return found != epochs_.end() && could_be_notarized(found->second, view, block);
}

bool Checker::signed_by_honest(std::uint32_t validator, const votes::Statement& statement) {
    ++signatures_;
    const auto found = epochs_.find(statement.epoch);
    if (found == epochs_.end() || validator >= found->second.weights.size()) {
        break_promise(Promise::NoDoubleSign, "a vote for an unknown epoch by " + where(validator, statement));
        return false;
    }
    Epoch& epoch = found->second;
    View& its_view = view(epoch, statement.view);
    const auto said = [&] {
        return std::tuple{its_view.notarized[validator], its_view.nullified[validator], its_view.finalized[validator]};
    };
    const auto before = said();
    switch (statement.kind) {
        case votes::Kind::Notarize: notarize(epoch, its_view, validator, statement); break;
        case votes::Kind::Nullify: nullify(epoch, its_view, validator, statement); break;
        case votes::Kind::Finalize: finalize(epoch, its_view, validator, statement); break;
    }
    return said() != before;
}

void Checker::check_rules(const View& its_view, std::uint32_t validator, const votes::Statement& statement) {
    if (its_view.nullified[validator] != 0)
        break_promise(Promise::RulesKept, "a notarize after a nullify vote of " + where(validator, statement));
}

void Checker::notarize(Epoch& epoch, View& its_view, std::uint32_t validator, const votes::Statement& statement) {
    const std::uint8_t content = content_of(its_view, statement);
    std::uint8_t& before = its_view.notarized[validator];
    if (before == content) return;
    if (before != 0)
        return break_promise(Promise::NoDoubleSign, "two notarize votes of " + where(validator, statement));
    before = content;
    check_rules(its_view, validator, statement);
    check_justified(epoch, statement);
    its_view.contents[content - 1U].notarized_weight += epoch.weights[validator];
    std::size_t possible = 0;
    for (const Content& each : its_view.contents) possible += could_be(epoch, each.notarized_weight) ? 1 : 0;
    if (possible > 1) break_promise(Promise::Lemma1, "two blocks may be notarized: " + where(validator, statement));
}

void Checker::check_justified(const Epoch& epoch, const votes::Statement& statement) {
    const KnownBlock* block = find(statement.block);
    if (block == nullptr) return;
    // A re-proposal names itself as the block of its parent view.
    const bool again = could_be_notarized(epoch, statement.parent_view, statement.block);
    if (!again && !could_be_notarized(epoch, statement.parent_view, block->parent))
        break_promise(Promise::Lemma4, "a notarize vote without its parent's N" + where(0, statement));
    for (std::uint64_t skipped = statement.parent_view + 1; skipped < statement.view; ++skipped)
        if (!could_be_nullified(epoch, skipped))
            return break_promise(Promise::Lemma4, fmt::format("a notarize vote over view {}, which has no X: {}",
                                                              skipped, where(0, statement)));
}

void Checker::nullify(Epoch& epoch, View& its_view, std::uint32_t validator, const votes::Statement& statement) {
    if (its_view.nullified[validator] != 0) return;
    its_view.nullified[validator] = 1;
    if (its_view.finalized[validator] != 0)
        return break_promise(Promise::NoDoubleSign,
                             "a nullify after a finalize vote of " + where(validator, statement));
    its_view.nullified_weight += epoch.weights[validator];
    check_exclusive(epoch, its_view, statement);
}

void Checker::finalize(Epoch& epoch, View& its_view, std::uint32_t validator, const votes::Statement& statement) {
    const std::uint8_t content = content_of(its_view, statement);
    std::uint8_t& before = its_view.finalized[validator];
    if (before == content) return;
    if (before != 0)
        return break_promise(Promise::NoDoubleSign, "two finalize votes of " + where(validator, statement));
    before = content;
    if (its_view.nullified[validator] != 0)
        return break_promise(Promise::NoDoubleSign,
                             "a finalize after a nullify vote of " + where(validator, statement));
    Content& its_content = its_view.contents[content - 1U];
    if (!could_be(epoch, its_content.notarized_weight))
        return break_promise(Promise::Lemma3, "a finalize vote without N of " + where(validator, statement));
    if (const KnownBlock* block = find(statement.block); block == nullptr || !block->executes)
        return break_promise(Promise::ExecutedFirst,
                             "a finalize vote for a bad block of " + where(validator, statement));
    its_content.finalized_weight += epoch.weights[validator];
    check_exclusive(epoch, its_view, statement);
}

void Checker::check_exclusive(const Epoch& epoch, const View& its_view, const votes::Statement& statement) {
    if (!could_be(epoch, its_view.nullified_weight)) return;
    for (const Content& content : its_view.contents)
        if (could_be(epoch, content.finalized_weight))
            break_promise(Promise::Lemma2, fmt::format("epoch {} view {} may be nullified and finalized",
                                                       statement.epoch, statement.view));
}

void Checker::executed(const Hash& block, bool is_good, const Hash& state_root) {
    const KnownBlock* known = find(block);
    if (known == nullptr || known->executes != is_good)
        return break_promise(Promise::EqualRoots, "two verdicts on the execution of " + chain::to_hex(block));
    if (!is_good || state_root == block) return;
    const auto [first, is_new] = roots_.try_emplace(block, state_root);
    if (!is_new && first->second != state_root)
        break_promise(Promise::EqualRoots, "two states after " + chain::to_hex(block));
}

void Checker::finalized(std::uint32_t node, const Hash& hash, std::uint32_t number) {
    std::uint32_t& last = node_number_[node];
    if (number <= last) return;
    if (number != last + 1)
        return break_promise(Promise::Agreement, fmt::format("node {} made {} final after {}", node, number, last));
    last = number;
    if (number <= final_.size()) {
        if (final_[number - 1] != hash)
            break_promise(Promise::Agreement,
                          fmt::format("node {} made another block {} final than others: {:.10}, {:.10}", node, number,
                                      chain::to_hex(hash), chain::to_hex(final_[number - 1])));
        return;
    }
    const KnownBlock* block = find(hash);
    const Hash& before = final_.empty() ? genesis_ : final_.back();
    if (block == nullptr || block->number != number || block->parent != before)
        return break_promise(Promise::Agreement,
                             fmt::format("node {} made {} final beside the final chain", node, number));
    if (!block->executes)
        return break_promise(Promise::ExecutedFirst, fmt::format("node {} made the bad block {} final", node, number));
    final_.push_back(hash);
}

void Checker::restarted(std::uint32_t node, std::uint32_t number) {
    std::uint32_t& last = node_number_[node];
    if (number < last)
        break_promise(Promise::Agreement, fmt::format("node {} forgot final blocks {} to {}", node, number + 1, last));
    last = number;
}

void Checker::accused(std::uint32_t validator, const std::string& what) {
    if (validator >= honest_.size() || honest_[validator])
        break_promise(Promise::HonestAccused, fmt::format("validator {}: {}", validator, what));
}

}  // namespace simulation
