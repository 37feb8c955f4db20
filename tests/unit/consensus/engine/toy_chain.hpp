#pragma once
// A chain of small numbers behind the port Application: what a block holds is how many units of work it took. `Disk`
// survives the application, as a store survives a process.

#include "chain/crypto/hash.hpp"
#include "consensus/engine/application.hpp"

#include <condition_variable>
#include <map>
#include <mutex>

namespace toy {

using namespace consensus;

struct Content {
    Hash parent;
    std::uint32_t number = 0;
    std::uint64_t view = 0;
    std::uint32_t work = 0;
    bool operator==(const Content&) const = default;
};

struct Disk {
    std::vector<FinalBlock> finals;
    std::map<Hash, Content> blocks;
};

class Chain : public Application {
public:
    Chain(Disk& disk, EpochPtr first_epoch) : disk_(disk), first_epoch_(std::move(first_epoch)) {
        if (disk_.finals.empty()) disk_.finals.push_back({.tip = first_epoch_->root, .certificate = nullptr});
    }

    FinalBlock finalized() override {
        const std::lock_guard lock{mutex_};
        return disk_.finals.back();
    }
    EpochPtr epoch(std::uint64_t epoch) override { return epoch == 0 ? first_epoch_ : nullptr; }
    CertificatePtr boundary(std::uint64_t) override { return nullptr; }
    bool has_work() const override { return work > 0; }

    void recovered(const votes::Statement&, const Payload& block) override { store_block(block); }
    Result<Proposed> propose(const Position& position, const Tip& parent, bool must_be_empty) override {
        const std::uint32_t taken = must_be_empty ? 0 : work.exchange(0);
        const Content content{parent.hash, parent.number + 1, position.view, taken};
        const auto payload = std::make_shared<const Bytes>(scale::encode(content));
        return Proposed{store_block(payload), taken == 0, payload};
    }
    Checked check(const Position& position, const Tip& parent, const Hash& block, const Payload& payload) override {
        const auto content = scale::decode<Content>(*payload);
        if (!content || crypto::blake2b_256(*payload) != block) return {.verdict = event::Verdict::AnotherBlock};
        const bool is_good = content->parent == parent.hash && content->view == position.view;
        store_block(payload);
        return {.verdict = is_good ? event::Verdict::Good : event::Verdict::Bad, .is_empty = content->work == 0};
    }
    Result<Executed> execute(const Hash& block, const Tip&) override {
        const std::lock_guard lock{mutex_};
        return Executed{.is_good = true, .is_empty = disk_.blocks.at(block).work == 0};
    }
    Payload block(const Hash& hash) override {
        const std::lock_guard lock{mutex_};
        const auto known = disk_.blocks.find(hash);
        return known == disk_.blocks.end() ? nullptr : std::make_shared<const Bytes>(scale::encode(known->second));
    }
    Result<std::optional<std::uint32_t>> finalize(const Hash& block, const CertificatePtr& certificate) override {
        catch_up(block);
        const std::lock_guard lock{mutex_};
        if (is_disk_full) return chain::fault("the disk is full");
        const auto known = disk_.blocks.find(block);
        if (known == disk_.blocks.end()) return std::optional<std::uint32_t>{};
        const std::uint32_t number = known->second.number;
        if (number <= disk_.finals.back().tip.number) return std::optional{disk_.finals.back().tip.number};
        disk_.finals.push_back({{block, number, 0, certificate->statement.view}, certificate});
        grown_.notify_all();
        return std::optional{number};
    }
    void certified(const Tip&) override {}
    void forward_work(const crypto::Ed25519Public& leader) override {
        if (forward) forward(leader, work.exchange(0));
    }

    // The short form of a block leaves its work out, which is its only part.
    Payload shorten(const Hash& hash) override {
        if (!has_short_form) return nullptr;
        const std::lock_guard lock{mutex_};
        Content content = disk_.blocks.at(hash);
        content.work = 0;
        return std::make_shared<const Bytes>(scale::encode(content));
    }
    Restored restore(const Hash& hash, const Payload& shortened, const std::map<std::uint32_t, Bytes>& parts) override {
        auto content = scale::decode<Content>(*shortened);
        if (!content) return {};
        if (!parts.contains(0)) return {.missing = {0}};
        content->work = scale::decode<std::uint32_t>(parts.at(0)).value_or(0);
        auto payload = std::make_shared<const Bytes>(scale::encode(*content));
        if (crypto::blake2b_256(*payload) != hash) return {};
        return {.block = std::move(payload)};
    }
    std::optional<std::vector<Bytes>> parts(const Hash& hash, const std::vector<std::uint32_t>& places) override {
        const std::lock_guard lock{mutex_};
        const auto known = disk_.blocks.find(hash);
        if (known == disk_.blocks.end() || places != std::vector<std::uint32_t>{0} || gives_no_parts)
            return std::nullopt;
        return std::vector<Bytes>{scale::encode(known->second.work + (gives_wrong_parts ? 1 : 0))};
    }

    void wait_for(std::uint32_t number) {
        std::unique_lock lock{mutex_};
        grown_.wait(lock, [&] { return disk_.finals.back().tip.number >= number; });
    }
    /// The hash of a final block, by number.
    std::map<std::uint32_t, Hash> finals() {
        const std::lock_guard lock{mutex_};
        std::map<std::uint32_t, Hash> out;
        for (const auto& block : disk_.finals) out[block.tip.number] = block.tip.hash;
        return out;
    }
    std::uint32_t work_done() {
        const std::lock_guard lock{mutex_};
        std::uint32_t sum = 0;
        for (Hash at = disk_.finals.back().tip.hash; disk_.blocks.contains(at); at = disk_.blocks.at(at).parent)
            sum += disk_.blocks.at(at).work;
        return sum;
    }

    std::atomic<std::uint32_t> work = 0;
    std::atomic<bool> is_disk_full = false;
    std::atomic<bool> has_short_form = false;
    std::atomic<bool> gives_wrong_parts = false;
    std::atomic<bool> gives_no_parts = false;
    /// A block that others have.
    std::function<Payload(const Hash&)> fetch = [](const Hash&) { return nullptr; };
    /// How work travels to a leader.
    std::function<void(const crypto::Ed25519Public&, std::uint32_t)> forward;

private:
    void catch_up(Hash at) {
        while (at != first_epoch_->root.hash) {
            const Payload known = block(at);
            const Payload payload = known ? known : fetch(at);
            if (!payload) return;
            store_block(payload);
            at = scale::decode<Content>(*payload)->parent;
            if (known) return;
        }
    }
    Hash store_block(const Payload& payload) {
        const Hash hash = crypto::blake2b_256(*payload);
        const std::lock_guard lock{mutex_};
        disk_.blocks.emplace(hash, scale::decode<Content>(*payload).value());
        return hash;
    }

    Disk& disk_;
    EpochPtr first_epoch_;
    std::mutex mutex_;
    std::condition_variable grown_;
};

}  // namespace toy
