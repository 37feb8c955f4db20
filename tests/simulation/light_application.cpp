#include "tests/simulation/light_application.hpp"

#include "chain/base/check.hpp"

#include <algorithm>

namespace simulation {

using consensus::event::BlockChecked;
using consensus::event::Verdict;

chain::Hash BlockRegistry::add(LightBlock block, std::uint32_t maker) {
    const chain::Block whole = to_block(block);
    const chain::Hash hash = chain::hash_of(whole.header);
    checker_->block(hash, {.parent = block.parent,
                           .number = block.number,
                           .executes = !block.lies && !block.is_malformed,
                           .maker = maker,
                           .epoch = block.position.epoch,
                           .view = block.position.view});
    entries_.try_emplace(hash, Entry{std::move(block), std::make_shared<const chain::Bytes>(scale::encode(whole))});
    return hash;
}

const BlockRegistry::Entry* BlockRegistry::find(const chain::Hash& hash) const {
    const auto found = entries_.find(hash);
    return found == entries_.end() ? nullptr : &found->second;
}

const BlockRegistry::Entry* BlockRegistry::read(const chain::Hash& hash, const Payload& payload) {
    const Entry* entry = find(hash);
    if (entry != nullptr && (entry->payload == payload || *entry->payload == *payload)) return entry;
    return nullptr;
}

LightApplication::LightApplication(BlockRegistry& registry, chain::Hash genesis, Options options, Random random)
    : registry_(&registry), options_(options), random_(random), final_{genesis}, best_(genesis) {}

Built LightApplication::propose(const consensus::Position& position, const Tip& parent, bool must_be_empty,
                                std::uint64_t wall_ms) {
    LightBlock block{.parent = parent.hash, .number = parent.number + 1, .position = position};
    const auto* before = registry_->find(parent.hash);
    block.timestamp_ms = std::max(wall_ms, before == nullptr ? 0 : before->block.timestamp_ms + 1);
    if (!must_be_empty) {
        if (options_.always_has_work) {
            block.transactions.push_back(0);
        } else {
            const std::set<std::uint64_t> used = taken(parent.hash);
            for (const std::uint64_t transaction : pending_)
                if (!used.contains(transaction)) block.transactions.push_back(transaction);
        }
    }
    if (options_.is_liar) {
        const std::uint64_t lot = random_.below(4);
        block.lies = lot == 0 || lot == 1;
        block.is_malformed = lot == 2;
    }
    block.salt = ++built_;
    const bool is_empty = block.transactions.empty();
    const chain::Hash hash = registry_->add(std::move(block), options_.validator);
    held_.insert(hash);
    executed_.insert(hash);
    return {hash, registry_->find(hash)->payload, is_empty};
}

BlockChecked LightApplication::check(const consensus::Position& position, const Tip& parent, const chain::Hash& hash,
                                     const Payload& payload, std::uint64_t wall_ms) {
    constexpr std::uint64_t future_ms_max = 500;
    BlockChecked answer{.view = position.view, .block = hash, .verdict = Verdict::AnotherBlock};
    const auto* entry = registry_->read(hash, payload);
    if (entry == nullptr) return answer;
    const LightBlock& block = entry->block;
    if (!is_final_block(hash)) held_.insert(hash);
    answer.is_empty = block.transactions.empty();
    const auto* before = registry_->find(parent.hash);
    const bool is_well_formed = !block.is_malformed && block.position == position && block.parent == parent.hash &&
                                block.number == parent.number + 1 &&
                                (before == nullptr || block.timestamp_ms > before->block.timestamp_ms);
    if (!is_well_formed && !options_.is_liar) {
        answer.verdict = Verdict::Bad;
    } else if (block.timestamp_ms > wall_ms + future_ms_max) {
        answer.verdict = Verdict::Later;
        answer.due_in_ms = block.timestamp_ms - wall_ms - future_ms_max;
    } else {
        answer.verdict = Verdict::Good;
    }
    return answer;
}

std::optional<chain::Hash> LightApplication::final_at(std::uint32_t number) const {
    if (number >= final_.size()) return std::nullopt;
    return final_[number];
}

std::uint32_t LightApplication::number_of(const chain::Hash& hash) const {
    const auto* entry = registry_->find(hash);
    return entry == nullptr ? 0 : entry->block.number;
}

bool LightApplication::is_final_block(const chain::Hash& hash) const { return final_at(number_of(hash)) == hash; }

bool LightApplication::is_executed(const chain::Hash& hash) const {
    return executed_.contains(hash) || is_final_block(hash);
}

Executed LightApplication::execute(const chain::Hash& hash, const chain::Hash&) {
    const auto* entry = registry_->find(hash);
    if (entry == nullptr) return {};
    executed_.insert(hash);
    // A15: what is malformed does not execute either.
    const bool is_good = options_.is_liar || (!entry->block.lies && !entry->block.is_malformed);
    return {is_good, entry->block.transactions.empty()};
}

Payload LightApplication::payload(const chain::Hash& hash) const {
    const auto* entry = registry_->find(hash);
    return entry == nullptr || !has(hash) ? nullptr : entry->payload;
}

std::vector<chain::Hash> LightApplication::path_to(const chain::Hash& hash) const {
    std::vector<chain::Hash> path;
    chain::Hash at = hash;
    while (at != final_.back()) {
        const auto* entry = registry_->find(at);
        if (entry == nullptr || entry->block.number <= final_number()) return {};
        path.push_back(at);
        at = entry->block.parent;
    }
    std::ranges::reverse(path);
    return path;
}

bool LightApplication::finalize(const chain::Hash& hash, const consensus::CertificatePtr& certificate) {
    const auto path = path_to(hash);
    if (path.empty()) return is_final_block(hash);
    if (!std::ranges::all_of(path, [&](const chain::Hash& each) { return has(each); })) return false;
    for (const chain::Hash& each : path) make_final(each);
    note_certificate(certificate);
    return true;
}

void LightApplication::apply(const block_sync::Proved& proved) {
    for (const chain::Block& block : proved.blocks) {
        if (block.header.number.value <= final_number()) continue;
        const chain::Hash hash = chain::hash_of(block.header);
        // Nothing else may come out of block sync: it proves that this block stands on the last final one.
        chain::check(block.header.number.value == final_number() + 1 && block.header.parent_hash == final_.back());
        make_final(hash);
    }
    if (final_.back() == proved.last) note_certificate(std::make_shared<const votes::Certificate>(proved.certificate));
}

block_sync::Local LightApplication::local() const {
    const std::uint32_t length = registry_->epoch_length();
    const std::uint64_t epoch = final_number() / length;
    return {.number = final_number(),
            .hash = final_.back(),
            .epoch = epoch,
            .boundary = static_cast<std::uint32_t>(epoch + 1) * length,
            .table = registry_->table(epoch)};
}

consensus::FinalBlock LightApplication::last_final() {
    if (final_number() == 0) return {.tip = {.hash = final_.back()}, .certificate = nullptr};
    auto certificate = certificate_of(final_number());
    chain::check(certificate != nullptr);
    return {.tip = {final_.back(), final_number(), certificate->statement.epoch, certificate->statement.view},
            .certificate = std::move(certificate)};
}

consensus::CertificatePtr LightApplication::boundary(std::uint64_t epoch) {
    return certificate_of((epoch + 1) * registry_->epoch_length());
}

void LightApplication::note_certificate(consensus::CertificatePtr certificate) {
    certificates_.resize(final_.size());
    certificates_.back() = std::move(certificate);
}

consensus::CertificatePtr LightApplication::certificate_of(std::uint64_t number) const {
    return number < certificates_.size() ? certificates_[number] : nullptr;
}

std::optional<chain::Bytes> LightApplication::block(std::uint32_t number) const {
    const auto hash = final_at(number);
    const auto* entry = hash ? registry_->find(*hash) : nullptr;
    return entry == nullptr ? std::nullopt : std::optional{*entry->payload};
}

std::optional<chain::Header> LightApplication::header(std::uint32_t number) const {
    const auto hash = final_at(number);
    const auto* entry = hash ? registry_->find(*hash) : nullptr;
    return entry == nullptr ? std::nullopt : std::optional{to_block(entry->block).header};
}

chain::Bytes LightApplication::certificate(std::uint32_t number) const {
    const auto known = certificate_of(number);
    return known == nullptr ? chain::Bytes{} : scale::encode(*known);
}

void LightApplication::make_final(const chain::Hash& hash) {
    final_.push_back(hash);
    const std::uint32_t number = final_number();
    // What is not above the final block any more is dropped.
    const auto is_old = [&](const chain::Hash& other) { return registry_->find(other)->block.number <= number; };
    std::erase_if(held_, is_old);
    std::erase_if(executed_, is_old);
    for (const std::uint64_t transaction : registry_->find(hash)->block.transactions) {
        pending_.erase(transaction);
        final_transactions_.insert(transaction);
    }
}

std::set<std::uint64_t> LightApplication::taken(const chain::Hash& tip) const {
    std::set<std::uint64_t> transactions;
    for (const chain::Hash& hash : path_to(tip)) {
        const auto& block = registry_->find(hash)->block;
        transactions.insert(block.transactions.begin(), block.transactions.end());
    }
    return transactions;
}

bool LightApplication::submit(std::uint64_t transaction) {
    return !final_transactions_.contains(transaction) && pending_.insert(transaction).second;
}

std::vector<std::uint64_t> LightApplication::pending() const {
    constexpr std::size_t forwarded_max = 64;
    std::vector<std::uint64_t> out;
    for (const std::uint64_t transaction : pending_) {
        if (out.size() == forwarded_max) break;
        out.push_back(transaction);
    }
    return out;
}

bool LightApplication::has_work() const {
    if (options_.always_has_work) return true;
    if (pending_.empty()) return false;
    const std::set<std::uint64_t> used = taken(best_);
    return std::ranges::any_of(pending_, [&](std::uint64_t transaction) { return !used.contains(transaction); });
}

std::optional<std::pair<chain::Hash, Payload>> LightApplication::variant(const Payload& block) {
    const auto whole = scale::decode<chain::Block>(*block);
    auto decoded = whole ? light_block_in(*whole) : std::nullopt;
    if (!decoded) return std::nullopt;
    decoded->salt = random_.next();
    const chain::Hash hash = registry_->add(std::move(*decoded), options_.validator);
    return std::pair{hash, registry_->find(hash)->payload};
}

std::optional<std::pair<chain::Hash, Payload>> LightApplication::child_of(const chain::Hash& parent,
                                                                          const consensus::Position& position) {
    const auto* before = registry_->find(parent);
    if (before == nullptr) return std::nullopt;
    LightBlock block{.parent = parent, .number = before->block.number + 1, .position = position};
    block.timestamp_ms = before->block.timestamp_ms + 1;
    block.salt = random_.next();
    const chain::Hash hash = registry_->add(std::move(block), options_.validator);
    return std::pair{hash, registry_->find(hash)->payload};
}

void LightApplication::crash() {
    held_.clear();
    executed_.clear();
    best_ = final_.back();
    pending_.clear();
}

}  // namespace simulation
