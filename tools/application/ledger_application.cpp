#include "tools/application/ledger_application.hpp"

#include "chain/base/check.hpp"
#include "chain/base/log.hpp"
#include "chain/block/digest.hpp"
#include "chain/clock/clock.hpp"
#include "runtime/pallets/timestamp/timestamp.hpp"
#include "runtime/pallets/validators/validators.hpp"
#include "tools/application/bad_block.hpp"

namespace node {
namespace {

constexpr chain::log::Channel chain_log{"chain"};

/// The first extrinsic is the chain's own.
bool is_empty(const chain::Block& block) { return block.extrinsics.size() <= 1; }

chain::ConsensusDigest digest_of(const consensus::Position& p, const crypto::VrfResult& vrf) {
    return {.epoch = p.epoch,
            .view = p.view,
            .parent_view = p.parent_view,
            .proposer = p.proposer,
            .vrf_output = vrf.output,
            .vrf_proof = vrf.proof};
}

bool stands_at(const chain::Digest& digest, const consensus::Position& p) {
    const auto place = chain::consensus_digest(digest);
    return place && place->epoch == p.epoch && place->view == p.view && place->parent_view == p.parent_view &&
           place->proposer == p.proposer;
}

consensus::CertificatePtr decode_certificate(const std::optional<chain::Bytes>& bytes) {
    if (!bytes) return nullptr;
    auto certificate = scale::decode<votes::Certificate>(*bytes);
    chain::check(certificate.has_value());  // we wrote it
    return std::make_shared<const votes::Certificate>(*std::move(certificate));
}

consensus::event::Verdict verdict_of(ledger::Checked::Verdict verdict) {
    using enum ledger::Checked::Verdict;
    switch (verdict) {
        case Good: return consensus::event::Verdict::Good;
        case Bad: return consensus::event::Verdict::Bad;
        case Later: return consensus::event::Verdict::Later;
        case AnotherBlock: return consensus::event::Verdict::AnotherBlock;
        case Lost: return consensus::event::Verdict::Bad;
    }
    std::unreachable();
}

consensus::Checked another_block(std::string why) {
    return {.verdict = consensus::event::Verdict::AnotherBlock, .why = std::move(why)};
}

}  // namespace

consensus::EpochPtr next_epoch_in(const state::StateView& state, const consensus::Tip& root) {
    const auto now = validators::storage.current_epoch.get(state);
    std::vector<votes::Validator> table;
    for (const auto& authority : validators::storage.authorities.get(state))
        table.push_back({crypto::Ed25519Public{authority.consensus_key}, authority.weight});
    if (table.empty()) return nullptr;
    return std::make_shared<const consensus::EpochInfo>(
        consensus::EpochInfo{.epoch = now.index,
                             .table = votes::ValidatorTable{std::move(table)},
                             .seed = now.seed,
                             .root = {.hash = root.hash, .number = now.root, .epoch = now.index, .view = 0},
                             .length = validators::storage.epoch_length.get(state)});
}

LedgerApplication::LedgerApplication(ledger::Ledger& ledger, std::optional<crypto::VrfKey> vrf, Hooks hooks)
    : ledger_(ledger), vrf_(std::move(vrf)), hooks_(std::move(hooks)) {}

consensus::FinalBlock LedgerApplication::finalized() {
    const auto head = ledger_.finalized();
    if (head.number == 0) return {.tip = {.hash = head.hash}, .certificate = nullptr};
    auto certificate = decode_certificate(ledger_.certificate(head.hash));
    chain::check(certificate != nullptr && certificate->statement.block == head.hash);
    return {.tip = {head.hash, head.number, certificate->statement.epoch, certificate->statement.view},
            .certificate = std::move(certificate)};
}

consensus::EpochPtr LedgerApplication::epoch(std::uint64_t epoch) {
    {
        const std::lock_guard lock{mutex_};
        if (const auto at = epochs_.find(epoch); at != epochs_.end()) return at->second;
    }
    auto found = read_epoch(epoch);
    if (!found) return nullptr;
    const std::lock_guard lock{mutex_};
    if (epochs_.size() >= epochs_kept) epochs_.erase(epochs_.begin());
    return epochs_.try_emplace(epoch, std::move(found)).first->second;
}

consensus::EpochPtr LedgerApplication::read_epoch(std::uint64_t epoch) const {
    const auto head = ledger_.finalized();
    const auto state = ledger_.state_at(head.hash);
    if (!state) return nullptr;
    const auto now = validators::storage.current_epoch.get(*state);
    if (epoch > now.index) return nullptr;
    // Lengths do not change: the block that an earlier epoch began on is so many blocks further down.
    const std::uint64_t length = validators::storage.epoch_length.get(*state);
    const std::uint64_t down = (now.index - epoch) * length;
    if (down > now.root) return nullptr;
    const auto root = ledger_.hash_of(static_cast<std::uint32_t>(now.root - down));
    const auto before = root ? ledger_.state_at(*root) : nullptr;
    return before ? next_epoch_in(*before, {.hash = *root}) : nullptr;
}

consensus::CertificatePtr LedgerApplication::boundary(std::uint64_t epoch) {
    const auto state = ledger_.state_at(ledger_.finalized().hash);
    if (!state) return nullptr;
    const auto now = validators::storage.current_epoch.get(*state);
    const std::uint64_t length = validators::storage.epoch_length.get(*state);
    if (epoch >= now.index) return nullptr;
    // Lengths do not change: an epoch's last block is the one that the next epoch begins on.
    const std::uint64_t number = now.root - (now.index - epoch - 1) * length;
    const auto hash = ledger_.hash_of(static_cast<std::uint32_t>(number));
    return hash ? decode_certificate(ledger_.certificate(*hash)) : nullptr;
}

void LedgerApplication::recovered(const votes::Statement&, const consensus::Payload& payload) {
    if (auto block = scale::decode<chain::Block>(*payload)) ledger_.keep(*std::move(block));
}

consensus::Result<consensus::Proposed> LedgerApplication::propose(const consensus::Position& position,
                                                                  const consensus::Tip& parent, bool must_be_empty) {
    if (!vrf_) return chain::fault("this node has no VRF key to propose with");
    const auto info = epoch(position.epoch);
    if (!info) return chain::fault("this node does not know the epoch that it is to propose in");
    const auto vrf = vrf_->prove(chain::vrf_input(info->seed, position.epoch, position.view));
    TRY(auto built, ledger_.build(parent.hash, chain::to_digest(digest_of(position, vrf)),
                                  must_be_empty ? ledger::Content::NoTransactions : ledger::Content::FromPool));
    return consensus::Proposed{.block = built.hash,
                               .is_empty = is_empty(built.block),
                               .payload = std::make_shared<const chain::Bytes>(scale::encode(built.block))};
}

consensus::Checked LedgerApplication::check(const consensus::Position& position, const consensus::Tip& parent,
                                            const chain::Hash& hash, const consensus::Payload& payload) {
    auto block = scale::decode<chain::Block>(*payload);
    if (!block) return another_block("it is no block: " + std::string{scale::text(block.error())});
    if (chain::hash_of(block->header) != hash) return another_block("its header has another hash");
    const bool empty = is_empty(*block);
    const bool stands_well = block->header.parent_hash == parent.hash && stands_at(block->header.digest, position);
    auto checked = ledger_.check(*std::move(block));
    if (checked.verdict == ledger::Checked::Verdict::AnotherBlock) return another_block(std::move(checked.why));
    if (!stands_well)
        return {.verdict = consensus::event::Verdict::Bad,
                .is_empty = empty,
                .why = "its header names another parent, view or proposer than the proposal"};
    return {.verdict = verdict_of(checked.verdict),
            .is_empty = empty,
            .due_in_ms = checked.due_in_ms,
            .why = std::move(checked.why),
            .is_lost = checked.verdict == ledger::Checked::Verdict::Lost};
}

consensus::Result<consensus::Executed> LedgerApplication::execute(const chain::Hash& hash, const consensus::Tip&) {
    TRY(auto ran, ledger_.execute(hash));
    if (ran.is_lost) return consensus::Executed{.is_lost = true, .why = std::move(ran.why)};
    const auto block = ledger_.find(hash);
    if (!ran.is_good) chain_log.error("block {} is bad: {}", chain::to_hex(hash), ran.why);
    return consensus::Executed{
        .is_good = ran.is_good, .is_empty = block && is_empty(*block), .why = std::move(ran.why)};
}

consensus::Payload LedgerApplication::block(const chain::Hash& hash) {
    const auto found = ledger_.find(hash);
    return found ? std::make_shared<const chain::Bytes>(scale::encode(*found)) : nullptr;
}

consensus::Result<std::optional<std::uint32_t>> LedgerApplication::finalize(
    const chain::Hash& hash, const consensus::CertificatePtr& certificate) {
    const auto finalized = ledger_.finalize(hash, scale::encode(*certificate));
    if (!finalized) {
        const std::string where = bad_final(hash);
        return std::unexpected{
            chain::Fault{finalized.error().text + (where.empty() ? "" : ". What is known of it is in " + where)}};
    }
    if (*finalized == ledger::Finality::Done) {
        const auto header = ledger_.header(hash);
        chain::check(header.has_value());
        return std::optional{header->number.value};
    }
    if (hooks_.blocks_missing) hooks_.blocks_missing(hash, certificate);
    return std::optional<std::uint32_t>{};
}

consensus::Result<void> LedgerApplication::keep(const consensus::CertificatePtr& certificate) {
    if (hooks_.proofs == nullptr) return {};
    const auto state = ledger_.state_at(ledger_.finalized().hash);
    std::uint64_t chain_ms = state ? timestamp::storage.now.get(*state) : 0;
    // Before the first block the chain has no time.
    if (chain_ms == 0) chain_ms = chain::unix_ms();
    if (proofs_until_sweep_-- == 0) {
        proofs_until_sweep_ = proofs_per_sweep;
        TRY_VOID(hooks_.proofs->forget_before(chain_ms - std::min(chain_ms, evidence_ms), 2 * proofs_per_sweep));
    }
    const votes::Statement& said = certificate->statement;
    return hooks_.proofs->keep({said.epoch, said.view, static_cast<std::uint8_t>(said.kind)},
                               scale::encode(*certificate), chain_ms);
}

consensus::Result<void> LedgerApplication::sync_kept() {
    return hooks_.proofs == nullptr ? consensus::Result<void>{} : hooks_.proofs->sync();
}

/// Of the block and those below it that are not final here, the first one that is bad.
std::string LedgerApplication::bad_final(const chain::Hash& hash) {
    if (hooks_.bad_blocks.empty()) return {};
    const auto last = ledger_.finalized();
    std::vector<chain::Hash> path;
    for (auto at = ledger_.find(hash); at && at->header.number.value > last.number;
         at = ledger_.find(at->header.parent_hash))
        path.push_back(chain::hash_of(at->header));
    for (auto at = path.rbegin(); at != path.rend(); ++at) {
        const auto ran = ledger_.execute(*at);
        if (!ran || ran->is_good || ran->is_lost) continue;
        const auto written =
            write_bad_block(hooks_.bad_blocks, {*ledger_.find(*at), ran->why, ran->computed_root, ledger_.finalized()});
        if (written) return written->string();
        chain_log.error("what is known of bad block {} is not written down: {}", chain::to_hex(*at),
                        written.error().text);
    }
    return {};
}

void LedgerApplication::certified(const consensus::Tip& tip) { ledger_.certify(tip.hash); }

void LedgerApplication::forward_work(const crypto::Ed25519Public& leader) {
    if (hooks_.forward_work) hooks_.forward_work(leader);
}

}  // namespace node
