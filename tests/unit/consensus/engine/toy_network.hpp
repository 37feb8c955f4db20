#pragma once
// Engines in one process, joined by function calls.

#include "consensus/engine/engine.hpp"
#include "consensus/engine/explain.hpp"
#include "consensus/engine/posix_storage.hpp"
#include "tests/support/temp_folder.hpp"
#include "toy_chain.hpp"

#include <shared_mutex>

namespace toy {

/// Watches and says nothing.
struct Silence : Observer {
    void view_ended(std::uint64_t, const effect::ViewEnded&) override { ++views; }
    void epoch_entered(const EpochInfo&) override {}
    void finalized(std::uint64_t, std::uint64_t, std::uint64_t) override {}
    void synced(double) override {}
    void worked(std::string_view, double) override {}
    void evidence(std::uint64_t, const Evidence&) override { ++accusations; }
    void refused(const votes::Statement&, safety::Refusal) override { ++refusals; }
    void double_seen(const DoubleSeen&) override { ++accusations; }
    void memory_lost() override {}
    void state_mismatch(std::uint64_t, const effect::StateMismatch&) override { ++accusations; }
    void stuck(std::uint64_t, const ReplicaReport& report, const EpochInfo& epoch) override {
        last_reason = explain(report, epoch.table);
    }
    std::atomic<int> views = 0;
    std::atomic<int> accusations = 0;
    std::atomic<int> refusals = 0;
    std::string last_reason;
};

class Hub;

/// One life of one validator. What outlives it is the disk and the folder.
class Member : public Transport {
public:
    Member(Hub& hub, std::uint32_t index, Disk& disk, const std::filesystem::path& folder, EpochPtr epoch);
    ~Member() override;

    void to_peer(std::uint64_t peer, Lane, const Payload& bytes) override;
    void to_validator(const crypto::Ed25519Public& key, Lane, const Payload& bytes) override;
    void to_everybody(Lane, const Payload& bytes) override;
    void set_validators(const std::vector<crypto::Ed25519Public>&) override {}
    void misbehaved(std::uint64_t, effect::Misdeed) override { ++complaints; }
    void malformed(std::uint64_t, std::string_view) override { ++complaints; }

    Chain chain;
    Silence watched;
    std::atomic<int> complaints = 0;
    std::atomic<bool> has_fault = false;
    std::unique_ptr<Engine> engine;

private:
    Hub& hub_;
    std::uint32_t index_;
    votes::Ed25519Secret secret_;
    std::unique_ptr<PosixStorage> storage_;
};

inline crypto::Ed25519Key key_of(std::uint32_t index) {
    return crypto::Ed25519Key::from_seed({static_cast<std::uint8_t>(index + 1)});
}

class Hub {
public:
    explicit Hub(std::uint32_t validators) : disks_(validators), members_(validators) {
        std::vector<votes::Validator> table;
        for (std::uint32_t i = 0; i < validators; ++i) table.push_back({key_of(i).public_key(), 1});
        epoch_ = std::make_shared<const EpochInfo>(
            EpochInfo{.epoch = 0, .table = votes::ValidatorTable{table}, .seed = {}, .root = {.hash = genesis}});
        for (std::uint32_t i = 0; i < validators; ++i) start(i);
    }
    ~Hub() {
        for (std::uint32_t i = 0; i < members_.size(); ++i) kill(i);
    }

    void start(std::uint32_t i) {
        auto member = std::make_shared<Member>(*this, i, disks_[i], folder_.path() / std::to_string(i), epoch_);
        std::vector<std::uint32_t> others;
        {
            const std::unique_lock lock{mutex_};
            members_[i] = member;
            for (std::uint32_t j = 0; j < members_.size(); ++j)
                if (j != i && members_[j]) others.push_back(j);
        }
        for (const std::uint32_t j : others) {
            member->engine->peer_arrived(j, key_of(j).public_key());
            at(j)->engine->peer_arrived(i, key_of(i).public_key());
        }
    }
    void kill(std::uint32_t i) {
        std::shared_ptr<Member> gone;
        {
            const std::unique_lock lock{mutex_};
            gone = std::move(members_[i]);
            members_[i] = nullptr;
        }
        if (!gone) return;
        for (std::uint32_t j = 0; j < members_.size(); ++j)
            if (const auto other = at(j)) other->engine->peer_gone(i);
        gone->engine->stop();
    }
    std::shared_ptr<Member> at(std::uint32_t i) const {
        const std::shared_lock lock{mutex_};
        return members_[i];
    }
    void deliver(std::uint32_t from, std::uint32_t to, const Payload& bytes) const {
        if (const auto member = at(to)) member->engine->receive(from, *bytes);
    }
    std::uint32_t size() const { return static_cast<std::uint32_t>(members_.size()); }

    static constexpr Hash genesis{{1}};

private:
    tests::TempFolder folder_;
    EpochPtr epoch_;
    std::vector<Disk> disks_;
    // Guards the members: engines' threads look each other up while a test kills one.
    mutable std::shared_mutex mutex_;
    std::vector<std::shared_ptr<Member>> members_;
};

inline EngineConfig quick(std::uint32_t validators) {
    EngineConfig out;
    out.replica.genesis = Hub::genesis;
    out.replica.timers = {.leader_ms = 400, .advance_ms = 800, .retry_ms = 200, .idle_ms = 300, .interval_ms = 5};
    out.replica.guard_ms = validators == 1 ? 0 : 200;
    return out;
}

inline Member::Member(Hub& hub, std::uint32_t index, Disk& disk, const std::filesystem::path& folder, EpochPtr epoch)
    : chain(disk, std::move(epoch)),
      hub_(hub),
      index_(index),
      secret_(key_of(index)),
      storage_(PosixStorage::open(folder).value()) {
    engine = std::make_unique<Engine>(quick(hub.size()), EnginePorts{.application = chain,
                                                                     .transport = *this,
                                                                     .observer = watched,
                                                                     .secret = &secret_,
                                                                     .storage = storage_.get()});
    chain.fetch = [this](const Hash& hash) -> Payload {
        for (std::uint32_t i = 0; i < hub_.size(); ++i)
            if (const auto member = i == index_ ? nullptr : hub_.at(i))
                if (const auto block = member->chain.block(hash)) return block;
        return nullptr;
    };
    chain.forward = [this](const crypto::Ed25519Public& leader, std::uint32_t work) {
        for (std::uint32_t i = 0; i < hub_.size(); ++i) {
            const auto member = hub_.at(i);
            if (!member || key_of(i).public_key() != leader) continue;
            member->chain.work += work;
            member->engine->wake();
        }
    };
    const auto started = engine->start([this](const chain::Fault&) { has_fault = true; });
    chain::check(started.has_value());
}

inline Member::~Member() { engine->stop(); }

inline void Member::to_peer(std::uint64_t peer, Lane, const Payload& bytes) {
    hub_.deliver(index_, static_cast<std::uint32_t>(peer), bytes);
}
inline void Member::to_validator(const crypto::Ed25519Public& key, Lane, const Payload& bytes) {
    for (std::uint32_t i = 0; i < hub_.size(); ++i)
        if (key_of(i).public_key() == key) hub_.deliver(index_, i, bytes);
}
inline void Member::to_everybody(Lane, const Payload& bytes) {
    for (std::uint32_t i = 0; i < hub_.size(); ++i)
        if (i != index_) hub_.deliver(index_, i, bytes);
}

}  // namespace toy
