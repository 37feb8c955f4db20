#pragma once
// The light application of one node: blocks that name their parent and say how their checks and execution end. It costs
// next to nothing, so agreement alone can live years in an hour.

#include "tests/simulation/application.hpp"
#include "tests/simulation/checker.hpp"
#include "tests/simulation/fast_hash.hpp"
#include "tests/simulation/light_block.hpp"
#include "tests/simulation/random.hpp"

#include <functional>
#include <set>
#include <unordered_map>

namespace simulation {

/// Every block that anybody ever made. Nodes look here what a hash means; whether they have the block is their own
/// matter.
class BlockRegistry {
public:
    struct Entry {
        LightBlock block;
        Payload payload;
    };

    /// Who votes in an epoch.
    using Tables = std::function<const votes::ValidatorTable&(std::uint64_t epoch)>;

    BlockRegistry(Checker& checker, std::uint32_t epoch_length, Tables tables)
        : checker_(&checker), epoch_length_(epoch_length), tables_(std::move(tables)) {}

    std::uint32_t epoch_length() const { return epoch_length_; }
    const votes::ValidatorTable& table(std::uint64_t epoch) const { return tables_(epoch); }

    chain::Hash add(LightBlock block, std::uint32_t maker);
    /// Null for a hash that nobody made.
    const Entry* find(const chain::Hash& hash) const;
    /// The entry of a payload that came with this hash; null where it is not the block of this hash.
    const Entry* read(const chain::Hash& hash, const Payload& payload);

private:
    Checker* checker_;
    std::uint32_t epoch_length_;
    Tables tables_;
    std::unordered_map<chain::Hash, Entry, ByHash> entries_;
};

class LightApplication : public Application, private block_sync::Source {
public:
    struct Options {
        bool always_has_work = false;
        /// Makes blocks that lie, and finds every block good.
        bool is_liar = false;
        /// Whose blocks these are.
        std::uint32_t validator = 0;
    };

    LightApplication(BlockRegistry& registry, chain::Hash genesis, Options options, Random random);

    Built propose(const consensus::Position& position, const Tip& parent, bool must_be_empty,
                  std::uint64_t wall_ms) override;
    consensus::event::BlockChecked check(const consensus::Position& position, const Tip& parent,
                                         const chain::Hash& hash, const Payload& payload,
                                         std::uint64_t wall_ms) override;
    Executed execute(const chain::Hash& hash, const chain::Hash& parent) override;
    bool is_executed(const chain::Hash& hash) const override;
    bool has(const chain::Hash& hash) const override { return held_.contains(hash) || is_final_block(hash); }
    void keep(const chain::Hash& hash, const Payload&) override { held_.insert(hash); }
    Payload payload(const chain::Hash& hash) const override;

    std::vector<chain::Hash> path_to(const chain::Hash& hash) const override;
    bool finalize(const chain::Hash& hash, const consensus::CertificatePtr& certificate) override;
    void apply(const block_sync::Proved& proved) override;
    block_sync::Local local() const override;
    const block_sync::Source& served() const override { return *this; }
    consensus::FinalBlock last_final() override;
    consensus::CertificatePtr boundary(std::uint64_t epoch) override;
    std::uint32_t final_number() const override { return static_cast<std::uint32_t>(final_.size() - 1); }
    chain::Hash final_hash() const override { return final_.back(); }
    std::optional<chain::Hash> final_at(std::uint32_t number) const override;
    std::uint32_t number_of(const chain::Hash& hash) const override;
    /// Its hash says everything.
    chain::Hash state_root(const chain::Hash& hash) const override { return hash; }

    void set_best(const chain::Hash& hash) override { best_ = hash; }
    bool submit(std::uint64_t transaction) override;
    std::vector<std::uint64_t> pending() const override;
    bool has_work() const override;
    bool is_final(std::uint64_t transaction) const override { return final_transactions_.contains(transaction); }
    std::optional<std::pair<chain::Hash, Payload>> variant(const Payload& block) override;
    std::optional<std::pair<chain::Hash, Payload>> child_of(const chain::Hash& parent,
                                                            const consensus::Position& position) override;
    void crash() override;

private:
    // block_sync::Source: the final chain.
    std::uint32_t finalized() const override { return final_number(); }
    std::optional<chain::Bytes> block(std::uint32_t number) const override;
    std::optional<chain::Header> header(std::uint32_t number) const override;
    chain::Bytes certificate(std::uint32_t number) const override;

    void make_final(const chain::Hash& hash);
    void note_certificate(consensus::CertificatePtr certificate);
    consensus::CertificatePtr certificate_of(std::uint64_t number) const;
    bool is_final_block(const chain::Hash& hash) const;
    /// Transactions of the blocks above the final one, up to this one.
    std::set<std::uint64_t> taken(const chain::Hash& tip) const;

    BlockRegistry* registry_;
    Options options_;
    Random random_;
    std::set<chain::Hash> held_;                           // above the last final block
    std::set<chain::Hash> executed_;                       // of these
    std::vector<chain::Hash> final_;                       // by number
    std::vector<consensus::CertificatePtr> certificates_;  // by number; null where a later one made it final
    chain::Hash best_;
    std::set<std::uint64_t> pending_;
    std::set<std::uint64_t> final_transactions_;
    std::uint64_t built_ = 0;
};

}  // namespace simulation
